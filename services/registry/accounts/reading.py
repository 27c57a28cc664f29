"""Reading accounts within the caller's part of the tree, who holds a post there without one, and a person's posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from services.registry.accounts.account import Account
from services.registry.accounts.lifecycle import State
from services.registry.accounts.session import HeldPost
from services.registry.accounts.store import Accounts
from services.registry.accounts.table import accounts
from services.registry.errors import ACCOUNT_NOT_FOUND
from services.registry.posts.table import posts
from services.registry.premises.table import premises
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Role
from shared.db.filters import Conditions, containing, equal
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.db.unit_of_work import UnitOfWork
from shared.http.pages import PageQuery
from shared.http.types import Code, QueryModel, ShortText
from shared.units.scope import unscoped

_PHONE_END: Final = 4
"""Digits that are taken for the end of a phone's number."""


class AccountFilter(QueryModel):
    """`q`: part of a name, user name, phone or person; `below` includes the units under `unit`."""

    q: ShortText | None = None
    unit: Code | None = None
    below: bool = False
    state: State | None = None


class AccountQuery(PageQuery, AccountFilter):
    """The same, page by page."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person with an account: what they are called and the unit that keeps it, None for an administrator of the whole
    platform."""

    person: str
    name: str
    unit: str | None
    unit_name: str | None


@dataclass(frozen=True, slots=True)
class Without:
    """A person who holds posts and has no account: one of the posts' units, and all the roles."""

    person: str
    unit: str
    roles: Sequence[str]


class AccountReader(ScopedReader[Account]):
    units, store, missing = units, Accounts, ACCOUNT_NOT_FOUND

    async def by_person(self, persons: Sequence[str]) -> dict[str, Account]:
        rows = await self._connection.execute(self._select().where(accounts.c.person.in_(persons)))
        return {row["person"]: self._read(row) for row in rows.mappings()}

    def find(self, wanted: AccountFilter) -> Paged[Account]:
        """By user name."""
        query = self._select().where(*self._conditions(wanted))
        return Paged(self._connection, query, (accounts.c.user,), self._read)

    async def roles(self, persons: Sequence[str], on: date) -> dict[str, list[str]]:
        """The roles that persons hold on a local day in the caller's part of the tree."""
        query = (
            self._scope.select(posts, posts.c.person, sa.func.array_agg(posts.c.role.distinct()).label("roles"))
            .where(posts.c.person.in_(persons), exists_on(posts, on))
            .group_by(posts.c.person)
        )
        return {row.person: row.roles for row in await self._connection.execute(query)}

    async def without(self, on: date) -> Sequence[Without]:
        """Who holds a post in the caller's part of the tree on a local day and has no account yet."""
        has = sa.exists().where(accounts.c.person == posts.c.person)
        query = (
            self._scope.select(
                posts, posts.c.person, sa.func.min(posts.c.unit), sa.func.array_agg(posts.c.role.distinct())
            )
            .where(exists_on(posts, on), ~has)
            .group_by(posts.c.person)
            .order_by(posts.c.person)
        )
        return [Without(*row) for row in await self._connection.execute(query)]

    async def called(self, typed: str, *, limit: int) -> list[Colleague]:
        """Whoever has an account that is kept in the caller's part of the tree, or holds a post there: by a part of the
        name or user name, by what they sign in as, or by the end of the phone. Who is meant exactly comes first."""
        a, here = accounts.c, self._scope.select(posts, posts.c.person)
        found = [name.icontains(typed, autoescape=True) for name in (a.name, a.user)]
        found.append(sa.func.lower(a.person).startswith(typed.lower(), autoescape=True))
        if typed.isdecimal() and len(typed) >= _PHONE_END:
            found.append(a.phone.endswith(typed, autoescape=True))
        query = (
            sa.select(a.person, a.name, a.unit, units.c.name)
            .outerjoin_from(accounts, units, units.c.code == a.unit)
            .where(self._scope.condition(accounts) | a.person.in_(here), sa.or_(*found))
            .order_by(sa.desc(sa.or_(a.name == typed, a.person == typed)), a.name, a.person)
            .limit(limit)
        )
        return [Colleague(*row) for row in await self._connection.execute(query)]

    def _conditions(self, wanted: AccountFilter) -> Conditions:
        rows = accounts.c
        yield from containing(wanted.q, rows.user, rows.name, rows.phone, rows.person)
        if wanted.unit is not None:
            yield self._scope.within(wanted.unit, accounts) if wanted.below else rows.unit == wanted.unit
        yield from equal({rows.state: wanted.state})


async def held_posts(uow: UnitOfWork, account: Account, day: date) -> Sequence[HeldPost]:
    """The posts that the account's person holds on a local day, wherever; the longest held first."""
    columns = (
        posts.c.id, posts.c.role, units.c.id.label("unit_id"), posts.c.unit, units.c.name.label("unit_name"),
        posts.c.premises_id, premises.c.number.label("premises_number"), premises.c.name.label("premises_name"),
    )  # fmt: skip
    query = (
        unscoped(posts, *columns, why="everybody may know their own posts, and who keeps an account what it allows")
        .join(units, units.c.code == posts.c.unit)
        .outerjoin(premises, premises.c.id == posts.c.premises_id)
        .where(posts.c.person == account.person, exists_on(posts, day), exists_on(units, day))
        .order_by(posts.c.valid_from, posts.c.unit, posts.c.id)
    )
    held = [HeldPost(*row) for row in await uow.connection.execute(query)]
    return [HeldPost(account.id, Role.ADMIN.value), *held] if account.administers_all else held
