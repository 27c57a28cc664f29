"""One transaction per request or event batch, and the only code that commits.

Rows, trail entries and outbox messages that belong together are written in one transaction: aggregate rows first (the
stores do that), trail and outbox after them. Nothing is sent from here; the relay sends what was committed.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from time import perf_counter
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.bus.port import Record
from shared.change import Change
from shared.clock import Clock
from shared.db.bulk import append_rows
from shared.db.outbox.told import show_now
from shared.db.tables import ServiceTables
from shared.events import codec, topics
from shared.events.base import Event
from shared.telemetry import context
from shared.trail.entry import ORIGIN, Entry, entry, head_text
from shared.trail.read import hashes_at

S = TypeVar("S")


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A bare transaction for the plumbing (relay, housekeeping, seeding of tables without trail)."""
    async with engine.begin() as connection:
        yield connection


@dataclass(frozen=True, slots=True)
class Database:
    """What a unit of work needs and the composition root owns. `committed` is called after each commit with outbox rows."""

    engine: AsyncEngine
    tables: ServiceTables
    clock: Clock
    committed: Callable[[], None] = lambda: None
    ended: Callable[[str, float], None] = lambda _outcome, _seconds: None
    """Told of every transaction's outcome (`committed`, `rolled_back`) and duration in seconds."""


class _Recorded(NamedTuple):
    kind: str
    change: Change[Any]
    trace: context.Trace | None
    places: Sequence[str]


_Message = tuple[str, str, str, bytes | None, datetime]
"""A row for the outbox, in the order of _MESSAGE."""


class UnitOfWork:
    """`async with uow:` opens the transaction; leaving it without an error commits, with one rolls back.

    `now` is the instant of the whole transaction (UTC). Only who tells of a past in which much happened moves it on,
    after each `flush`.
    """

    connection: AsyncConnection
    now: datetime

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables = database.tables
        self._parts: dict[Callable[[UnitOfWork], Any], Any] = {}
        self._writers: list[Callable[[], Awaitable[object]]] = []
        self._changes: list[_Recorded] = []
        self._dead_letters: list[_Message] = []
        self._ahead: asyncio.Task[None] | None = None
        self._published = False

    async def __aenter__(self) -> Self:
        self.now = self._database.clock.now()
        self._started = perf_counter()
        self.connection = await self._database.engine.connect()
        try:
            self._transaction = await self.connection.begin()
            if self._tables.tells:
                self.now = await show_now(self.connection, self._tables.service, self._database.clock)
        except BaseException:
            await self.connection.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        outcome = "rolled_back"
        try:
            if error is None:
                await self._written_ahead()
                await self._write()
                await self._transaction.commit()
                outcome = "committed"
            else:
                with suppress(Exception):  # it would have failed the transaction, which failed already
                    await self._written_ahead()
                await self._transaction.rollback()
        finally:
            await self.connection.close()
            self._database.ended(outcome, perf_counter() - self._started)
        if error is None and self._published:
            self._database.committed()

    @property
    def tables(self) -> ServiceTables:
        """The tables of this transaction's service, for handlers that several services share."""
        return self._tables

    def part(self, make: "Callable[[UnitOfWork], S]") -> S:
        """What `make` makes of this unit of work, made once: its stores (`Posts.of(uow)`)."""
        if make not in self._parts:
            self._parts[make] = make(self)
        made: S = self._parts[make]
        return made

    def before_commit(self, write: Callable[[], Awaitable[object]]) -> None:
        """A store's way to write all its changed rows in one statement, before trail and outbox."""
        self._writers.append(write)

    def record(
        self,
        kind: str,
        change: Change[Any],
        *,
        trace: context.Trace | None = None,
        places: Sequence[str] = (),
    ) -> None:
        """Put the trail entry and events of `change` to an aggregate of `kind` into this transaction.

        Called by the stores, in the order of the changes of each aggregate. `trace` is what caused it, where that is
        no longer the present work; `places` are the codes of the units that place the aggregate.
        """
        self._changes.append(_Recorded(kind, change, trace or context.current(), places))

    async def flush(self) -> None:
        """Write the rows of all that was changed so far, for reads that do not go through their stores; trail and outbox
        follow with the commit."""
        await self._written_ahead()
        await self._write_rows()

    async def write_ahead(self) -> None:
        """Let the database write what was recorded so far, while the caller records more: for who records thousands.

        Nothing but `record` may follow, since the connection is in use. The loop must turn every millisecond or so.
        """
        await self._written_ahead()
        self._ahead = asyncio.create_task(self._write())
        await asyncio.sleep(0)  # what was recorded so far is taken, before the caller goes on

    async def take_new(self, event_ids: Sequence[UUID]) -> set[UUID]:
        """Note `event_ids` as taken and return those that were not taken before (the processed_events)."""
        # Sorted, so that two transactions taking the same ids wait for each other instead of deadlocking.
        taken = await self.connection.execute(
            _take_new(self._tables.processed_events), {"ids": sorted(event_ids, key=_number), "at": self.now}
        )
        return set(taken.scalars())

    def dead_letter(self, record: Record, *, group: str, reason: str) -> None:
        """Send `record` as it came to this service's dead letters, with its origin and the reason."""
        headers = {
            **record.headers,
            "dead_topic": record.topic,
            "dead_partition": str(record.partition),
            "dead_offset": str(record.offset),
            "dead_group": group,
            "dead_reason": reason,
            "dead_at": self.now.isoformat(),
        }
        self._dead_letters.append(
            (
                topics.dead_letters(self._tables.service),
                # PostgreSQL's text holds no NUL; a stranger's key may.
                (record.key or f"{record.topic}/{record.partition}").replace("\x00", "\ufffd"),
                json.dumps(headers, ensure_ascii=False),
                record.value,
                self.now,
            )
        )

    async def _written_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            await ahead

    async def _write_rows(self) -> None:
        for write in self._writers:
            await write()

    async def _write(self) -> None:
        """Rows, then trail and outbox, of what was recorded until now."""
        changes, self._changes = self._changes, []
        entries: list[Entry] = []
        heads: dict[UUID, bytes] = {}
        if changes:
            await self._find_heads(heads, changes)
            async with _beside(self._write_rows()):
                entries = _chained(changes, heads)
        else:
            await self._write_rows()
        if self._changes:  # what the stores found to be new, or was recorded meanwhile
            new, self._changes = self._changes, []
            await self._find_heads(heads, new)
            entries += _chained(new, heads)
            changes += new
        messages: list[_Message] = []
        if entries:
            rows = [(*made, recorded.places) for recorded, made in zip(changes, entries, strict=True)]
            async with _beside(append_rows(self.connection, self._tables.trail, _TRAIL, rows)):
                messages = [
                    self._message(event, recorded, made)
                    for recorded, made in zip(changes, entries, strict=True)
                    for event in recorded.change.events
                ]
        messages += self._dead_letters
        self._dead_letters = []
        if messages:
            await append_rows(self.connection, self._tables.outbox, _MESSAGE, messages)
            self._published = True

    async def _find_heads(self, heads: dict[UUID, bytes], changes: Sequence[_Recorded]) -> None:
        """Put into `heads` the hash to chain to, per aggregate changed here and not in it yet: ORIGIN for new ones, else
        the last stored entry's.

        Whoever made the chain grow since has moved the aggregate's version on too, and its row is then not written.
        """
        first: dict[UUID, int] = {}
        for recorded in changes:
            first.setdefault(recorded.change.after.id, recorded.change.after.version)
        heads.update((aggregate, ORIGIN) for aggregate, version in first.items() if version == 1)
        old = [aggregate for aggregate in first if aggregate not in heads]
        if old:
            rows = await self.connection.execute(
                hashes_at(self._tables.trail), {"ids": old, "seqs": [first[aggregate] - 1 for aggregate in old]}
            )
            heads.update((row.aggregate_id, row.hash) for row in rows)
        if missing := first.keys() - heads.keys():
            raise RuntimeError(
                f"no trail entry to follow: {', '.join(f'{i} before {first[i]}' for i in sorted(missing))}"
            )

    def _message(self, event: Event, recorded: _Recorded, made: Entry) -> _Message:
        at = recorded.change.at
        headers = codec.headers_of(
            event, source=self._tables.service, at=at, trace=recorded.trace, trail=head_text(made)
        )
        return event.topic, headers["ce_subject"], to_json(headers).decode(), codec.value_of(event), at


def _chained(changes: Sequence[_Recorded], heads: dict[UUID, bytes]) -> list[Entry]:
    """The trail's entries, each chained to the one before; `heads` moves on with them."""
    entries = []
    for recorded in changes:
        made = entry(recorded.kind, recorded.change, heads[recorded.change.after.id])
        heads[made.aggregate_id] = made.hash
        entries.append(made)
    return entries


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The database does `work` while Python does what is in the block."""
    task = asyncio.create_task(work)
    try:
        await asyncio.sleep(0)
        yield
    finally:
        await task


_number = attrgetter("int")  # the order of UUIDs, without a call of Python code for each comparison
_TRAIL = (*Entry._fields, "places")
_MESSAGE = ("topic", "key", "headers", "value", "at")


@cache  # making a statement anew costs more than running it
def _take_new(processed_events: sa.Table) -> sa.Executable:
    ids = sa.func.unnest(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))).column_valued("event_id")
    rows = sa.select(ids, sa.bindparam("at", type_=sa.DateTime(timezone=True)))
    statement = postgresql.insert(processed_events).from_select(["event_id", "at"], rows)
    return statement.on_conflict_do_nothing().returning(processed_events.c.event_id)
