"""Summaries of a unit that the caller reaches: the final ones, and of a period that is not over what holds so far.

A period has the units of its last day, whatever became of them since; reach is that of today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from services.registry.errors import UNIT_NOT_FOUND
from services.registry.summary.counting_reading import Counter
from services.registry.summary.numbers import Numbers, line_of, rolled_up
from services.registry.summary.period import Period
from services.registry.summary.store import Summaries
from services.registry.summary.table import summaries
from services.registry.summary.tree_reading import parents_on, tree_on
from services.registry.units.kinds import Kind
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope
from shared.worktime.calendar import Calendar

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
    def __init__(self, uow: UnitOfWork, caller: Principal, calendar: Calendar) -> None:
        self._uow, self._connection, self._calendar = uow, uow.connection, calendar
        self._scope = Scope(units, caller, served=True)

    async def of(self, unit: str, period: Period) -> tuple[Told, list[Told]]:
        """A unit, and each unit right below it. Raises NotFound for one that the caller does not reach."""
        name, below_it = await self._places(unit, period)
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
        await self._places(unit, periods[-1])
        found: list[tuple[Period, Numbers]] = []
        for period in periods:
            final = await self._final([unit], period)
            numbers = final[unit][0] if unit in final else (await self._counted(unit, period)).get(unit, _NONE)
            found.append((period, numbers))
        return found

    async def _places(self, unit: str, period: Period) -> tuple[str, dict[str, str]]:
        """The name of a unit, and those right below it on the period's last day, by code."""
        there = tree_on(self._uow, period.last).c
        called = sa.func.coalesce(there.name, units.c.name).label("name")
        query = self._scope.select(units, called).outerjoin(there.code.table, there.code == units.c.code)
        called_so: str | None = await self._connection.scalar(query.where(units.c.code == unit))
        name = UNIT_NOT_FOUND.unless(called_so, field="unit")
        rows = await self._connection.execute(
            self._scope.select(units, there.code, there.name)
            .join(there.code.table, there.code == units.c.code)
            .where(there.parent == unit, there.kind.not_in(NOT_SUMMED))
            .order_by(there.code)
        )
        return name, {row.code: row.name for row in rows}

    async def _final(self, codes: Sequence[str], period: Period) -> dict[str, tuple[Numbers, datetime]]:
        query = self._scope.select(summaries).where(summaries.c.unit.in_(codes), summaries.c.period == period.name)
        rows = await self._connection.execute(query)
        found = [Summaries.codec.of(row) for row in rows.mappings()]
        return {one.unit: (one.numbers, one.made_at) for one in found}

    async def _counted(self, unit: str, period: Period) -> Mapping[str, Numbers]:
        parents = await parents_on(self._uow, period.last)
        if served := await self._connection.scalar(sa.select(units.c.serves).where(units.c.code == unit)):
            # A department answers for the areas that it serves; it may hang under one of them itself.
            parents |= {**dict.fromkeys(served, unit), unit: None}
        codes = [code for code in parents if unit in line_of(parents, code)]
        return rolled_up(await Counter(self._uow, period, self._calendar, codes).counted(), parents)
