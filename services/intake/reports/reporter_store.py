"""Reporters between the API and the database: sealed with their submission, read masked, unreadable without the key."""

import json
from uuid import UUID

from services.intake.errors import REPORTER_DAMAGED, REPORTER_KEY_MISSING
from services.intake.reports.metrics import ReportMetrics
from services.intake.reports.reporter import Reporter
from services.intake.reports.store import Origin
from shared.field_cipher import FieldCipher, KeyMissing, Unreadable
from shared.telemetry import logs

UNREADABLE = "reports.reporter_unreadable"


class ReporterSeal:
    """A reporter is bound to the caller and key of the submission it came with."""

    def __init__(self, cipher: FieldCipher, metrics: ReportMetrics) -> None:
        self._cipher = cipher
        self._metrics = metrics
        self._log = logs.logger("reports", service="intake")

    def seal(self, reporter: Reporter, origin: Origin) -> bytes:
        facts = {"name": reporter.name, "phone": reporter.phone, "anonymous": reporter.anonymous}
        return self._cipher.encrypt(json.dumps(facts, ensure_ascii=False), f"{origin.caller}/{origin.client_key}")

    def opened(self, report_id: UUID, sealed: bytes, caller: str, client_key: str) -> Reporter:
        """The reporter. Raises Unavailable, logged and counted, where the key is missing or the ciphertext damaged."""
        try:
            return Reporter(**json.loads(self._cipher.decrypt(sealed, f"{caller}/{client_key}")))
        except Unreadable as error:
            key_file = error.key_file if isinstance(error, KeyMissing) else None
            self._metrics.unreadable.inc()
            self._log.error(UNREADABLE, report_id=str(report_id), reason=type(error).__name__, key_file=key_file)
            raise (REPORTER_KEY_MISSING(key_file=key_file) if key_file else REPORTER_DAMAGED()) from None
