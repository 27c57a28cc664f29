"""Reading people and their facts through the posts that they hold in the caller's part of the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.registry.composition.composition import Member
from services.registry.composition.facts import Facts
from services.registry.composition.store import unseal
from services.registry.composition.table import person_facts
from services.registry.errors import PERSON_NOT_FOUND, UNIT_NOT_FOUND
from services.registry.posts.table import posts
from services.registry.units.reading import TreeReader
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.keyset import Paged
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Unavailable
from shared.field_cipher import FieldCipher
from shared.units.scope import Scope, below


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the caller's: roles and one unit of theirs, what is known, and its version, None where nothing is;
    `unreadable` says why what is stored cannot be read."""

    person: str
    unit: str
    roles: Sequence[str]
    facts: Facts
    version: int | None
    unreadable: Unavailable | None = None


class PeopleReader:
    """People with posts on `day`, by the tree of that day; today's where it is None."""

    def __init__(self, uow: UnitOfWork, caller: Principal, cipher: FieldCipher, day: date | None) -> None:
        self._connection, self._cipher = uow.connection, cipher
        self._scope = Scope(units, caller)
        self._tree = TreeReader(uow, day)
        self.day = day or local_day(uow.now)

    def find(self, area: str | None) -> Paged[Person]:
        """By person."""
        return Paged(self._connection, self._people(area), (posts.c.person,), self._person)

    async def one(self, person: str) -> Person:
        """Somebody who holds a post now, or did or will, within the caller's part of the tree."""
        rows = await self._connection.execute(
            self._grouped(self._scope.condition(posts)).where(posts.c.person == person)
        )
        return self._person(PERSON_NOT_FOUND.unless(rows.mappings().one_or_none()))

    async def name_of(self, area: str | None) -> str:
        """What the area is called on the day. Raises NotFound for one that was not there, or is not the caller's."""
        if area is None:
            return "全部 all"
        rows = self._tree.rows.c
        query = sa.select(rows.name).where(rows.code == area, self._scope.covers(rows.code))
        name: str | None = await self._connection.scalar(query)
        return UNIT_NOT_FOUND.unless(name, field="area")

    async def members(self, area: str | None) -> list[Member]:
        """Everybody with a post in the area, as the composition counts them."""
        rows = (await self._connection.execute(self._people(area))).mappings()
        return [Member(row["person"], row["roles"], self._facts(row)[0]) for row in rows]

    def _people(self, area: str | None) -> sa.Select[Any]:
        wanted = self._scope.condition(posts) & exists_on(posts, self.day)
        wanted &= posts.c.premises_id.is_(None)  # who keeps a place safe is no staff
        if area is not None:
            wanted &= posts.c.unit.in_(below(self._tree.rows, area))
        return self._grouped(wanted)

    def _grouped(self, wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """One row for each person: `roles` has one for each post."""
        return (
            sa.select(
                posts.c.person,
                sa.func.min(posts.c.unit).label("unit"),
                sa.func.array_agg(posts.c.role).label("roles"),
                person_facts.c.sealed,
                person_facts.c.version,
            )
            .select_from(posts)
            .outerjoin(person_facts, person_facts.c.person == posts.c.person)
            .where(wanted)
            .group_by(posts.c.person, person_facts.c.sealed, person_facts.c.version)
        )

    def _person(self, row: sa.RowMapping) -> Person:
        roles = sorted(set(row["roles"]))
        facts, unreadable = self._facts(row)
        return Person(row["person"], row["unit"], roles, facts, row["version"], unreadable)

    def _facts(self, row: sa.RowMapping) -> tuple[Facts, Unavailable | None]:
        """What cannot be read of one person spoils nothing of the others."""
        if row["sealed"] is None:
            return Facts(), None
        try:
            return unseal(self._cipher, row["person"], row["sealed"]), None
        except Unavailable as error:
            return Facts(), error
