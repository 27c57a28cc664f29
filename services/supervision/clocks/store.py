"""Clocks as rows: starting, following, what is due, and steps by thousands."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zlib import crc32

import sqlalchemy as sa

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.ladder import Action, next_at
from services.supervision.clocks.table import clocks, steps
from services.supervision.schema import tables
from shared.change import Change
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.telemetry import context
from shared.telemetry.context import Trace, continued

CODEC: Final = RowCodec(Clock, clocks, derived={"next_at": next_at}, beside=("correlation_id", "traceparent"))
_STEPS: Final = frozenset(Action)
_NOW: Final = sa.bindparam("now", type_=sa.DateTime(timezone=True))
_TICK: Final = sa.literal_column("interval '1 microsecond'", sa.Interval)
_TOLD: Final = tables.told.c
_HORIZONS: Final = (
    # What was promised is all before `until`; a step is due by an instant.
    sa.select(_TOLD.thing, sa.func.least(_NOW, sa.func.min(_TOLD.until) - _TICK).label("until"))
    .group_by(_TOLD.thing)
    .subquery("horizons")
)
"""Per kind of thing the last instant, not after `now`, by which steps may be taken: the smallest of all partitions'."""
_TAKE_TURN: Final = sa.select(sa.func.pg_try_advisory_xact_lock(crc32(b"gridgov.supervision.watch")))
_NOT_THESE: Final = clocks.c.id != sa.all_(sa.bindparam("without", type_=sa.ARRAY(sa.Uuid)))
_OF_THINGS: Final = (
    sa.select(*CODEC.columns)
    .where(clocks.c.thing_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
    .order_by(clocks.c.id)
    .with_for_update()
)
_NEXT: Final = sa.select(
    _HORIZONS.c.until,
    sa.select(clocks.c.next_at)
    .where(clocks.c.thing == _HORIZONS.c.thing, clocks.c.next_at.is_not(None), _NOT_THESE)
    .order_by(clocks.c.next_at)
    .limit(sa.literal_column("1"))
    .scalar_subquery(),
)
_ORIGIN: Final = (clocks.c.correlation_id, clocks.c.traceparent)
_DUE: Final = (clocks.c.thing == _HORIZONS.c.thing) & (clocks.c.next_at <= _HORIZONS.c.until)
_COPIED: Final = tuple(column for column in clocks.c if column.name in steps.c)
_KEEP_STEPS: Final = sa.insert(steps).from_select(
    ["clock_id", "step", "at", *(column.name for column in _COPIED)],
    sa.select(
        clocks.c.id,
        sa.bindparam("step", type_=sa.Text),
        sa.bindparam("at", type_=sa.DateTime(timezone=True)),
        *_COPIED,
    ).where(clocks.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)))),
)
_OLDEST: Final = (
    # Of each kind of thing the oldest, as the index has them: sorted no further, so that the first comes at once.
    sa.select(*CODEC.columns, *_ORIGIN)
    .where(_DUE, _NOT_THESE)
    .correlate(_HORIZONS)
    .order_by(clocks.c.next_at, clocks.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_LOCKED: Final = _OLDEST.with_for_update(skip_locked=True).lateral("due")
_LOOKED_AT: Final = _OLDEST.lateral("due")
_DUE_OLDEST: Final = sa.select(
    *(_LOCKED.c[column.name] for column in (*CODEC.columns, *_ORIGIN)), _HORIZONS.c.until
).select_from(_HORIZONS.join(_LOCKED, sa.true()))
_DUE_IDS: Final = sa.select(_LOOKED_AT.c.id).select_from(_HORIZONS.join(_LOOKED_AT, sa.true()))
_DUE_ALONE: Final = (
    sa.select(*CODEC.columns, *_ORIGIN, _HORIZONS.c.until)
    .select_from(clocks.join(_HORIZONS, _DUE))
    .where(clocks.c.id == sa.bindparam("id", type_=sa.Uuid))
    .with_for_update(of=clocks, skip_locked=True)
)


class Due(NamedTuple):
    """A clock with a step due by `until`, up to when its owner has told everything, and the trace to go on from."""

    clock: Clock
    until: datetime
    trace: Trace


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next step of a kind of thing is due at `next_at`; up to `until` steps may be taken now."""

    next_at: datetime
    until: datetime


class Clocks(Aggregates[Clock]):
    kind = "clock"
    codec = CODEC

    def start(self, change: Change[Clock]) -> None:
        """Store a new clock; its steps will go on from the present trace."""
        self.add(change, correlation_id=context.correlation_id(), traceparent=context.traceparent())

    async def written(self, changes: Sequence[Change[Clock]]) -> None:
        """The steps among them, as rows of their own."""
        taken: dict[tuple[str, datetime], list[UUID]] = {}
        for change in changes:
            if change.action in _STEPS:
                taken.setdefault((change.action, change.at), []).append(change.after.id)
        for (step, at), ids in taken.items():
            await self._uow.connection.execute(_KEEP_STEPS, {"step": step, "at": at, "ids": ids})

    async def of_things(self, ids: Sequence[UUID]) -> Sequence[Clock]:
        """All clocks of these things, locked until the transaction ends, in id order."""
        if not ids:
            return ()
        await self.flush()
        return [CODEC.of_values(row) for row in await self._uow.connection.execute(_OF_THINGS, {"ids": ids})]

    async def take_turn(self) -> bool:
        """Whether this transaction is now the only one that takes steps; False while another one is.

        The turn ends with the transaction, however it ends. Without turns two batches would race to the outbox, and
        what is older could be told later.
        """
        return bool(await self._uow.connection.scalar(_TAKE_TURN))

    async def ahead(self, now: datetime, without: Collection[UUID] = ()) -> Sequence[Ahead]:
        """What comes next of each kind of thing that has a clock but these; one look at the end of an index each."""
        rows = await self._uow.connection.execute(_NEXT, {"now": now, "without": list(without)})
        return [Ahead(found, until) for until, found in rows if found is not None]

    async def due_ids(self, now: datetime, limit: int, without: Collection[UUID]) -> Sequence[UUID]:
        """The ids alone of what `due` would load: they can be read whatever is wrong with a clock."""
        given = {"now": now, "limit": limit, "without": list(without)}
        return (await self._uow.connection.scalars(_DUE_IDS, given)).all()

    async def due_alone(self, now: datetime, clock_id: UUID) -> Iterator[Due]:
        """The same as `due` of one clock: none when it is not due any more, or in other hands."""
        return map(_due, await self._uow.connection.execute(_DUE_ALONE, {"now": now, "id": clock_id}))

    async def due(self, now: datetime, limit: int, without: Collection[UUID] = ()) -> Iterator[Due]:
        """Up to `limit` clocks of each kind of thing, but these, that have a step to take; of each kind the oldest first, locked.

        Those that an event is changing right now are passed over; the next look finds them as they are then.
        """
        await self.flush()
        given = {"now": now, "limit": limit, "without": list(without)}
        return map(_due, await self._uow.connection.execute(_DUE_OLDEST, given))


def _due(row: Sequence[Any]) -> Due:
    correlation_id, traceparent, until = row[-3:]
    return Due(CODEC.of_values(row), until, continued(correlation_id, traceparent))
