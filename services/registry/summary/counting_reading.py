"""The numbers of a period from the ledgers, by the unit in which each thing lies. Numbers only: who may see them is asked
of the unit that they are told for.

Premises are told as they stood when the period ended; hazards and duties by the instants that they carry.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, time
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.duties.duty import RUNNING
from services.registry.duties.kinds import Bearer, Outcome
from services.registry.duties.kinds import Period as DutyPeriod
from services.registry.duties.periods import Hours, rhythm_of, spans_between
from services.registry.duties.table import duties, plans, runs
from services.registry.hazards.hazard import Grade
from services.registry.hazards.lifecycle import Action, State
from services.registry.hazards.store import Hazards
from services.registry.hazards.succession import SUCCEED
from services.registry.hazards.table import hazards
from services.registry.inspections.inspection import Kind
from services.registry.inspections.table import inspections
from services.registry.premises.kinds import Use
from services.registry.premises.past_reading import premises_then
from services.registry.premises.table import premises
from services.registry.schema import tables
from services.registry.summary.deadlines import AGAIN, PUT_RIGHT, Entry, overdue_since
from services.registry.summary.numbers import Numbers
from services.registry.summary.period import Period
from shared.clock import LOCAL, end_of, local_day
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import unscoped
from shared.worktime.calendar import Calendar

_WHY: Final = "numbers of units, told only to who reaches the unit"


class Counter:
    """Counts one period. `codes` are the units whose things are counted; None: all."""

    def __init__(
        self, uow: UnitOfWork, period: Period, calendar: Calendar, codes: Collection[str] | None = None
    ) -> None:
        self._connection, self._now, self._calendar, self._codes = uow.connection, uow.now, calendar, codes
        self._since = datetime.combine(period.first, time(), LOCAL)
        self._until = end_of(period.last)
        self._over = period.last < local_day(uow.now)
        self._found: dict[str, dict[str, Any]] = defaultdict(lambda: {"by_category": {}})

    async def counted(self) -> Mapping[str, Numbers]:
        """By unit, of the units that have anything."""
        await self._premises()
        await self._inspections()
        await self._hazards()
        await self._deadlines()
        await self._duties()
        await self._passed()
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
        then, count = self._of_hazards, sa.func.count()
        of = then.c
        found = self._within(of.found_at)
        counts = {
            "found": found,
            "major": found & (of.grade == Grade.MAJOR.value),
            "on_spot": found & (of.state == State.FIXED_ON_SPOT.value),
            "fixed": self._within(of.closed_at),
        }
        columns = [count.filter(condition).label(name) for name, condition in counts.items()]
        any_of = sa.or_(found, counts["fixed"])
        await self._add(sa.select(of.unit, *columns).where(any_of, self._there(of.unit)).group_by(of.unit))

    async def _deadlines(self) -> None:
        """When a hazard became overdue and was handed over says its trail: its deadline may have been another since."""
        then, trail = self._of_hazards, tables.trail
        of, body = then.c, sa.cast(trail.c.body, JSONB)
        action, due = body["action"].astext, body["what"]["rectify_due_at"].astext
        at = sa.cast(body["at"].astext, sa.DateTime(timezone=True)).label("at")
        tells = due.is_not(None) | action.in_([*PUT_RIGHT, *AGAIN, Action.TRANSFER])
        rows = await self._connection.execute(
            sa.select(
                of.id, of.unit, action.label("action"), at,
                sa.cast(due, sa.DateTime(timezone=True)).label("due_at"),
            )
            .select_from(then)
            .join(trail, (trail.c.aggregate_id == of.id) & (trail.c.kind == Hazards.kind))
            .where(
                of.found_at < self._until, of.closed_at.is_(None) | (of.closed_at >= self._since),
                of.state != State.FIXED_ON_SPOT, tells, self._there(of.unit),
            )
            .order_by(of.id, trail.c.seq)
        )  # fmt: skip
        for (_, unit), entries in groupby(rows, key=lambda row: (row.id, row.unit)):
            told = [Entry(row.action, row.at, row.due_at) for row in entries]
            found = self._found[unit]
            overdue = any(self._since <= instant < self._until for instant in overdue_since(told, self._now))
            handed = any(one.action == Action.TRANSFER and self._since <= one.at < self._until for one in told)
            found["overdue"] = found.get("overdue", 0) + overdue
            found["transferred"] = found.get("transferred", 0) + handed

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

    async def _passed(self) -> None:
        """What passed while an earlier run was overdue: it becomes a run of its own only once that one is fulfilled, and
        whoever does nothing at all owes it all the same."""
        until = min(self._until, self._now)
        open_runs = unscoped(duties, duties.c.do_unit, duties.c.do_due_at, plans.c.period, plans.c.weekday, why=_WHY)
        rows = await self._connection.execute(
            open_runs.join(plans, plans.c.id == duties.c.plan_id).where(
                duties.c.bearer == Bearer.UNIT.value,
                duties.c.state.in_(RUNNING),
                duties.c.do_due_at < until,
                self._there(duties.c.do_unit),
            )
        )
        for row in rows:
            rhythm = rhythm_of(DutyPeriod(row.period), Bearer.UNIT, row.weekday, Hours())
            passed = spans_between(rhythm, max(row.do_due_at, self._since), until, self._calendar)
            found = self._found[row.do_unit]
            found["duties_due"] = found.get("duties_due", 0) + sum(1 for _ in passed)

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
        if self._codes is None:
            return sa.true()
        return unit == sa.any_(sa.literal(list(self._codes), sa.ARRAY(sa.Text)))

    @property
    def _of_hazards(self) -> sa.FromClause:
        """Each hazard with the unit in which it lay when the period ended: a restructuring since says on its trail whence."""
        of, trail = hazards.c, tables.trail
        if not self._over:
            return hazards
        body = sa.cast(trail.c.body, JSONB)
        came = sa.select(body["what"]["unit"][0].astext).where(
            trail.c.aggregate_id == of.id,
            trail.c.seq > 1,
            body["action"].astext == SUCCEED,
            body["what"].has_key("unit"),
            sa.cast(body["at"].astext, sa.DateTime(timezone=True)) >= self._until,
        )
        unit = sa.func.coalesce(came.order_by(trail.c.seq).limit(1).scalar_subquery(), of.unit).label("unit")
        others = [column for column in of if column.name != "unit"]
        return unscoped(hazards, *others, unit, why=_WHY).where(of.found_at < self._until).subquery("then")
