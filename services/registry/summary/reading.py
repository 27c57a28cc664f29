"""Summaries of a unit that the caller reaches: the final ones, and of a period that is not over what holds so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.registry.errors import UNIT_NOT_FOUND
from services.registry.summary.counting_reading import Counter
from services.registry.summary.numbers import Numbers, rolled_up
from services.registry.summary.period import Period
from services.registry.summary.store import Summaries
from services.registry.summary.table import summaries
from services.registry.units.kinds import Kind
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope, below

_NONE: Final = Numbers()
NOT_SUMMED: Final = (Kind.BUILDING, Kind.DOORWAY, Kind.DEPARTMENT)
"""Kinds of units that get no summary of their own: what they have counts for the unit above."""


@dataclass(frozen=True, slots=True)
class Told:
    """Of one unit; `made_at` is None where the period is not over or its summary is not made yet."""

    unit: str
    name: str
    numbers: Numbers
    made_at: datetime | None


class SummaryReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._uow, self._connection = uow, uow.connection
        self._scope = Scope(units, caller, served=True)

    async def of(self, unit: str, period: Period) -> tuple[Told, list[Told]]:
        """A unit, and each unit right below it. Raises NotFound for one that the caller does not reach."""
        name, below_it = await self._places(unit)
        named = {unit: name, **below_it}
        final = await self._final(list(named), period)
        if unit in final:
            # A unit below that has none was not there yet.
            made_at = final[unit][1]
            told = [Told(code, called, *final.get(code, (_NONE, made_at))) for code, called in named.items()]
        else:
            counted = await self._counted(unit, period)
            told = [Told(code, called, counted.get(code, _NONE), None) for code, called in named.items()]
        return told[0], told[1:]

    async def course(self, unit: str, periods: Sequence[Period]) -> list[tuple[Period, Numbers]]:
        """A unit over several periods, the newest last."""
        await self._places(unit)
        found: list[tuple[Period, Numbers]] = []
        for period in periods:
            final = await self._final([unit], period)
            numbers = final[unit][0] if unit in final else (await self._counted(unit, period)).get(unit, _NONE)
            found.append((period, numbers))
        return found

    async def _places(self, unit: str) -> tuple[str, dict[str, str]]:
        """The name of a unit, and those right below it today, by code."""
        query = self._scope_of(units.c.code, units.c.name).where(units.c.code == unit)
        own = (await self._connection.execute(query)).one_or_none()
        if own is None:
            raise UNIT_NOT_FOUND(field="unit")
        today = local_day(self._uow.now)
        query = self._scope_of(units.c.code, units.c.name).where(units.c.parent == unit, exists_on(units, today))
        rows = await self._connection.execute(query.where(units.c.kind.not_in(NOT_SUMMED)).order_by(units.c.code))
        return own.name, {row.code: row.name for row in rows}

    def _scope_of(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        return self._scope.select(units, *columns)

    async def _final(self, codes: Sequence[str], period: Period) -> dict[str, tuple[Numbers, datetime]]:
        query = self._scope.select(summaries).where(summaries.c.unit.in_(codes), summaries.c.period == period.name)
        rows = await self._connection.execute(query)
        found = [Summaries.codec.of(row) for row in rows.mappings()]
        return {one.unit: (one.numbers, one.made_at) for one in found}

    async def _counted(self, unit: str, period: Period) -> Mapping[str, Numbers]:
        codes = below(units, unit, served=True)
        own = await Counter(self._uow, period, codes).counted()
        parents = await parents_of(self._uow)
        if served := await self._connection.scalar(sa.select(units.c.serves).where(units.c.code == unit)):
            # A department answers for the areas that it serves; it may hang under one of them itself.
            parents |= {**dict.fromkeys(served, unit), unit: None}
        return rolled_up(own, parents)


async def parents_of(uow: UnitOfWork) -> dict[str, str | None]:
    """The whole tree as it is now, with what does not exist any more: code → its parent's."""
    rows = await uow.connection.execute(sa.select(units.c.code, units.c.parent))
    return {row.code: row.parent for row in rows}
