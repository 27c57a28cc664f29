"""A tiny service called probe: one aggregate, two events, and what they did. Each test has a schema of its own.

The tests of the shared spine stand on it, so that no service's own rules come into them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gridgov.local.postgres import BlockingPostgres
from shared.bus.port import Record, TopicSpec
from shared.bus.postgres.bus import PostgresBus
from shared.change import Actor, Change
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.db.tables import service_tables
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events.base import Event
from shared.events.topics import dead_letters
from shared.ids import new_id
from shared.trail.tables import append_only
from shared.trail.verify import Verified, verify
from tests.support.databases import fresh_database

THINGS = "gridgov.probe.things"
BY = Actor(id="worker-1", role="grid_worker", unit="A7")
_numbers = count(1)


class ThingMoved(Event):
    type: ClassVar[str] = "gridgov.probe_thing.moved.v1"
    topic: ClassVar[str] = THINGS
    key_field: ClassVar[str] = "thing"
    thing: UUID
    step: int
    note: str = ""


class ThingNoted(ThingMoved):
    type: ClassVar[str] = "gridgov.probe_thing.noted.v1"


@dataclass(frozen=True, slots=True)
class Thing:
    id: UUID
    version: int = 1
    note: str = ""

    def moved(self, clock: SetClock, note: str = "", *events: Event, after: int = 1) -> Change["Thing"]:
        """The change to the next version, which tells the event ThingMoved unless others are given."""
        thing = replace(self, version=self.version + after, note=note)
        return Change(thing, "move", BY, clock.now(), what={"note": note}, events=events or (told(thing),))


def told(thing: Thing) -> ThingMoved:
    return ThingMoved(thing=thing.id, step=thing.version, note=thing.note)


class ProbeUnitOfWork(UnitOfWork):
    def __init__(self, database: Database, things: sa.Table) -> None:
        super().__init__(database)
        self._things = things

    async def add(self, *changes: Change[Thing]) -> None:
        rows = [{"id": c.after.id, "version": c.after.version, "note": c.after.note} for c in changes]
        await self.connection.execute(sa.insert(self._things), rows)
        for change in changes:
            self.record("thing", change)

    async def load(self, thing: UUID) -> Thing:
        """Locked until the transaction ends."""
        row = await self.connection.execute(sa.select(self._things).where(self._things.c.id == thing).with_for_update())
        return Thing(*row.one())

    async def put(self, change: Change[Thing]) -> None:
        after = change.after
        await self.connection.execute(
            sa.update(self._things).where(self._things.c.id == after.id).values(version=after.version, note=after.note)
        )
        self.record("thing", change)


class Probe:
    """The service's tables and what a test does with them."""

    def __init__(self, engine: AsyncEngine, clock: SetClock) -> None:
        self.engine, self.clock = engine, clock
        self.name = f"probe_{next(_numbers)}"
        self.tables = service_tables(self.name)
        self.things = sa.Table(
            "things",
            self.tables.metadata,
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("note", sa.Text, nullable=False, unique=True),
        )
        self.effects = sa.Table(
            "effects",
            self.tables.metadata,
            sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
            sa.Column("kind", sa.Text),
            sa.Column("thing", sa.Uuid),
            sa.Column("step", sa.Integer),
        )
        self.dead_letters = dead_letters(self.name)

    def uow(self, committed: Callable[[], None] = lambda: None) -> ProbeUnitOfWork:
        return ProbeUnitOfWork(Database(self.engine, self.tables, self.clock, committed), self.things)

    def new(self, note: str | None = None, *events: Event) -> Change[Thing]:
        thing = Thing(new_id(), 1, note if note is not None else f"note {next(_numbers)}")
        return Change(thing, "add", BY, self.clock.now(), events=events or (told(thing),))

    async def publish(self, *events: Event) -> None:
        """Put `events` into the outbox, as one new thing's."""
        async with self.uow() as uow:
            await uow.add(self.new(None, *events))

    async def change(self, thing: UUID, times: int = 1) -> None:
        async with self.uow() as uow:
            for _ in range(times):
                present = await uow.load(thing)
                await uow.put(present.moved(self.clock, f"note {next(_numbers)}"))

    async def rows(self, table: sa.Table) -> Sequence[Any]:
        async with self.engine.connect() as connection:
            return (await connection.execute(sa.select(table).order_by(*table.primary_key))).all()

    async def count(self, table: sa.Table) -> int:
        return len(await self.rows(table))

    async def headers(self) -> list[dict[str, str]]:
        """The headers of all messages in the outbox, in order."""
        return [json.loads(row.headers) for row in await self.rows(self.tables.outbox)]

    async def everything(self) -> dict[str, int]:
        names = ("things", "trail", "outbox", "processed_events")
        return {name: await self.count(self.tables.metadata.tables[f"{self.name}.{name}"]) for name in names}

    async def verified(self) -> Verified:
        async with self.engine.connect() as connection:
            return await verify(connection, self.tables, {"thing": self.things})

    async def sql(self, *statements: str, **values: object) -> None:
        """Run statements in the probe's schema, as a superuser may."""
        async with self.engine.begin() as connection:
            await connection.execute(sa.text(f"SET LOCAL search_path = {self.name}"))
            for statement in statements:
                await connection.execute(sa.text(statement), values)


@pytest.fixture(scope="session")
def probe_database(migrated_server: BlockingPostgres) -> Iterator[str]:
    with fresh_database(migrated_server) as name:
        yield name


@pytest.fixture
async def probe(migrated_server: BlockingPostgres, probe_database: str, clock: SetClock) -> AsyncIterator[Probe]:
    """The probe in a schema of the test's own."""
    engine = open_engine(migrated_server.url_of(probe_database), service="probe", pool=12)
    probe = Probe(engine, clock)

    def create(connection: sa.Connection) -> None:
        connection.execute(sa.schema.CreateSchema(probe.name))
        probe.tables.metadata.create_all(connection)
        for statement in append_only(probe.name):
            connection.execute(sa.text(statement))

    async with engine.begin() as connection:
        await connection.run_sync(create)
    yield probe
    await engine.dispose()


@pytest.fixture
async def bus(migrated_server: BlockingPostgres, probe_database: str, probe: Probe) -> AsyncIterator[PostgresBus]:
    """A real bus of the test's own, with the probe's topics."""
    bus = PostgresBus(migrated_server.dsn_of(probe_database), schema=f"bus_{probe.name}")
    await bus.start()
    await bus.ensure_topics([TopicSpec(THINGS, partitions=3), TopicSpec(probe.dead_letters, partitions=1)])
    yield bus
    await bus.close()


async def published(bus: PostgresBus, topic: str = THINGS) -> list[Record]:
    """All that ever was sent to `topic`, each partition in its order."""
    reader = await bus.consumer(str(new_id()), [topic], "reader")
    records: list[Record] = []
    while any((await reader.lag()).values()):
        records += await reader.fetch(limit=1000, wait=0.05)
        await reader.commit()
    await reader.close()
    return records


def steps_by_thing(records: Sequence[Record]) -> dict[str, list[int]]:
    """The steps told of each thing, in the order of delivery."""
    told: dict[str, list[int]] = {}
    for record in records:
        told.setdefault(str(record.key), []).append(json.loads(record.value or b"")["step"])
    return told


async def until(true: Callable[[], Any], seconds: float = 20) -> None:
    """Wait for what must come; `true` may be a coroutine function."""
    async with asyncio.timeout(seconds):
        while True:
            answer = true()
            if await answer if asyncio.iscoroutine(answer) else answer:
                return
            await asyncio.sleep(0.005)


async def backend(connection: AsyncConnection) -> int:
    return int((await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one())
