"""Follow codes between the API and the database: drawn by chance, encrypted with their submission, compared in constant
time. They are kept readable, for the key's holder alone, since sending a report again must give the same code again."""

import hmac
import secrets

from services.intake.errors import FOLLOWING_UNAVAILABLE
from services.intake.reports.follow_code import ALPHABET, LENGTH, typed
from shared.field_cipher import FieldCipher, KeyMissing, Unreadable
from shared.origin import Origin
from shared.telemetry import logs

DAMAGED = "reports.follow_code_damaged"


class FollowCodes:
    """A code is bound to the caller and key of the submission it was given for."""

    def __init__(self, cipher: FieldCipher) -> None:
        self._cipher = cipher
        self._log = logs.logger("reports", service="intake")

    def new(self, origin: Origin) -> bytes:
        """A fresh code, sealed."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        return self._cipher.encrypt(code, _context(origin.caller, origin.client_key))

    def opened(self, sealed: bytes, caller: str, client_key: str) -> str:
        """The code. Raises Unavailable where the key is missing or the ciphertext damaged (logged here)."""
        try:
            return self._cipher.decrypt(sealed, _context(caller, client_key))
        except KeyMissing:
            raise FOLLOWING_UNAVAILABLE() from None
        except Unreadable:
            self._log.error(DAMAGED)
            raise FOLLOWING_UNAVAILABLE() from None

    def fits(self, told: str, sealed: bytes | None, caller: str, client_key: str) -> bool:
        """Whether `told` is the code; no report, or one without a code, has none that fits."""
        code = self.opened(sealed, caller, client_key) if sealed is not None else ""
        return hmac.compare_digest(typed(told).encode(), code.encode()) and bool(code)


def _context(caller: str, client_key: str) -> str:
    return f"follow/{caller}/{client_key}"
