"""What registry's endpoints are given: the service as the composition root built it, who may, and the trail of a thing."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Request

from services.registry.schema import tables
from shared.auth.permissions import may, signed_in
from shared.auth.principal import STAFF, Principal, Role
from shared.db.unit_of_work import UnitOfWork
from shared.field_cipher import FieldCipher
from shared.files.public_link import StaffLinks
from shared.http.types import Id
from shared.sheets.columns import Called, Kind
from shared.trail.read import TrailOut, trail_of
from shared.worktime.calendar import Calendar

Holders = Callable[[UnitOfWork, str, date], Awaitable[Sequence[str]]]
"""Finds the ids of the posts that are held in a unit from a local day on: posts are a slice above units."""
Names = Callable[[UnitOfWork, Collection[str]], Awaitable[Mapping[str, str]]]
"""Finds what people are called, by the subject that posts know them by; accounts know, a slice above posts."""
Colleagues = Callable[[UnitOfWork, Principal, Collection[str]], Awaitable[Mapping[str, str]]]
"""Finds the same of those whose work a caller may meet."""
Named = Callable[[Principal, str], sa.Select[str]]
"""Selects the subjects of these whose name contains a text."""

ByName = Callable[[Callable[[], UnitOfWork], Principal, Collection[Kind]], Awaitable[Called]]
"""Finds what a caller's table means by a name, for the kinds of columns that it has: accounts know people, a slice above
units and premises."""

Followed = Callable[[UnitOfWork, Principal, Collection[UUID] | None], Awaitable[None]]
"""Has posts go where their premises (these, None: any) lie now: posts are a slice above premises."""


@dataclass(frozen=True, slots=True)
class Registry:
    """`uow` opens a unit of work. `holders` finds the posts that are held in a unit. `names` says what people are called;
    `colleagues` the same of those whom the caller may meet. `called` finds who of these is called so, `by_name` whom a table
    means. `follow_premises` has posts follow. `calendar` says what working time is. `links` lead to photos that intake keeps;
    `cipher` seals what is known of people."""

    uow: Callable[[], UnitOfWork]
    holders: Holders
    names: Names
    colleagues: Colleagues
    called: Named
    by_name: ByName
    follow_premises: Followed
    calendar: Calendar
    links: StaffLinks
    cipher: FieldCipher

    async def people(self, uow: UnitOfWork, caller: Principal, subjects: Iterable[str | None]) -> Mapping[str, str]:
        """What those who acted are called, by subject: to staff, of those whose work they may meet; to others nobody."""
        if caller.role not in STAFF:
            return {}
        return await self.colleagues(uow, caller, [subject for subject in subjects if subject])

    def who(self, caller: Principal, text: str | None) -> sa.SelectBase | None:
        """Selects whom a filter by person means: by subject, and, for staff, by a part of the name; None: nobody asked."""
        if text is None:
            return None
        subject = sa.select(sa.literal(text))
        return subject.union_all(self.called(caller, text)) if caller.role in STAFF else subject

    async def trail(self, uow: UnitOfWork, caller: Principal, aggregate_id: UUID) -> TrailOut:
        """A trail with the names of who acted. Whether the caller may read it is asked before."""
        told = await trail_of(uow.connection, tables, aggregate_id)
        return told.named(await self.people(uow, caller, (entry.by for entry in told.entries)))


def _registry(request: Request) -> Registry:
    registry: Registry = request.app.state.registry
    return registry


RegistryDep = Annotated[Registry, Depends(_registry)]

Reader = Annotated[Principal, signed_in()]
"""The tree is no secret among those who have signed in."""
Staff = Annotated[Principal, may(*STAFF)]
"""Posts and trails name people: nobody's business outside the staff."""
PlaceReader = Annotated[Principal, may(*STAFF, Role.SAFETY_MANAGER)]
"""What is kept of places is shown to the safety manager of each, too: their own, which the scope sees to."""
Keeper = Annotated[Principal, may(Role.ADMIN, Role.LEADER)]
"""Changes units and posts, within the own part of the tree."""


async def by_name(registry: Registry, caller: Principal, kinds: Collection[Kind]) -> Called:
    """What the names in a caller's table mean."""
    return await registry.by_name(registry.uow, caller, kinds)


class Finds(Protocol):
    """Reads the things of a slice within a caller's part of the tree. `one` raises NotFound."""

    async def one(self, id: UUID, /) -> object: ...


def trail_route(routes: APIRouter, path: str, reader: Callable[[UnitOfWork, Principal], Finds], what: str) -> None:
    """GET {path}/trail of a thing that the caller sees; `path` ends with its id."""

    async def trail(
        id: Annotated[Id, Path(alias=path.rpartition("{")[2].rstrip("}"))], caller: Staff, registry: RegistryDep
    ) -> TrailOut:
        async with registry.uow() as uow:
            await reader(uow, caller).one(id)
            return await registry.trail(uow, caller, id)

    routes.get(f"{path}/trail", description=f"Everything that happened to {what}, hash-chained · 留痕。")(trail)
