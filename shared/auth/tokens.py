"""Bearer tokens: JWT access tokens (RFC 9068) signed with Ed25519, issued and verified by the platform itself.

A cluster may put another `TokenVerifier` here that trusts an identity provider. Verification takes nothing from the
token but its claims: algorithm and keys are ours, and headers that name keys elsewhere are refused.
"""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NoReturn, Protocol
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError

from shared.auth.keys import KeyDirectory, SigningKeys, signing, verifying
from shared.auth.principal import Principal, Role
from shared.clock import Clock
from shared.errors import Unauthenticated
from shared.ids import new_id

ISSUER: Final = "gridgov"
AUDIENCE: Final = "gridgov"
ALGORITHM: Final = "Ed25519"
TYPE: Final = "at+jwt"
LARGEST: Final = 8 * 1024
LEEWAY_SECONDS: Final = 30
CACHED: Final = 10_000
_ROLES: Final = {role.value: role for role in Role}
_HEADERS: Final = frozenset({"alg", "typ", "kid"})


class TokenVerifier(Protocol):
    """Tells who a bearer token speaks for."""

    async def verify(self, token: str) -> Principal:
        """The principal of a valid `token`; raises Unauthenticated for any other."""
        ...


class TokenSigner:
    """Issues tokens with the newest key under the directory `keys`, which it only reads."""

    def __init__(self, keys: Path, clock: Clock, *, issuer: str = ISSUER, audience: str = AUDIENCE) -> None:
        self._signing = KeyDirectory(signing(keys))
        self._clock = clock
        self._issuer, self._audience = issuer, audience

    def issue(
        self,
        subject: str,
        role: Role,
        *,
        unit: str | None = None,
        device: str | None = None,
        session: UUID | None = None,
        premises: UUID | None = None,
        lifetime: timedelta = timedelta(hours=12),
    ) -> str:
        """A token for `subject` in `role` at `unit` (a code) or of `premises`, valid from now for `lifetime`; with
        `session` no longer than that goes on."""
        now = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "iat": now,
            "nbf": now,
            "exp": now + int(lifetime.total_seconds()),
            "jti": str(new_id()),
            "role": role.value,
        }
        if unit is not None:
            claims["unit"] = unit
        if device is not None:
            claims["device"] = device
        if session is not None:
            claims["sid"] = str(session)
        if premises is not None:
            claims["premises"] = str(premises)
        key_id, key = self._signing.newest()
        return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": key_id}, claims, key, algorithms=[ALGORITHM])


class LocalIssuer(TokenSigner):
    """A signer that keeps the keys: it makes one where there is none."""

    def __init__(self, keys: Path, clock: Clock, *, issuer: str = ISSUER, audience: str = AUDIENCE) -> None:
        SigningKeys(keys)
        super().__init__(keys, clock, issuer=issuer, audience=audience)


class LocalVerifier:
    """Verifies what a `LocalIssuer` on the same directory issued, with the public parts of its keys alone. A token
    verified once is looked up from then on."""

    def __init__(self, keys: Path, clock: Clock, *, issuer: str = ISSUER, audience: str = AUDIENCE) -> None:
        self._keys = KeyDirectory(verifying(keys))
        self._clock = clock
        self._issuer, self._audience = issuer, audience
        self._verified: dict[str, tuple[str, float, float, Principal]] = {}

    async def verify(self, token: str) -> Principal:
        now = self._clock.now().timestamp()
        known = self._verified.get(token)
        if known is not None:
            key_id, not_before, expires, principal = known
            # Looked at each time: a clock may be set back as well as run out, and a key taken away.
            if not_before - LEEWAY_SECONDS <= now < expires + LEEWAY_SECONDS and self._keys.get(key_id) is not None:
                return principal
            del self._verified[token]
        key_id, claims = self._claims(token)
        principal = self._principal(claims, now)
        if len(self._verified) >= CACHED:
            del self._verified[next(iter(self._verified))]  # the oldest; a fuller look would cost more than it saves
        self._verified[token] = (key_id, claims["nbf"], claims["exp"], principal)
        return principal

    def _claims(self, token: str) -> tuple[str, dict[str, Any]]:
        """Which of our keys signed a token, and its claims."""
        if len(token) > LARGEST:
            _refuse()
        try:
            encoded = token.partition(".")[0]
            header = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
            # A closed set of headers leaves no room for jku, jwk, x5u, x5c, crit or zip.
            if not isinstance(header, dict) or set(header) != _HEADERS:
                _refuse()
            if header["alg"] != ALGORITHM or header["typ"] != TYPE or not isinstance(header["kid"], str):
                _refuse()
            key = self._keys.get(header["kid"])
            if key is None:
                _refuse()
            return header["kid"], jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, RecursionError):
            _refuse()

    def _principal(self, claims: dict[str, Any], now: float) -> Principal:
        if claims.get("iss") != self._issuer or claims.get("aud") not in (self._audience, [self._audience]):
            _refuse()
        if not (_is_instant(claims.get("exp")) and _is_instant(claims.get("nbf")) and _is_instant(claims.get("iat"))):
            _refuse()
        if claims["exp"] + LEEWAY_SECONDS <= now:
            raise Unauthenticated("token_expired", "登录已过期，请重新登录", "the token has expired; sign in again")
        if claims["nbf"] - LEEWAY_SECONDS > now:
            raise Unauthenticated(
                "token_not_yet_valid", "登录凭证尚未生效，请核对时间", "the token is not valid yet; check the clocks"
            )
        subject, unit, device = claims.get("sub"), claims.get("unit"), claims.get("device")
        if not (isinstance(subject, str) and subject and _is_text_or_none(unit) and _is_text_or_none(device)):
            _refuse()
        role = claims.get("role")
        if not isinstance(role, str) or role not in _ROLES:
            _refuse()
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        session, premises = _id(claims.get("sid")), _id(claims.get("premises"))
        return Principal(subject, _ROLES[role], unit, device, session, premises, expires_at)


def _id(value: object) -> UUID | None:
    if value is None:
        return None
    if not isinstance(value, str):
        _refuse()
    try:
        return UUID(value)
    except ValueError:
        _refuse()


def _is_instant(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40


def _is_text_or_none(value: object) -> bool:
    return value is None or (isinstance(value, str) and value != "")


def _refuse() -> NoReturn:
    # One text for all: what exactly was wrong helps a forger more than a caller.
    raise Unauthenticated("token_invalid", "登录凭证无效，请重新登录", "the token is not valid; sign in again")
