"""What identifies something that was sent, so that what comes again under the same key is taken once (`Idempotency-Key`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The caller, the caller's own key, and a hash of the body sent under it (`shared.http.json_body.fingerprint`)."""

    caller: str
    client_key: str
    body_hash: bytes
