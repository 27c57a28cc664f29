"""Duties and plans as rows: what is locked for an act, new numbers, and the runs that are over."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.duties.duty import RUNNING, Duty, Run, Step
from services.registry.duties.kinds import Act, Bearer, Period
from services.registry.duties.periods import Rhythm, rhythm_of
from services.registry.duties.plan import Plan
from services.registry.duties.table import duties, plans, runs, serials
from services.registry.premises.table import premises
from services.registry.units.table import units
from shared.change import Change
from shared.db.aggregates import Aggregates
from shared.db.bulk import append_rows
from shared.db.rowcodec import RowCodec
from shared.db.unit_of_work import UnitOfWork
from shared.numbers import new_serials
from shared.trail.read import by_a_person

_RUN: Final = tuple(column.name for column in runs.c)


class Plans(Aggregates[Plan]):
    kind = "duty_plan"
    codec = RowCodec(Plan, plans)

    async def all(self) -> list[Plan]:
        await self.flush()
        rows = await self._uow.connection.execute(sa.select(*self.codec.columns).order_by(plans.c.id))
        return [self.codec.of_values(row) for row in rows]

    async def by_people(self) -> set[UUID]:
        """The plans that a person made or restated."""
        trail = self._uow.tables.trail
        of_plans = trail.c.aggregate_id.in_(sa.select(plans.c.id))
        query = sa.select(trail.c.aggregate_id).where(of_plans, by_a_person(trail))
        return set(await self._uow.connection.scalars(query))

    async def changes(self) -> int:
        """How often plans were made or changed: it only grows."""
        await self.flush()
        return await self._uow.connection.scalar(sa.select(sa.func.coalesce(sa.func.sum(plans.c.version), 0))) or 0


CODEC: Final = RowCodec(Duty, duties)
_WITH_RHYTHM: Final[sa.Select[Any]] = (
    sa.select(*CODEC.columns, plans.c.period, plans.c.weekday, premises.c.opens, premises.c.closes)
    .join(plans, plans.c.id == duties.c.plan_id)
    .outerjoin(premises, premises.c.id == duties.c.bearer_id)
)


def _counting() -> sa.Select[Any]:
    """The running duties for which an `act` of the `unit` counts: its own, those of units above whose plans say so, and
    those of the `premises`. Made once: a table of acts asks it for each of its rows."""
    unit = sa.bindparam("unit", type_=sa.Text)
    up = sa.select(units.c.code, units.c.parent).where(units.c.code == unit).cte(recursive=True)
    up = up.union(sa.select(units.c.code, units.c.parent).join(up, units.c.code == up.c.parent))
    own = (duties.c.do_unit == unit) | plans.c.below
    of_units = sa.select(duties.c.id).join(plans, plans.c.id == duties.c.plan_id)
    # Each part by its index: asked with OR, every duty of the city would be read for each act.
    borne = sa.union_all(
        of_units.where(duties.c.bearer == Bearer.UNIT, duties.c.do_unit.in_(sa.select(up.c.code)), own),
        sa.select(duties.c.id).where(duties.c.bearer_id == sa.bindparam("premises", type_=sa.Uuid)),
    ).cte()
    act = sa.bindparam("act", type_=sa.Text)
    return (
        _WITH_RHYTHM.where(
            duties.c.state.in_(RUNNING), act == sa.any_(plans.c.counts), duties.c.id.in_(sa.select(borne.c.id))
        )
        .order_by(duties.c.id)
        .with_for_update(of=duties)
    )


_COUNTING: Final = _counting()


class Duties(Aggregates[Duty]):
    kind = "duty"
    codec = CODEC
    natural = ("bearer_id", "duty")

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._ended: list[Run] = []

    async def counting(self, act: Act, unit: str | None, premises_id: UUID | None) -> list[tuple[Duty, Rhythm]]:
        """The running duties for which an act of `unit` counts, and those of the premises where it was; locked."""
        await self.flush()
        given = {"act": act.value, "unit": unit, "premises": premises_id}
        rows = await self._uow.connection.execute(_COUNTING, given)
        return [(self.codec.of_values(row), rhythm_told(row)) for row in rows]

    async def with_rhythm(self, id: UUID) -> tuple[Duty, Rhythm]:
        """One duty, locked."""
        await self.flush()
        row = await self._uow.connection.execute(_WITH_RHYTHM.where(duties.c.id == id).with_for_update(of=duties))
        found = row.one()
        return self.codec.of_values(found), rhythm_told(found)

    async def rhythms(self, ids: Collection[UUID]) -> dict[UUID, Rhythm]:
        """The rhythms of these duties, by the plans that they have now."""
        if not ids:
            return {}
        wanted = duties.c.id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid)))
        rows = await self._uow.connection.execute(_WITH_RHYTHM.where(wanted))
        return {row.id: rhythm_told(row) for row in rows}

    async def of_bearers(self, ids: Collection[UUID]) -> dict[UUID, dict[str, Duty]]:
        """The duties of these bearers, by bearer and code; locked."""
        await self.flush()
        rows = await self._uow.connection.execute(
            sa.select(*self.codec.columns)
            .where(duties.c.bearer_id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid))))
            .order_by(duties.c.id)
            .with_for_update()
        )
        found: dict[UUID, dict[str, Duty]] = {one: {} for one in ids}
        for row in rows:
            duty = self.codec.of_values(row)
            found[duty.bearer_id][duty.duty] = duty
        return found

    async def new_serials(self, count: int) -> list[str]:
        """The running parts of `count` new numbers; never handed out again."""
        return await new_serials(self._uow.connection, serials, count)

    def take(self, step: Step) -> None:
        """Write what a step did to a duty, and the runs that it ended, with this transaction."""
        self.put(*step.changes)
        self._ended += step.runs

    async def written(self, changes: Sequence[Change[Duty]]) -> None:  # noqa: ARG002 - the runs are beside them
        ended, self._ended = self._ended, []
        if ended:
            await append_rows(self._uow.connection, runs, _RUN, [_values(run) for run in ended])


def rhythm_told(row: sa.Row[Any]) -> Rhythm:
    """That of a row with the plan's period and weekday, the bearer, and when its premises open and close."""
    return rhythm_of(Period(row.period), Bearer(row.bearer), row.weekday, row.opens, row.closes)


def _values(run: Run) -> tuple[Any, ...]:
    duty, last = run.duty, run.last
    done = (last.what, last.at, last.id, last.number) if last else (None, None, None, None)
    return (
        duty.id, *run.span, run.outcome.value, duty.duty, duty.name, duty.bearer.value, duty.bearer_id, duty.unit,
        duty.street, *done,
    )  # fmt: skip
