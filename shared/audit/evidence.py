"""What the audit may look at: the services' databases and the topics, read only; and the load log, when there is one.

A running system moves while it is read. So each invariant reads first what comes later in the course of things (an
offset, an outbox row) and then what must have been there before it (the processed_events, the topic): a healthy system has then
nothing to show, however busy it is.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.bus.log import Log
from shared.bus.port import Record
from shared.db.tables import service_tables
from shared.events.base import Event
from shared.events.codec import Undecodable, decode
from shared.events.topics import TOPICS, owner_of

T = TypeVar("T")
E = TypeVar("E", bound=Event)
CHUNK = 5_000
_KEPT = {topic.name: timedelta(days=topic.retention_days) - timedelta(hours=1) for topic in TOPICS}


@dataclass(frozen=True, slots=True)
class Acked:
    """One answer 201 that a load generator got: under which key, and the report's id and number."""

    key: str | None
    id: UUID
    number: str | None


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise: of which invariant (docs/operations.md), what is wrong, and the id of what it is about."""

    invariant: int
    what: str
    id: str


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a hazard stands, or its work order: `open`, `resolved` (said to be put right) or `closed`, since `at` at the
    latest; `due_at` is its deadline."""

    number: str
    stands: str
    due_at: datetime | None
    at: datetime


@dataclass(slots=True)
class Evidence:
    """`engines` by service (several may be one database); `within` is T of the invariants: how long what must follow
    may take; `now` the instant of the audit, by the services' clock."""

    engines: Mapping[str, AsyncEngine]
    log: Log
    now: datetime
    within: timedelta = timedelta(seconds=60)
    acked: Sequence[Acked] | None = None
    files: str | None = None
    """Where photos are (GRIDGOV_FILES)."""
    checked: dict[str, int] = field(default_factory=dict)
    """How many of each were looked at, by name."""

    @property
    def settled(self) -> datetime:
        """What happened before this instant must have had its consequences."""
        return self.now - self.within

    def held_since(self, topic: str) -> datetime:
        """What was published to `topic` after this instant is surely still there; nothing older is asked for."""
        return self.now - _KEPT[topic]

    def count(self, name: str, number: int = 1) -> None:
        self.checked[name] = self.checked.get(name, 0) + number

    @asynccontextmanager
    async def reading(self, service: str) -> AsyncIterator[AsyncConnection]:
        async with self.engines[service].connect() as connection:
            yield await connection.execution_options(postgresql_readonly=True)

    async def rows(self, service: str, query: sa.Executable, **values: Any) -> AsyncIterator[Any]:
        """Rows as the server delivers them, so that a million need no memory."""
        async with self.reading(service) as connection:
            async for row in await connection.stream(query, values):
                yield row

    async def missing(self, service: str, column: sa.Column[Any], ids: Iterable[UUID]) -> set[UUID]:
        """Those of `ids` that `column` does not hold now."""
        wanted = set(ids)
        return wanted - (await self.values(service, column, column, wanted)).keys()

    async def values(
        self, service: str, key: sa.Column[Any], value: sa.Column[Any], ids: Iterable[UUID]
    ) -> dict[UUID, Any]:
        """`value` of each row whose `key` is one of `ids`, now."""
        query = sa.select(key, value).where(key == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
        found: dict[UUID, Any] = {}
        async with self.reading(service) as connection:
            for chunk in chunks(ids):
                found.update((row[0], row[-1]) for row in await connection.execute(query, {"ids": chunk}))
        return found

    async def told(self, topic: str, *kinds: type[E]) -> AsyncIterator[tuple[UUID, E]]:
        """Id and event of every message of one of `kinds` in `topic`, in the topic's order. What cannot be read is no
        event; that it went to the dead letters is invariant 8's."""
        async for record in self.log.records(topic):
            for found in _read(record, kinds):
                yield found

    async def published(self, topic: str, *kinds: type[E]) -> AsyncIterator[tuple[UUID, E]]:
        """The same of everything that is, or will be, in `topic`."""
        async for record in self.records(topic):
            for found in _read(record, kinds):
                yield found

    async def waiting(self, topic: str) -> AsyncIterator[Record]:
        """What is in the outbox for `topic`, as records without a place."""
        owner = owner_of(topic)
        outbox = service_tables(owner).outbox
        query = sa.select(outbox).where(outbox.c.topic == topic).order_by(outbox.c.id)
        async for row in self.rows(owner, query):
            yield Record(topic, -1, -1, row.key, row.value, json.loads(row.headers), row.at)

    async def records(self, topic: str) -> AsyncIterator[Record]:
        """What is on its way to `topic`, and then what is in it, so that what moves meanwhile is seen."""
        async for record in self.waiting(topic):
            yield record
        async for record in self.log.records(topic):
            yield record


def _read(record: Record, kinds: tuple[type[E], ...]) -> Iterable[tuple[UUID, E]]:
    try:
        envelope = decode(record, {kind.type: kind for kind in kinds})
    except Undecodable:
        return
    if envelope is not None:
        yield envelope.id, cast("E", envelope.event)


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterable[list[T]]:
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


Invariant = Callable[[Evidence], AsyncIterator[Violation]]
"""Yields what breaks it; changes nothing."""
