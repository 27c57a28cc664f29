"""The numbers of a period from the ledgers, by the unit in which each thing lies. Numbers only: who may see them is asked
of the unit that they are told for.

Premises are told as they stood when the period ended; hazards and duties by the instants that they carry.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.duties.duty import RUNNING
from services.registry.duties.kinds import Bearer, Outcome
from services.registry.duties.table import duties, runs
from services.registry.hazards.hazard import Grade
from services.registry.hazards.lifecycle import Action, State
from services.registry.hazards.store import Hazards
from services.registry.hazards.table import hazards
from services.registry.inspections.inspection import Kind
from services.registry.inspections.table import inspections
from services.registry.premises.kinds import Use
from services.registry.premises.past_reading import premises_then
from services.registry.premises.table import premises
from services.registry.schema import tables
from services.registry.summary.numbers import Numbers
from services.registry.summary.period import Period
from shared.clock import LOCAL, end_of, local_day
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import unscoped

_WHY: Final = "numbers of units, told only to who reaches the unit"


class Counter:
    """Counts one period. `codes` selects the units whose things are counted; None: all."""

    def __init__(self, uow: UnitOfWork, period: Period, codes: sa.Select[Any] | None = None) -> None:
        self._connection, self._now, self._codes = uow.connection, uow.now, codes
        self._since = datetime.combine(period.first, time(), LOCAL)
        self._until = end_of(period.last)
        self._over = period.last < local_day(uow.now)
        self._found: dict[str, dict[str, Any]] = defaultdict(lambda: {"by_category": {}})

    async def counted(self) -> Mapping[str, Numbers]:
        """By unit, of the units that have anything."""
        await self._premises()
        await self._inspections()
        await self._hazards()
        await self._transferred()
        await self._duties()
        return {unit: Numbers(**found) for unit, found in self._found.items()}

    async def _premises(self) -> None:
        rows = premises_then(self._until) if self._over else premises
        made = inspections.c
        inspected = sa.exists().where(
            made.premises_id == premises.c.id, made.kind != Kind.SELF.value, self._within(made.made_at)
        )
        count = sa.func.count()
        query = unscoped(
            premises, rows.c.unit, rows.c.category, count.label("files"),
            count.filter(rows.c.key_unit).label("key_units"), count.filter(inspected).label("inspected"), why=_WHY,
        ).where(rows.c.use != Use.CLOSED.value, self._there(rows.c.unit))  # fmt: skip
        if self._over:
            query = query.join(rows, sa.true())
        for row in await self._connection.execute(query.group_by(rows.c.unit, rows.c.category)):
            found = self._found[row.unit]
            found["by_category"][row.category] = row.files
            found["key_units"] = found.get("key_units", 0) + row.key_units
            found["inspected"] = found.get("inspected", 0) + row.inspected

    async def _inspections(self) -> None:
        made = inspections.c
        await self._add(
            unscoped(inspections, made.unit, sa.func.count().label("inspections"), why=_WHY)
            .where(made.kind != Kind.SELF.value, self._within(made.made_at), self._there(made.unit))
            .group_by(made.unit)
        )

    async def _hazards(self) -> None:
        of, count = hazards.c, sa.func.count()
        found = self._within(of.found_at)
        # Submitted as put right: the limit ended, before its time or after it.
        late = of.rectify_ended_at.is_(None) | (of.rectify_ended_at > of.rectify_due_at)
        counts = {
            "found": found,
            "major": found & (of.grade == Grade.MAJOR.value),
            "on_spot": found & (of.state == State.FIXED_ON_SPOT.value),
            "fixed": self._within(of.closed_at),
            "overdue": self._within(of.rectify_due_at) & (of.rectify_due_at <= self._now) & late,
        }
        columns = [count.filter(condition).label(name) for name, condition in counts.items()]
        any_of = sa.or_(found, counts["fixed"], counts["overdue"])
        await self._add(
            unscoped(hazards, of.unit, *columns, why=_WHY).where(any_of, self._there(of.unit)).group_by(of.unit)
        )

    async def _transferred(self) -> None:
        """When a hazard was handed over says its trail."""
        of, trail = hazards.c, tables.trail
        body = sa.cast(trail.c.body, JSONB)
        at = sa.cast(body["at"].astext, sa.DateTime(timezone=True))
        handed = (trail.c.aggregate_id == of.id) & (trail.c.kind == Hazards.kind)
        await self._add(
            unscoped(hazards, of.unit, sa.func.count().label("transferred"), why=_WHY)
            .join(trail, handed & (body["action"].astext == Action.TRANSFER.value) & self._within(at))
            .where(of.transferred_to.is_not(None), self._there(of.unit))
            .group_by(of.unit)
        )

    async def _duties(self) -> None:
        """Those that units owe: what premises owe themselves, their patrols above all, would drown these. A run that is
        still open and overdue counts as due, and not as kept."""
        over = unscoped(runs, runs.c.unit, runs.c.outcome, why=_WHY)
        own = runs.c.bearer == Bearer.UNIT.value
        over = over.where(
            own, self._due(runs.c.due_at), runs.c.outcome != Outcome.WAIVED.value, self._there(runs.c.unit)
        )
        overdue = unscoped(duties, duties.c.do_unit, sa.literal("overdue"), why=_WHY)
        overdue = overdue.where(
            duties.c.bearer == Bearer.UNIT.value,
            duties.c.state.in_(RUNNING),
            self._due(duties.c.do_due_at),
            self._there(duties.c.do_unit),
        )
        every = over.union_all(overdue).subquery()
        count = sa.func.count()
        await self._add(
            sa.select(
                every.c.unit, count.label("duties_due"),
                *(count.filter(every.c.outcome == outcome.value).label(name) for name, outcome in (
                    ("duties_kept", Outcome.KEPT), ("duties_late", Outcome.LATE))),
            ).group_by(every.c.unit)
        )  # fmt: skip

    async def _add(self, query: sa.Select[Any]) -> None:
        """A query's counts by unit; their labels are the fields of Numbers."""
        for row in (await self._connection.execute(query)).mappings():
            self._found[row["unit"]] |= {name: value for name, value in row.items() if name != "unit"}

    def _within(self, instant: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
        return (instant >= self._since) & (instant < self._until)

    def _due(self, instant: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
        """Due within the period and by now; what is due at midnight is due on the day that ends."""
        return (instant > self._since) & (instant <= self._until) & (instant <= self._now)

    def _there(self, unit: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        return sa.true() if self._codes is None else unit.in_(self._codes)
