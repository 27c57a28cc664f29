"""Clocks as rows: starting, loading for a change, what is due, writing what changed in one statement each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final
from uuid import UUID
from zlib import crc32

import sqlalchemy as sa

from services.supervision.clocks.clock import Clock, Kind, Level, State
from services.supervision.clocks.ladder import next_at
from services.supervision.schema import clocks
from shared.change import Change
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry.context import Trace, continued
from shared.worktime.limits import parse_limit

_KIND: Final = "clock"
_FIELDS: Final = tuple(field.name for field in fields(Clock))
_CHANGING: Final = (
    "unit", "calendar", "warn_at", "due_at", "state", "level", "suspended_at", "ended_at", "version", "next_at",
)  # fmt: skip
_STEPPING: Final = ("level", "version", "next_at")
"""What a step of the ladder changes. Steps come in thousands at once, and the fewer columns the cheaper."""
_TURN: Final = crc32(b"gridgov.supervision.watch")


def _update(names: Sequence[str]) -> sa.Update:
    columns = [clocks.c.id, *(clocks.c[name] for name in names)]
    changed = (
        sa.func.unnest(*(sa.bindparam(f"b_{column.name}", type_=sa.ARRAY(column.type)) for column in columns))
        .table_valued(*(sa.column(column.name, column.type) for column in columns), name="changed")
        .render_derived()
    )
    return (
        sa.update(clocks)
        .where(clocks.c.id == changed.c.id, clocks.c.version < changed.c.version)
        .values({name: changed.c[name] for name in names})
    )


_UPDATES: Final[Mapping[tuple[str, ...], sa.Update]] = {names: _update(names) for names in (_CHANGING, _STEPPING)}
_CURRENT: Final = (
    sa.select(clocks)
    .where(
        clocks.c.work_order_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))),
        clocks.c.state != State.STOPPED,
    )
    .order_by(clocks.c.id)
    .with_for_update()
)
_TAKE_TURN: Final = sa.select(sa.func.pg_try_advisory_xact_lock(_TURN))
_NOW: Final = sa.bindparam("now", type_=sa.DateTime(timezone=True))
_LIMIT: Final = sa.bindparam("limit", type_=sa.Integer)
_NOT_THESE: Final = clocks.c.id != sa.all_(sa.bindparam("without", type_=sa.ARRAY(sa.Uuid)))
_NEXT_AT: Final = (
    sa.select(clocks.c.next_at).where(clocks.c.next_at.is_not(None), _NOT_THESE).order_by(clocks.c.next_at).limit(1)
)
_LOADED: Final = sa.select(*(clocks.c[name] for name in _FIELDS), clocks.c.correlation_id, clocks.c.traceparent)
_DUE: Final = (
    _LOADED.where(clocks.c.next_at <= _NOW, _NOT_THESE)
    .order_by(clocks.c.next_at, clocks.c.id)
    .limit(_LIMIT)
    .with_for_update(skip_locked=True)
)
_DUE_ALONE: Final = _LOADED.where(
    clocks.c.next_at <= _NOW, clocks.c.id == sa.bindparam("id", type_=sa.Uuid)
).with_for_update(skip_locked=True)
_DUE_IDS: Final = (
    sa.select(clocks.c.id)
    .where(clocks.c.next_at <= _NOW, _NOT_THESE)
    .order_by(clocks.c.next_at, clocks.c.id)
    .limit(_LIMIT)
)
_STATES: Final = {state.value: state for state in State}
_KINDS: Final = {kind.value: kind for kind in Kind}
_LEVELS: Final = {level.value: level for level in Level}
_limit_of = lru_cache(maxsize=1000)(parse_limit)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the event that starts a clock says of its work order, and the trace it goes on from."""

    number: str
    area: str
    since: int
    trace: Trace | None


class Clocks:
    """Changes are written with the transaction, and before anything is loaded: a load never reads behind them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._new: dict[UUID, Origin] = {}
        self._changed: dict[UUID, Clock] = {}
        self._stepped: dict[UUID, Clock] = {}
        uow.before_commit(self._write)

    def start(self, change: Change[Clock], origin: Origin) -> None:
        """Store a new clock, attributed to the present cause."""
        self._new[change.after.id] = origin
        self.put(change)

    def put(self, change: Change[Clock]) -> None:
        """Write the new state of a loaded (or just started) clock, attributed to the present cause."""
        self._changed[change.after.id] = change.after
        self._uow.record(_KIND, change)

    def step(self, change: Change[Clock]) -> None:
        """`put` for a step of the ladder to a clock that `due` loaded and nothing else changes."""
        self._stepped[change.after.id] = change.after
        self._uow.record(_KIND, change)

    async def current(self, work_order_ids: Iterable[UUID]) -> dict[tuple[UUID, Kind], Clock]:
        """The newest clock of each kind that was not stopped, locked until the transaction ends, in id order."""
        await self._write()
        rows = await self._uow.connection.execute(_CURRENT, {"ids": list(set(work_order_ids))})
        newest = sorted(rows.mappings(), key=lambda row: row["since"])
        return {(clock.work_order_id, clock.kind): clock for clock in map(clock_of, newest)}

    async def take_turn(self) -> bool:
        """Whether this transaction is now the only one that fires; False while another one is.

        The turn ends with the transaction, however it ends. Without turns two batches would race to the outbox, and
        what is older could be told later.
        """
        return bool(await self._uow.connection.scalar(_TAKE_TURN))

    async def next_at(self, without: Collection[UUID] = ()) -> datetime | None:
        """When the next step of any clock but these is due (UTC), perhaps past already; one look at the end of an index."""
        found: datetime | None = await self._uow.connection.scalar(_NEXT_AT, {"without": list(without)})
        return found

    async def due_ids(self, now: datetime, limit: int, without: Collection[UUID]) -> Sequence[UUID]:
        """The ids alone of what `due` would load: they can be read whatever is wrong with a clock."""
        found = await self._uow.connection.scalars(_DUE_IDS, {"now": now, "limit": limit, "without": list(without)})
        return found.all()

    async def due_alone(self, now: datetime, clock_id: UUID) -> Iterator[tuple[Clock, Trace]]:
        """The same as `due` of one clock: none when it is not due any more, or in other hands."""
        rows = await self._uow.connection.execute(_DUE_ALONE, {"now": now, "id": clock_id})
        return _with_traces(rows)

    async def due(self, now: datetime, limit: int, without: Collection[UUID] = ()) -> Iterator[tuple[Clock, Trace]]:
        """Up to `limit` clocks but these with a step due by `now`, oldest first, locked, each with its trace.

        Those that an event is changing right now are passed over; the next look finds them as they are then.
        """
        await self._write()
        rows = await self._uow.connection.execute(_DUE, {"now": now, "limit": limit, "without": list(without)})
        return _with_traces(rows)

    async def _write(self) -> None:
        changed, new, stepped = self._changed, self._new, self._stepped
        self._changed, self._new, self._stepped = {}, {}, {}
        started = [_row(changed[clock_id], origin) for clock_id, origin in new.items()]
        if started:
            await self._uow.connection.execute(sa.insert(clocks), started)
        await self._update(_CHANGING, [clock for clock in changed.values() if clock.id not in new])
        await self._update(_STEPPING, stepped.values())

    async def _update(self, names: tuple[str, ...], moved: Collection[Clock]) -> None:
        if not moved:
            return
        arrays = {f"b_{name}": list(map(attrgetter(name), moved)) for name in ("id", *names[:-1])}
        arrays["b_next_at"] = list(map(next_at, moved))
        result = await self._uow.connection.execute(_UPDATES[names], arrays)
        if result.rowcount != len(moved):
            raise RuntimeError("a clock was written that this transaction had not loaded")


def _with_traces(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Clock, Trace]]:
    return ((_clock(row), continued(*row[len(_FIELDS) :])) for row in rows)


def clock_of(row: Any) -> Clock:
    """The clock of a row by names."""
    return _clock([row[name] for name in _FIELDS])


def _clock(row: Sequence[Any]) -> Clock:
    """The clock of values in the order of _FIELDS; more may follow."""
    clock_id, order, kind, unit, limit, calendar, started, warn, due, state, level, suspended, ended, version = row[:14]
    return Clock(
        clock_id, order, _KINDS[kind], unit, _limit_of(limit), calendar, started, warn, due, _STATES[state], _LEVELS[level],
        suspended, ended, version,
    )  # fmt: skip


def _row(clock: Clock, origin: Origin) -> dict[str, Any]:
    correlation_id, traceparent, _ = origin.trace or (None, None, None)
    return {
        **{name: getattr(clock, name) for name in _FIELDS},
        "limit": str(clock.limit),
        "next_at": next_at(clock),
        "number": origin.number,
        "area": origin.area,
        "since": origin.since,
        "correlation_id": correlation_id,
        "traceparent": traceparent,
    }
