"""Somebody signs in: by user name or phone and password, or by a link that does so once.

The answer to a failure is always the same, and as late, whether the account exists, waits, is locked, or the password
is wrong. A failure is on the trail of the account, once for each that counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registry.accounts.account import Account, fail, sign_in
from services.registry.accounts.metrics import SignInMetrics
from services.registry.accounts.passwords import Passwords, digest, new_secret
from services.registry.accounts.session import STAYS, Device, Session
from services.registry.accounts.store import Accounts, Failures, Links, Sessions
from services.registry.errors import LINK_REFUSED, SIGN_IN_CROWDED, SIGN_IN_REFUSED
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id

CROWD: Final = 50
"""Failures from one address within a quarter of an hour. A whole office may share an address."""


@dataclass(frozen=True, slots=True)
class From:
    """Where a sign-in comes from: kind of device and network address."""

    device: Device
    address: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session with the secret that its browser keeps."""

    account: Account
    session: Session
    secret: str


class SignIn:
    def __init__(self, uow: Callable[[], UnitOfWork], passwords: Passwords, metrics: SignInMetrics) -> None:
        self._uow, self._passwords, self._metrics = uow, passwords, metrics

    async def by_password(self, user: str, password: str, at: From) -> Opened:
        """A session for whoever knows the password. Raises Forbidden."""
        async with self._uow() as uow:
            await self._refuse_crowd(uow, at)
            known = await Accounts.of(uow).named(user.strip().lower())
        # No transaction is held meanwhile: this takes longer than anything else.
        right = await self._passwords.right(known.password if known else None, password)
        async with self._uow() as uow:
            account = (await Accounts.of(uow).load([known.id])).get(known.id) if known else None
            open_ = account is not None and account.open_at(uow.now)
            if account and open_ and right and known and account.password == known.password:
                return await self._open(uow, account, at, "password")
            await Failures(uow).note(at.address)
            if account and open_ and not right:
                Accounts.of(uow).put(fail(account, now=uow.now, address=at.address))
        self._metrics.sign_ins.labels("refused").inc()
        raise SIGN_IN_REFUSED()

    async def by_link(self, code: str, at: From) -> Opened:
        """A session for whoever has a link that was not used yet. Raises Forbidden."""
        async with self._uow() as uow:
            await self._refuse_crowd(uow, at)
            found = await Links(uow).use(digest(code))
            account = (await Accounts.of(uow).load([found])).get(found) if found else None
            if account and account.open_at(uow.now):
                return await self._open(uow, account, at, "link")
            await Failures(uow).note(at.address)
        self._metrics.sign_ins.labels("link_refused").inc()
        raise LINK_REFUSED()

    async def _refuse_crowd(self, uow: UnitOfWork, at: From) -> None:
        if await Failures(uow).count(at.address) >= CROWD:
            self._metrics.sign_ins.labels("crowded").inc()
            raise SIGN_IN_CROWDED(data={"retry_after": 900})

    async def _open(self, uow: UnitOfWork, account: Account, at: From, by: str) -> Opened:
        secret = new_secret()
        session = _session(account.id, at.device, digest(secret), uow.now)
        await Sessions(uow).add(session)
        change = sign_in(account, now=uow.now, device=session.label, by=by, address=at.address)
        Accounts.of(uow).put(change)
        self._metrics.sign_ins.labels(by).inc()
        return Opened(change.after, session, secret)


def _session(account: UUID, device: Device, secret: bytes, now: datetime) -> Session:
    return Session(new_id(), account, device, secret, None, now, now + STAYS[device])
