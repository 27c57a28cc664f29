"""Reading duties with their plans and places, within the caller's part of the tree; departments also see what they serve."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

import sqlalchemy as sa
from pydantic import Field

from services.registry.duties.duty import RUNNING, Duty, State
from services.registry.duties.kinds import Act, Bearer, Period
from services.registry.duties.periods import Hours, Rhythm, hours_told, rhythm_of
from services.registry.duties.store import OPENING, Duties
from services.registry.duties.table import duties, plans
from services.registry.errors import DUTY_NOT_FOUND
from services.registry.premises.table import premises
from services.registry.units.table import units
from shared.db.filters import Conditions, equal
from shared.db.keyset import Paged
from shared.db.scoped_reader import ScopedReader
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, Instant, QueryModel, ShortText
from shared.limits import Light
from shared.numbers import numbered
from shared.units.scope import Scope

_ORDER: Final = (duties.c.do_due_at, duties.c.id)
_OF_PLAN: Final = (plans.c.period, plans.c.counts, plans.c.weekday, plans.c.basis)
_OF_PLACE: Final = (
    units.c.name.label("unit_name"),
    premises.c.name.label("premises_name"),
    premises.c.number.label("premises_number"),
    *OPENING,
)


DutyCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""What is owed, such as fire_check; plans name it."""


class DutyFilter(QueryModel):
    """`area` is a unit and all below it, `unit` that one alone; without a state, those that ended are left out."""

    area: Code | None = None
    unit: Code | None = None
    premises: Id | None = None
    bearer: Bearer | None = None
    duty: DutyCode | None = None
    period: Period | None = None
    state: State | None = None
    light: Light | None = None
    due_until: Instant | None = None
    number: ShortText | None = None


class DutyQuery(PageQuery, DutyFilter):
    """The same, page by page."""


@dataclass(frozen=True, slots=True)
class Found:
    """A duty with what its plan and its place say of it."""

    duty: Duty
    period: Period
    weekday: int | None
    counts: tuple[Act, ...]
    basis: str
    unit_name: str
    premises_name: str | None
    premises_number: str | None
    hours: Hours
    above: bool = False
    """It is of a unit above the caller: an act may count for it, but by hand it is not theirs."""

    @property
    def rhythm(self) -> Rhythm:
        return rhythm_of(self.period, self.duty.bearer, self.weekday, self.hours)


class DutyReader(ScopedReader[Found]):
    units, served, store, missing = units, True, Duties, DUTY_NOT_FOUND

    def find(self, wanted: DutyFilter) -> Paged[Found]:
        """What is due first."""
        return Paged(self._connection, self._select().where(*self._conditions(wanted)), _ORDER, self._read)

    async def counts(self, wanted: DutyFilter) -> tuple[dict[Light, int], int]:
        """How many duties of the filter show each light; and of how many a waiver is asked."""
        light = light_at(self._uow.now).label("light")
        asked = sa.func.count().filter(duties.c.state == State.WAIVER_ASKED)
        rows = await self._connection.execute(
            self._scope.select(duties, light, sa.func.count(), asked).where(*self._conditions(wanted)).group_by(light)
        )
        by_light, waivers = dict.fromkeys(Light, 0), 0
        for of_light, count, waiting in rows:
            by_light[Light(of_light)] = count
            waivers += waiting
        return by_light, waivers

    def mine(self) -> Paged[Found]:
        """The open duties that an act of the caller's unit fulfils: its own, those of units above it whose plans count
        what units below do, and those of the premises in its part of the tree; what is due first. A safety manager's: those of the premises."""
        up = sa.select(units.c.code, units.c.parent).where(units.c.code == self._caller.unit).cte(recursive=True)
        up = up.union(sa.select(units.c.code, units.c.parent).join(up, units.c.code == up.c.parent))
        above = plans.c.below & duties.c.do_unit.in_(sa.select(up.c.code)) & (duties.c.bearer == Bearer.UNIT)
        above &= plans.c.counts != [Act.MEETING.value]  # which is held by who calls it
        # A department inspects what it serves; the duties of the units there stay theirs.
        own = Scope(units, self._caller).condition(duties)
        seen = own | (self._scope.condition(duties) & (duties.c.bearer == Bearer.PREMISES))
        mine = seen if self._caller.reach.premises is not None else seen | above
        query = _joined(sa.select(*_COLUMNS, sa.not_(seen).label("above")).select_from(duties))
        query = query.where(mine, duties.c.state.in_(RUNNING))
        order = (sa.case((duties.c.bearer == Bearer.PREMISES, 1), else_=0), *_ORDER)  # units' own first
        return Paged(self._connection, query, order, self._read)

    def _select(self) -> sa.Select[Any]:
        return _joined(self._scope.select(duties, *_COLUMNS))

    def _read(self, row: sa.RowMapping) -> Found:
        return Found(
            duty=Duties.codec.of(row), period=Period(row["period"]), weekday=row["weekday"],
            counts=tuple(map(Act, row["counts"])), basis=row["basis"], unit_name=row["unit_name"],
            premises_name=row["premises_name"], premises_number=row["premises_number"],
            hours=hours_told(row["opens"], row["closes"], row["closed_on"]), above=row.get("above", False),
        )  # fmt: skip

    def _conditions(self, wanted: DutyFilter) -> Conditions:
        yield self._scope.within(wanted.area, duties)
        yield from equal(
            {duties.c.do_unit: wanted.unit, duties.c.bearer_id: wanted.premises, duties.c.bearer: wanted.bearer,
             duties.c.duty: wanted.duty, duties.c.state: wanted.state}
        )  # fmt: skip
        if wanted.light is not None:
            yield _shows(wanted.light, self._uow.now)
        if wanted.state is None:
            yield duties.c.state != State.ENDED
        if wanted.period is not None:
            yield duties.c.plan_id.in_(sa.select(plans.c.id).where(plans.c.period == wanted.period))
        if wanted.due_until is not None:
            yield duties.c.state.in_(RUNNING)
            yield duties.c.do_due_at <= wanted.due_until
        if wanted.number is not None:
            yield numbered(duties.c.number, wanted.number)


_COLUMNS: Final = (*Duties.codec.columns, *_OF_PLAN, *_OF_PLACE)


def light_at(now: datetime) -> sa.ColumnElement[str]:
    """`shared.limits.light` of the open run, in SQL."""
    return sa.case(*((_shows(light, now), light.value) for light in Light))


def _shows(light: Light, now: datetime) -> sa.ColumnElement[bool]:
    """True for duties with this light: by due times, in whose order lists are read."""
    runs, due, warn = duties.c.state.in_(RUNNING), duties.c.do_due_at, duties.c.do_warn_at
    return {
        Light.NONE: duties.c.state.not_in(RUNNING),
        Light.RED: runs & (due <= now),
        Light.YELLOW: runs & (due > now) & (warn <= now),
        Light.GREEN: runs & (due > now) & (warn > now),
    }[light]


def _joined(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.join(plans, plans.c.id == duties.c.plan_id)
        .join(units, units.c.code == duties.c.do_unit)
        .outerjoin(premises, premises.c.id == duties.c.bearer_id)
    )
