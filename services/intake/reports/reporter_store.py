"""Reporters between the API and the database: sealed with their submission, read masked, unreadable without the key."""

import json
from uuid import UUID

from services.intake.errors import REPORTER_DAMAGED, REPORTER_KEY_MISSING
from services.intake.reports.metrics import ReportMetrics
from services.intake.reports.reporter import Reporter
from shared.field_cipher import FieldCipher, KeyMissing, Unreadable
from shared.origin import Origin
from shared.telemetry import logs

DAMAGED = "reports.reporter_damaged"


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
        """The reporter. Raises Unavailable, counted, where the key is missing or the ciphertext damaged (logged here)."""
        try:
            return Reporter(**json.loads(self._cipher.decrypt(sealed, f"{caller}/{client_key}")))
        except KeyMissing as error:
            self._metrics.unreadable.inc()
            raise REPORTER_KEY_MISSING(key_file=error.key_file) from None
        except Unreadable:
            self._metrics.unreadable.inc()
            self._log.error(DAMAGED, report_id=str(report_id))
            raise REPORTER_DAMAGED() from None
