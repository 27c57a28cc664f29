"""Accounts as rows, and beside them what has no trail of its own: sessions, links, failures by address.

What happens to these is on the trail of the account, which its writers hold locked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.registry.accounts.account import Account
from services.registry.accounts.session import Session
from services.registry.accounts.table import accounts, sessions, sign_in_failures, sign_in_links
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.db.unit_of_work import UnitOfWork

WINDOW: Final = timedelta(minutes=15)
"""Failures from one address are counted from the first one for so long."""


class Accounts(Aggregates[Account]):
    kind = "account"
    codec = RowCodec(Account, accounts)

    async def any(self) -> bool:
        return bool(await self._uow.connection.scalar(sa.select(sa.exists(sa.select(accounts.c.id)))))

    async def named(self, name: str) -> Account | None:
        """The account of a user name or phone, neither of which looks like the other."""
        return next(iter(await self.same(None, name, name)), None)

    async def same(self, person: str | None, user: str, phone: str | None) -> Sequence[Account]:
        """The accounts with one of these, each of which is only one's."""
        columns = {accounts.c.person: person, accounts.c.user: user, accounts.c.phone: phone}
        taken = sa.or_(*(column == value for column, value in columns.items() if value is not None))
        return await self.where(taken)


class Sessions:
    """The sessions that go on. One that ended is no row any more."""

    codec = RowCodec(Session, sessions)

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection, self._now = uow.connection, uow.now

    async def add(self, session: Session) -> None:
        """Store a new session, and forget what is past of the same account."""
        past = (sessions.c.account == session.account) & (sessions.c.until <= self._now)
        await self._connection.execute(sa.delete(sessions).where(past))
        values = self.codec.arrays(self.codec.names, [session])
        await self._connection.execute(sa.insert(sessions), {name: value[0] for name, value in values.items()})

    async def by_secret(self, secret: bytes) -> Session | None:
        return await self._one(sessions.c.secret == secret)

    async def by_id(self, id: UUID) -> Session | None:
        return await self._one(sessions.c.id == id)

    async def of(self, account: UUID) -> Sequence[Session]:
        """The sessions of an account, the newest first."""
        mine = (sessions.c.account == account) & (sessions.c.until > self._now)
        rows = await self._connection.execute(
            sa.select(*self.codec.columns).where(mine).order_by(sessions.c.started_at.desc(), sessions.c.id)
        )
        return [self.codec.of_values(row) for row in rows]

    async def choose(self, session: Session) -> None:
        """Keep the post that was chosen."""
        await self._connection.execute(sa.update(sessions).where(sessions.c.id == session.id).values(post=session.post))

    async def end(self, account: UUID, *, only: UUID | None = None, but: UUID | None = None) -> Sequence[Session]:
        """Take away the sessions of an account: all, `only` one, or all `but` one; those that went on until now."""
        which = sessions.c.account == account
        if only is not None:
            which &= sessions.c.id == only
        if but is not None:
            which &= sessions.c.id != but
        gone = await self._connection.execute(sa.delete(sessions).where(which).returning(*self.codec.columns))
        return [found for found in map(self.codec.of_values, gone) if found.until > self._now]

    async def _one(self, condition: sa.ColumnElement[bool]) -> Session | None:
        found = sa.select(*self.codec.columns).where(condition, sessions.c.until > self._now)
        row = (await self._connection.execute(found)).one_or_none()
        return None if row is None else self.codec.of_values(row)


class Links:
    """Links that sign in once: the SHA-256 of each code, and until when."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection, self._now = uow.connection, uow.now

    async def add(self, secret: bytes, account: UUID, until: datetime) -> None:
        past = (sign_in_links.c.account == account) & (sign_in_links.c.until <= self._now)
        await self._connection.execute(sa.delete(sign_in_links).where(past))
        await self._connection.execute(sa.insert(sign_in_links), {"secret": secret, "account": account, "until": until})

    async def use(self, secret: bytes) -> UUID | None:
        """The account of a link that is good, which it then no longer is. Of two at once one gets it."""
        used = sa.delete(sign_in_links).where(sign_in_links.c.secret == secret)
        row = (await self._connection.execute(used.returning(sign_in_links.c.account, sign_in_links.c.until))).first()
        return row.account if row is not None and row.until > self._now else None

    async def void(self, account: UUID) -> None:
        await self._connection.execute(sa.delete(sign_in_links).where(sign_in_links.c.account == account))


class Failures:
    """Failures to sign in by address, whoever was tried, across all processes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection, self._now = uow.connection, uow.now

    async def count(self, address: str) -> int:
        """How many there were from `address` within the window."""
        recent = (sign_in_failures.c.address == address) & (sign_in_failures.c.since > self._now - WINDOW)
        return await self._connection.scalar(sa.select(sign_in_failures.c.failures).where(recent)) or 0

    async def note(self, address: str) -> None:
        """Count one more; addresses whose window is over are forgotten."""
        begun = self._now - WINDOW
        row = insert(sign_in_failures).values(address=address, failures=1, since=self._now)
        fresh = sign_in_failures.c.since > begun
        counted = row.on_conflict_do_update(
            index_elements=[sign_in_failures.c.address],
            set_={
                "failures": sa.case((fresh, sign_in_failures.c.failures + 1), else_=1),
                "since": sa.case((fresh, sign_in_failures.c.since), else_=self._now),
            },
        )
        await self._connection.execute(counted)
        past = sa.select(sign_in_failures.c.address).where(sign_in_failures.c.since <= begun).limit(100)
        # Who is being counted at this moment is not past; waiting for it could be a deadlock.
        past = past.with_for_update(skip_locked=True)
        await self._connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.address.in_(past)))
