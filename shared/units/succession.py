"""The watch that moves what a unit owned to who succeeds it after a restructuring, in bounded batches.

Each service says what its units own: one function per kind of thing, `async (uow, passing, limit) -> moved`. The watch
takes some units whose turn it is, calls these functions, and looks once more a minute later: who had read the old tree
may commit after the first look. What it is killed in the midst of was not done, and is found again.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from shared.db.looking import keep_looking
from shared.db.transient import is_transient
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry import logs
from shared.units.passing import Passing, Succession

UNITS: Final = 100
"""Units looked at in one transaction."""
MOST: Final = 200
"""Things moved in one transaction: some 100 ms."""
LATER: Final = timedelta(minutes=10)
AGAIN: Final = timedelta(minutes=1)
_LOOKS: Final = 2
POLL_SECONDS: Final = 1.0
_LONGEST_PAUSE: Final = 10.0
FAILED: Final = "successions.failed"
WAITS: Final = "successions.waits"


def owns(
    passing: Passing, unit: sa.ColumnElement[Any], street: sa.ColumnElement[Any] | None = None
) -> sa.ColumnElement[bool]:
    """True for rows that still name, in the column `unit` (of one code or of several), one that has ended; or, in `street`,
    where one lay."""
    ended = sa.literal(passing.ended, sa.ARRAY(sa.Text))
    condition = unit.op("&&", is_comparison=True)(ended) if isinstance(unit.type, sa.ARRAY) else unit == sa.any_(ended)
    moved = passing.moved
    if street is None or not moved:
        return condition
    where = (
        sa.func.unnest(sa.literal([*moved], sa.ARRAY(sa.Text)), sa.literal([*moved.values()], sa.ARRAY(sa.Text)))
        .table_valued(sa.column("code", sa.Text), sa.column("street", sa.Text), name="moved")
        .render_derived()
    )
    return condition | sa.exists().where(where.c.code == unit, where.c.street != street)


Owned = Callable[[UnitOfWork, Passing, int], Awaitable[int]]
"""Moves up to so many things of the units to who succeeds them; how many it moved."""


async def passing_of(uow: UnitOfWork, successions: sa.Table, units: Collection[str]) -> Passing:
    """The successions of `units` that hold by now, of who succeeds them, and so on."""
    found: dict[str, list[Succession]] = {}
    wanted = set(units)
    while wanted:
        condition = successions.c.unit == sa.any_(sa.literal(sorted(wanted), sa.ARRAY(sa.Text)))
        found |= {code: [] for code in wanted} | await _lines(uow, successions, condition)
        wanted = {line.successor for lines in found.values() for line in lines} - found.keys()
    return Passing(line for lines in found.values() for line in lines)


class SuccessionWatch:
    """One worker of a service. Any number may run; each takes other units."""

    def __init__(
        self, uow: Callable[[], UnitOfWork], successions: sa.Table, owned: Sequence[Owned], *, service: str
    ) -> None:
        self._uow, self._table, self._owned = uow, successions, owned
        self._alone = False
        """Whether a batch failed for a reason that does not pass: then each unit is taken alone, to find whose it is."""
        self._log = logs.logger("successions", service=service)

    async def run(self, stop: asyncio.Event) -> None:
        """Move what is to be moved until stopped. Trouble is waited out with growing pauses, never raised."""
        await keep_looking(
            self._look_or_part, stop, self._log,
            idle=POLL_SECONDS, pause=POLL_SECONDS, longest=_LONGEST_PAUSE, failed=FAILED, waits=WAITS,
        )  # fmt: skip

    async def _look_or_part(self) -> bool:
        """A look. After one that failed for a reason that does not pass, each unit is looked at alone, until none is due."""
        try:
            more = await self.look()
        except Exception as error:
            if not is_transient(error):
                if self._alone:
                    await self._set_aside()
                self._alone = True
            raise
        if not more:
            self._alone = False
        return more

    async def _set_aside(self) -> None:
        """What the unit whose turn it is owns cannot be moved now: the others go first, and it is tried again later."""
        table = self._table
        with contextlib.suppress(Exception):
            async with self._uow() as uow:
                first = sa.select(sa.func.min(table.c.look_at)).scalar_subquery()
                unit = sa.select(sa.func.min(table.c.unit)).where(table.c.look_at == first).scalar_subquery()
                due = (table.c.look_at == first) & (table.c.unit == unit)
                await uow.connection.execute(sa.update(table).where(due).values(look_at=uow.now + LATER))
                self._alone = False

    async def look(self) -> bool:
        """Move one batch, if any unit's turn has come; whether there may be more."""
        table = self._table
        async with self._uow() as uow:
            due = (
                sa.select(table.c.restructuring, table.c.unit)
                .where(table.c.look_at <= uow.now)
                .order_by(table.c.look_at, table.c.unit)
                .limit(1 if self._alone else UNITS)
                .with_for_update(skip_locked=True)
            )
            rows = (await uow.connection.execute(due)).all()
            if not rows:
                return False
            units = [row.unit for row in rows]
            condition = table.c.unit == sa.any_(sa.literal(units, sa.ARRAY(sa.Text)))
            found = await _lines(uow, table, condition)
            passing = Passing(line for lines in found.values() for line in lines)
            moved = 0
            for owned in self._owned:
                moved += await owned(uow, passing, MOST - moved)
                if moved >= MOST:
                    return True  # the same units again: they may own more
            await self._looked(uow, units)
        return True

    async def _looked(self, uow: UnitOfWork, units: Sequence[str]) -> None:
        table = self._table
        again = sa.case((table.c.looks + 1 < _LOOKS, sa.literal(uow.now + AGAIN)), else_=sa.null())
        await uow.connection.execute(
            sa.update(table)
            .where(table.c.unit == sa.any_(sa.literal(list(units), sa.ARRAY(sa.Text))), table.c.look_at <= uow.now)
            .values(look_at=again, looks=table.c.looks + 1)
        )


async def _lines(uow: UnitOfWork, table: sa.Table, condition: sa.ColumnElement[bool]) -> dict[str, list[Succession]]:
    """Lines by unit. Of a restructuring that is not whole yet nobody has looked, nor is to look: it does not hold."""
    first = table.alias("first")
    holds = sa.exists().where(
        first.c.restructuring == table.c.restructuring,
        first.c.unit == table.c.unit,
        first.c.rank == 0,
        first.c.look_at.is_not(None) | (first.c.looks > 0),
    )
    names = Succession.__dataclass_fields__
    rows = await uow.connection.execute(
        sa.select(*(table.c[name] for name in names)).where(condition, holds).order_by(table.c.unit)
    )
    found: dict[str, list[Succession]] = {}
    for row in rows.mappings():
        found.setdefault(row["unit"], []).append(Succession(**row))
    return found
