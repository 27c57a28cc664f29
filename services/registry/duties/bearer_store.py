"""Bearers of duties as rows: to whom the plans must be applied yet, where they lie, and that it was done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from services.registry.duties.kinds import Bearer
from services.registry.duties.periods import Hours, hours_told
from services.registry.duties.plan import Candidate
from services.registry.duties.table import bearers
from services.registry.premises.kinds import Category, Use
from services.registry.premises.table import premises
from services.registry.units.kinds import Kind
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.clock import local_day
from shared.db.bulk import insert_rows, parameters
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import below

_APPLIED: Final = ("version", "plans", "calendar", "parent")
_NOTED: Final = insert_rows(bearers, ("id", *_APPLIED))
_NOTE: Final = _NOTED.on_conflict_do_update(
    index_elements=["id"], set_={name: _NOTED.excluded[name] for name in _APPLIED}
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bearer to whom the plans must be applied. `there`: it exists today, and is not closed. `new_calendar`: they were
    applied by another one. `parent` is of a unit."""

    id: UUID
    version: int
    unit: str
    candidate: Candidate
    there: bool
    paused: bool = False
    hours: Hours = field(default_factory=Hours)
    parent: str | None = None
    new_calendar: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A unit and all above it, nearest first; the street among them, or the unit itself where there is none."""

    line: tuple[str, ...]
    street: str


class BearerStore:
    """`changes` counts those of all plans: what was applied at a lower count waits again, and what was by another
    `calendar` (its version), for open runs may then be due at another time."""

    def __init__(self, uow: UnitOfWork, changes: int, calendar: str) -> None:
        self._uow, self._changes, self._calendar = uow, changes, calendar

    async def waiting(self, limit: int, within: str | None = None) -> Sequence[Waiting]:
        """Units first: what lies below one that moved waits again. `within` a unit and below it."""
        return await self._units(limit, within) or await self._premises(limit, within)

    async def places(self, codes: Collection[str]) -> dict[str, Place]:
        """Where units lie, by code."""
        up = sa.select(
            units.c.code.label("start"), units.c.code, units.c.parent, units.c.kind, sa.literal(0).label("step")
        )
        chain = up.where(units.c.code == sa.any_(sa.literal(list(codes), sa.ARRAY(sa.Text)))).cte(recursive=True)
        chain = chain.union_all(
            sa.select(chain.c.start, units.c.code, units.c.parent, units.c.kind, chain.c.step + 1).join(
                chain, units.c.code == chain.c.parent
            )
        )
        rows = await self._uow.connection.execute(
            sa.select(chain.c.start, chain.c.code, chain.c.kind).order_by(chain.c.start, chain.c.step)
        )
        lines: dict[str, list[str]] = {}
        streets: dict[str, str] = {}
        for start, code, kind in rows:
            lines.setdefault(start, []).append(code)
            if kind == Kind.STREET:
                streets[start] = code
        return {code: Place(tuple(line), streets.get(code, code)) for code, line in lines.items()}

    async def note(self, applied: Sequence[Waiting]) -> None:
        """The plans were applied to these; what lies below a unit that moved waits again."""
        arrays: dict[str, list[Any]] = {
            "id": [one.id for one in applied],
            "version": [one.version for one in applied],
            "plans": [self._changes] * len(applied),
            "calendar": [self._calendar] * len(applied),
            "parent": [one.parent for one in applied],
        }
        await self._uow.connection.execute(_NOTE, parameters(bearers, arrays))

    async def wait_again(self, code: str) -> None:
        """The plans must be applied anew to a unit and all that lies in and below it."""
        inside = below(units, code)
        ids = sa.union_all(
            sa.select(units.c.id).where(units.c.code.in_(inside)),
            sa.select(premises.c.id).where(premises.c.unit.in_(inside)),
        )
        await self._uow.connection.execute(sa.update(bearers).where(bearers.c.id.in_(ids)).values(version=0))

    async def all_wait_again(self) -> None:
        await self._uow.connection.execute(sa.update(bearers).values(version=0))

    async def _units(self, limit: int, within: str | None) -> list[Waiting]:
        of_unit = ("id", "version", "code", "kind", "functions", "parent")
        query = self._stale(units, units.c.code, limit, within, *of_unit).add_columns(
            exists_on(units, local_day(self._uow.now)).label("there"),
            # One that is new to us moved nothing.
            (bearers.c.id.is_not(None) & bearers.c.parent.is_distinct_from(units.c.parent)).label("moved"),
        )
        rows = (await self._uow.connection.execute(query)).all()
        for row in rows:
            if row.moved:
                await self.wait_again(row.code)
        return [
            Waiting(
                row.id, row.version, row.code,
                Candidate(Bearer.UNIT, kind=Kind(row.kind), functions=tuple(row.functions)), row.there,
                parent=row.parent, new_calendar=row.new_calendar,
            )
            for row in rows
        ]  # fmt: skip

    async def _premises(self, limit: int, within: str | None) -> list[Waiting]:
        of_premises = (
            "id",
            "version",
            "unit",
            "category",
            "key_unit",
            "purpose",
            "name",
            "use",
            "opens",
            "closes",
            "closed_on",
        )
        rows = await self._uow.connection.execute(self._stale(premises, premises.c.unit, limit, within, *of_premises))
        return [
            Waiting(
                row.id, row.version, row.unit,
                Candidate(
                    Bearer.PREMISES,
                    category=Category(row.category),
                    key_unit=row.key_unit,
                    purpose=row.purpose or row.name,  # a name mostly says what a place is for
                ),
                row.use != Use.CLOSED, row.use == Use.SUSPENDED, hours_told(row.opens, row.closes, row.closed_on), new_calendar=row.new_calendar,
            )
            for row in rows
        ]  # fmt: skip

    def _stale(
        self, table: sa.Table, unit: sa.ColumnElement[str], limit: int, within: str | None, *names: str
    ) -> sa.Select[Any]:
        other = bearers.c.calendar.is_distinct_from(self._calendar)
        applied = (bearers.c.version == table.c.version) & (bearers.c.plans == self._changes) & ~other
        inside = sa.true() if within is None else unit.in_(below(units, within))
        return (
            sa.select(*(table.c[name] for name in names), (bearers.c.id.is_not(None) & other).label("new_calendar"))
            .outerjoin(bearers, bearers.c.id == table.c.id)
            .where(applied.is_not(True), inside)
            .order_by(table.c.id)
            .limit(limit)
        )
