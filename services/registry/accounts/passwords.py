"""Passwords: argon2id, away from the event loop, and two at once, for each takes a core for a moment.

Checking takes as long when there is no account or no password: the time of an answer tells nothing.
"""

import asyncio
import hashlib
import secrets
from functools import partial
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE: Final = 2


class Passwords:
    def __init__(self) -> None:
        # OWASP's first choice. More memory or lanes would make a morning's sign-ins wait for each other on two cores.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def right(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one of which `stored` is the hash; False where there is none."""
        if self._nobodys is None:
            self._nobodys = await self.hash(secrets.token_urlsafe(16))
        async with self._turn:
            right = await asyncio.to_thread(partial(self._verify, stored or self._nobodys, password))
        return right and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def new_secret() -> str:
    """A secret that nobody guesses: 256 bits, fit for a cookie and a link."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a secret. It is random, so nothing slower than SHA-256 is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
