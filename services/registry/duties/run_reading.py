"""Reading the runs of duties that are over, within the caller's part of the tree; and how many of each outcome.

A run names for ever the unit that was responsible. Who succeeded that unit sees it; of one bearer also who has its duties
now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.duties.duty import RUNNING
from services.registry.duties.kinds import Outcome
from services.registry.duties.periods import Rhythm, Span, spans_between
from services.registry.duties.reading import DutyCode
from services.registry.duties.store import rhythm_told
from services.registry.duties.table import duties, plans, runs
from services.registry.premises.table import premises
from services.registry.units.table import successions, units
from shared.auth.principal import Principal
from shared.db.filters import Conditions, equal
from shared.db.keyset import Paged
from shared.db.unit_of_work import UnitOfWork
from shared.http.days import Day
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, QueryModel
from shared.units.scope import Scope
from shared.worktime.calendar import Calendar
from shared.worktime.days import end_of_day, instant_of

_TALLIED: Final = ("kept", "late", "missed", "waived", "overdue")


class RunFilter(QueryModel):
    """Runs that were due from the day `since` to the day `until`, both included (local days); `bearer` is the id of one."""

    since: Day
    until: Day
    area: Code | None = None
    bearer: Id | None = None
    duty: DutyCode | None = None
    outcome: Outcome | None = None

    @property
    def start(self) -> datetime:
        """The instant behind which they were due: midnight belongs to the day before."""
        return instant_of(self.since)

    @property
    def end(self) -> datetime:
        """The instant up to which they were due."""
        return end_of_day(self.until)


class RunQuery(PageQuery, RunFilter):
    """The same, page by page."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one unit and the premises in it, in a period: how runs ended, and how many are still overdue. What passed while an
    earlier one is overdue is missed."""

    unit: str
    unit_name: str
    kept: int
    late: int
    missed: int
    waived: int
    overdue: int


class RunReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection, self._now = uow.connection, uow.now
        self._scope = Scope(units, caller, served=True, successions=successions)

    def find(self, wanted: RunFilter) -> Paged[sa.RowMapping]:
        """Runs that are over, the newest first."""
        query = self._select(wanted).where(*self._of_runs(wanted))
        order = (runs.c.due_at.desc(), runs.c.duty_id, runs.c.started_at)
        return Paged(self._connection, query, order, lambda row: row)

    async def over(self, ids: Sequence[UUID], month: Span) -> dict[UUID, list[tuple[Span, Outcome]]]:
        """Of duties that the caller sees, the runs that are over and were due in `month`."""
        rows = await self._connection.execute(
            sa.select(runs.c.duty_id, runs.c.started_at, runs.c.due_at, runs.c.outcome)
            .where(
                runs.c.duty_id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid))),
                runs.c.due_at > month.start,
                runs.c.due_at <= month.due,
            )
            .order_by(runs.c.duty_id, runs.c.started_at)
        )
        found: dict[UUID, list[tuple[Span, Outcome]]] = {}
        for duty_id, started_at, due_at, outcome in rows:
            found.setdefault(duty_id, []).append((Span(started_at, due_at), Outcome(outcome)))
        return found

    async def tallies(self, wanted: RunFilter, calendar: Calendar) -> list[Tally]:
        """By unit how runs ended that were due in the time; by code. An overdue run counts where it was due."""
        passed = await self._passed(wanted, calendar)
        over = self._select(wanted, runs.c.unit, runs.c.outcome).where(*self._of_runs(wanted))
        overdue = self._scope.select(duties, duties.c.do_unit, sa.literal("overdue")).where(
            *self._still_overdue(wanted)
        )
        every = over.union_all(overdue).subquery()
        of = {name: sa.func.count().filter(every.c.outcome == name).label(name) for name in _TALLIED}
        rows = await self._connection.execute(
            sa.select(every.c.unit, units.c.name.label("unit_name"), *of.values())
            .join(units, units.c.code == every.c.unit)
            .group_by(every.c.unit, units.c.name)
            .order_by(every.c.unit)
        )
        tallies = (Tally(**row) for row in rows.mappings())
        # A unit in which something passed has an overdue run, maybe of an earlier time.
        found = {one.unit: replace(one, missed=one.missed + passed.pop(one.unit, (0, ""))[0]) for one in tallies}
        found |= {unit: Tally(unit, name, 0, 0, missed, 0, 0) for unit, (missed, name) in passed.items()}
        return [found[unit] for unit in sorted(found)]

    async def _passed(self, wanted: RunFilter, calendar: Calendar) -> dict[str, tuple[int, str]]:
        """By unit how many runs passed in the time while an earlier one was overdue, and its name. They become rows only
        once that one is fulfilled. Many bearers share a rhythm and an overdue run: each pair is counted once."""
        if wanted.outcome not in (None, Outcome.MISSED):
            return {}
        until = min(wanted.end, self._now)
        since = sa.func.greatest(duties.c.do_due_at, wanted.start).label("since")
        of_rhythm = (duties.c.bearer, plans.c.period, plans.c.weekday, premises.c.opens, premises.c.closes, since)
        whose = (duties.c.do_unit, units.c.name.label("unit_name"))
        rows = await self._connection.execute(
            self._scope.select(duties, *whose, *of_rhythm, sa.func.count().label("bearers"))
            .join(plans, plans.c.id == duties.c.plan_id)
            .join(units, units.c.code == duties.c.do_unit)
            .outerjoin(premises, premises.c.id == duties.c.bearer_id)
            .where(*self._open(wanted), duties.c.do_due_at < until)
            .group_by(*whose, *of_rhythm)
        )
        found: dict[str, tuple[int, str]] = {}
        counted: dict[tuple[Rhythm, datetime], int] = {}
        for row in rows:
            rhythm = rhythm_told(row)
            if (key := (rhythm, row.since)) not in counted:
                counted[key] = sum(1 for _ in spans_between(rhythm, row.since, until, calendar))
            if missed := counted[key] * row.bearers:
                found[row.do_unit] = found.get(row.do_unit, (0, ""))[0] + missed, row.unit_name
        return found

    def _select(self, wanted: RunFilter, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        if wanted.bearer is None:
            return self._scope.select(runs, *columns)
        now = self._scope.select(duties, duties.c.id).where(duties.c.bearer_id == wanted.bearer)
        seen = self._scope.condition(runs) | runs.c.duty_id.in_(now)
        return sa.select(*(columns or (runs,))).select_from(runs).where(seen)

    def _of_runs(self, wanted: RunFilter) -> Conditions:
        yield runs.c.due_at > wanted.start
        yield runs.c.due_at <= wanted.end
        yield self._scope.within(wanted.area, runs)
        yield from equal({runs.c.bearer_id: wanted.bearer, runs.c.duty: wanted.duty, runs.c.outcome: wanted.outcome})

    def _still_overdue(self, wanted: RunFilter) -> Conditions:
        yield from self._open(wanted)
        yield duties.c.do_due_at > wanted.start
        yield duties.c.do_due_at <= min(wanted.end, self._now)
        if wanted.outcome is not None:
            yield sa.false()

    def _open(self, wanted: RunFilter) -> Conditions:
        """Duties of the filter with a run that is not over."""
        yield duties.c.state.in_(RUNNING)
        yield self._scope.within(wanted.area, duties)
        yield from equal({duties.c.bearer_id: wanted.bearer, duties.c.duty: wanted.duty})
