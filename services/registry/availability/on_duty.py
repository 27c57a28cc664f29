"""Who is on duty in a unit at an instant; where nobody answers for it, who does instead: a neighbouring grid, else the
community, else what is above.

The reach is that of the unit asked for. Who stands in is named whether or not the caller's part of the tree holds them:
whoever is alone in a grid must know whom to call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import shapely.geometry
import sqlalchemy as sa

from services.registry.availability.leave import Leave
from services.registry.availability.presence import Presence, answering, nobody_because, presence
from services.registry.availability.shift import Shift
from services.registry.availability.store import Leaves, Shifts
from services.registry.availability.table import leave, shifts
from services.registry.errors import UNIT_NOT_FOUND
from services.registry.posts.post import Post
from services.registry.posts.store import Posts
from services.registry.posts.table import posts
from services.registry.units.kinds import Kind
from services.registry.units.reading import TreeReader
from services.registry.units.store import exists_on
from services.registry.units.table import units
from services.registry.units.unit import Unit, UnitState
from shared.auth.principal import Principal
from shared.clock import LOCAL, local_day
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope, unscoped

_WHY = "whoever asks for a unit of theirs is told who is there, or stands in"


@dataclass(frozen=True, slots=True)
class Fallback:
    """Who stands in: `unit` is a neighbour, or lies above; `why` nobody is there (`no_post`, `leave`, `off_shift`)."""

    unit: UnitState
    how: Literal["neighbour", "above"]
    why: str
    present: Sequence[Presence]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """All posts of the unit at the instant. `fallback` is None where somebody answers for it, or nobody at all."""

    unit: UnitState
    at: datetime
    posts: Sequence[Presence]
    fallback: Fallback | None

    @property
    def answered(self) -> bool:
        return bool(answering(self.unit.kind, self.posts))


class OnDutyReader:
    """At `at` (UTC), by the tree of its day; what is to come goes by the tree of today."""

    def __init__(self, uow: UnitOfWork, caller: Principal, at: datetime) -> None:
        self._connection, self._caller, self._at = uow.connection, caller, at.astimezone(LOCAL)
        self._day = local_day(at)
        self._tree = TreeReader(uow, min(self._day, local_day(uow.now)))

    async def of(self, code: str) -> OnDuty:
        """Raises NotFound for a unit that was not there, or is not the caller's."""
        line = await self._tree.ancestors(code)
        rows = self._tree.rows.c
        reached = Scope(units, self._caller).covers(rows.code)
        if await self._connection.scalar(sa.select(rows.code).where(rows.code == code, reached)) is None:
            raise UNIT_NOT_FOUND()
        unit = line[0].state
        present = (await self._present([code]))[code]
        if answering(unit.kind, present):
            return OnDuty(unit, self._at, present, None)
        why = nobody_because(unit.kind, present)
        fallback = await self._neighbour(unit, why) or await self._above(line[1:], why)
        return OnDuty(unit, self._at, present, fallback)

    async def _neighbour(self, unit: UnitState, why: str) -> Fallback | None:
        if unit.kind is not Kind.GRID or unit.parent is None:
            return None
        neighbours = neighbours_of(unit.code, [below.state for below in await self._tree.below(unit.parent)])
        present = await self._present([other.code for other in neighbours])
        for other in neighbours:
            if there := answering(other.kind, present[other.code]):
                return Fallback(other, "neighbour", why, there)
        return None

    async def _above(self, line: Sequence[Unit], why: str) -> Fallback | None:
        present = await self._present([above.state.code for above in line])
        for above in line:
            if there := answering(above.state.kind, present[above.state.code]):
                return Fallback(above.state, "above", why, there)
        return None

    async def _present(self, codes: Sequence[str]) -> Mapping[str, list[Presence]]:
        """By unit, its posts at the instant."""
        held = unscoped(posts, *Posts.codec.columns, why=_WHY).where(
            posts.c.unit.in_(codes), exists_on(posts, self._day), posts.c.premises_id.is_(None)
        )
        rows = await self._connection.execute(held.order_by(posts.c.role, posts.c.valid_from, posts.c.id))
        found = [Posts.codec.of_values(row) for row in rows]
        planned = await self._shifts(codes)
        away = await self._leave(found)
        by_unit: dict[str, list[Presence]] = {code: [] for code in codes}
        for post in found:
            by_unit[post.unit].append(presence(post, planned, away, self._at))
        return by_unit

    async def _shifts(self, codes: Sequence[str]) -> list[Shift]:
        before = self._day - timedelta(days=1)  # a night shift of yesterday may still run
        holds = (shifts.c.valid_from <= self._day) & (shifts.c.valid_to.is_(None) | (shifts.c.valid_to > before))
        query = unscoped(shifts, *Shifts.codec.columns, why=_WHY).where(shifts.c.unit.in_(codes), holds)
        return [Shifts.codec.of_values(row) for row in await self._connection.execute(query)]

    async def _leave(self, held: Sequence[Post]) -> list[Leave]:
        runs = (leave.c.starts_at <= self._at) & (leave.c.ends_at > self._at)
        query = unscoped(leave, *Leaves.codec.columns, why=_WHY)
        query = query.where(leave.c.person.in_({post.person for post in held}), runs)
        return [Leaves.codec.of_values(row) for row in await self._connection.execute(query)]


def neighbours_of(code: str, siblings: Sequence[UnitState]) -> list[UnitState]:
    """The grids of the same community, those with the longest common border first; without boundaries by code."""
    own = next((unit.boundary for unit in siblings if unit.code == code), None)
    shape = None if own is None else shapely.geometry.shape(own)

    def border(unit: UnitState) -> float:
        if shape is None or unit.boundary is None:
            return 0.0
        return float(shape.intersection(shapely.geometry.shape(unit.boundary)).length)

    others = [unit for unit in siblings if unit.code != code and unit.kind is Kind.GRID]
    return sorted(others, key=lambda unit: (-border(unit), unit.code))
