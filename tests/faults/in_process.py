"""The whole platform in one process, at work while it is disturbed: its grounds, its loops, its load and its verdict.

For faults that need no killed process. The database is real, the bus PostgreSQL or a real Kafka; time stands still until
a test moves it, so an end state depends on nothing but what was done.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest
import structlog
from aiokafka import AIOKafkaProducer

from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.postgres import BlockingPostgres
from gridgov.operations import dead_letters as dead
from gridgov.operations.invariants import audit
from services.manifest import SERVICES
from shared.audit.evidence import Acked, Evidence, Violation
from shared.auth.principal import Role
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.log import KafkaLog
from shared.bus.log import Log, Place, Span
from shared.bus.port import Bus, Record
from shared.bus.postgres.bus import PostgresBus
from shared.bus.postgres.log import PostgresLog
from shared.clock import SetClock
from shared.service import run_loops
from tests.conftest import NOON
from tests.support.buses import Apart
from tests.support.city import CITY, INSIDE, STREET_URBAN
from tests.support.gridgov import GridGov, gridgov
from tests.support.kafka import shared_kafka

T = TypeVar("T")
ARRIVES_WITHIN: Final = 60.0
"""Seconds that a test waits for anything."""


class _ApartLog:
    """The log under the prefix of `Apart`, as the audit wants to see it."""

    def __init__(self, log: KafkaLog, prefix: str) -> None:
        self._log, self._prefix = log, prefix

    async def start(self) -> None:
        await self._log.start()

    async def close(self) -> None:
        await self._log.close()

    async def describe(self) -> str:
        return await self._log.describe()

    async def spans(self, topics: Sequence[str]) -> Mapping[Place, Span]:
        found = await self._log.spans([self._prefix + topic for topic in topics])
        return {Place(topic.removeprefix(self._prefix), part): span for (topic, part), span in found.items()}

    async def committed(self, group: str) -> Mapping[Place, int]:
        found = await self._log.committed(self._prefix + group)
        return {Place(topic.removeprefix(self._prefix), part): offset for (topic, part), offset in found.items()}

    async def records(self, topic: str, spans: Mapping[Place, Span] | None = None) -> AsyncIterator[Record]:
        assert spans is None
        async for record in self._log.records(self._prefix + topic):
            yield Record(topic, record.partition, record.offset, record.key, record.value, record.headers, record.at)


@dataclass(frozen=True, slots=True)
class Ground:
    """A database and a bus of the test's own; `kafka` None is the bus in that database."""

    server: BlockingPostgres
    database: str
    directory: Path
    kafka: str | None = None
    prefix: str = field(default_factory=lambda: f"fault-{uuid4().hex[:8]}.")

    @asynccontextmanager
    async def platform(
        self, around: Callable[[Bus], Bus] = lambda bus: bus, *, first: bool = True
    ) -> AsyncIterator[GridGov]:
        """The platform on this ground, with what `around` makes of its bus. Not `first`: one more beside another."""
        bus: Bus = PostgresBus(self.dsn) if self.kafka is None else Apart(KafkaBus(self.kafka), self.prefix)
        await bus.start()
        try:
            city, url = CITY if first else None, self.server.url_of(self.database)
            async with gridgov(url, around(bus), SetClock(NOON), self.directory, city=city, pool=8) as platform:
                yield platform
        finally:
            await bus.close()

    @property
    def dsn(self) -> str:
        return self.server.dsn_of(self.database)

    @asynccontextmanager
    async def log(self) -> AsyncIterator[Log]:
        log: Log = PostgresLog(self.dsn) if self.kafka is None else _ApartLog(KafkaLog(self.kafka), self.prefix)
        await log.start()
        try:
            yield log
        finally:
            await log.close()

    async def run(self, *scripts: str) -> None:
        """Run SQL as the superuser."""
        connection = await asyncpg.connect(self.dsn)
        try:
            for script in scripts:
                await connection.execute(script)
        finally:
            await connection.close()

    async def fetch(self, query: str, *values: Any) -> list[Any]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    async def write_as_stranger(self, topic: str, key: str | None, value: bytes | None, headers: Any) -> None:
        """Append what none of our producers would send."""
        if self.kafka is not None:
            producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
            await producer.start()
            try:
                marks = [(name, text.encode()) for name, text in headers.items()]
                await producer.send_and_wait(self.prefix + topic, value, key and key.encode(), headers=marks)
            finally:
                await producer.stop()
            return
        connection = await asyncpg.connect(self.dsn)
        try:
            find = "SELECT min(p.id) FROM bus.partition p JOIN bus.topic t ON t.id = topic WHERE name = $1"
            part = await connection.fetchval(find, topic)
            await connection.execute("SET search_path = bus")
            await connection.fetch(
                "SELECT * FROM append($1, $2, $3, $4)", [part], [key], [value], [json.dumps(headers)]
            )
        finally:
            await connection.close()


@pytest.fixture
def ground(
    request: pytest.FixtureRequest, migrated_server: BlockingPostgres, database_name: str, tmp_path: Path
) -> Ground:
    """Parametrised (indirectly) with "kafka", else on the PostgreSQL bus."""
    on_kafka = getattr(request, "param", "postgres") == "kafka"
    kafka = request.getfixturevalue("broker").bootstrap if on_kafka else None
    return Ground(migrated_server, database_name, tmp_path, kafka)


@pytest.fixture(scope="module", autouse=True)
def plain_log() -> Iterator[None]:
    """Errors are logged in a few lines. What structlog prints until it is told, every local of every frame, takes whole
    seconds, in which nothing else runs: one refused request would bring the next."""
    *processors, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*processors, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """The session's broker where several test processes share one, else the module's."""
    shared = hasattr(request.config, "workerinput")
    base = tmp_path_factory.getbasetemp() if shared else tmp_path_factory.mktemp("kafka")
    with shared_kafka(base) as kafka:
        yield kafka


@asynccontextmanager
async def at_work(*platforms: GridGov, without: Sequence[str] = (), settle: bool = True) -> AsyncIterator[None]:
    """All loops of all services run while the block does, but for those named; then everything has been handled."""
    stop = asyncio.Event()
    consumers = [consumer for platform in platforms for consumer in platform.consumers]
    for consumer in consumers:
        await consumer.leave()
    loops = {
        f"{name} {number}": loop
        for number, platform in enumerate(platforms)
        for service in platform.services.values()
        for name, loop in service.loops.items()
        if name not in without and not name.endswith("housekeeping")
    }
    working = asyncio.create_task(run_loops(loops, stop), name="loops")
    try:
        yield
    finally:
        stop.set()
        await working
        for consumer in platforms[0].consumers:
            await consumer.join()
    if settle:
        await platforms[0].drain()


async def eventually(what: Callable[[], Awaitable[T]]) -> T:
    """What `what` gives as soon as that is something. Raises TimeoutError."""
    pause = 0.05
    async with asyncio.timeout(ARRIVES_WITHIN):
        while not (found := await what()):
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.5)
    return found


async def ask(
    platform: GridGov, service: str, method: str, path: str, headers: Mapping[str, str], body: Any = None
) -> httpx2.Response:
    """The answer, after as many tries as a patient client makes: 429 and 503 say when to come again."""
    async with asyncio.timeout(ARRIVES_WITHIN):
        while True:
            answer = await platform.clients[service].request(method, path, json=body, headers=dict(headers))
            if answer.status_code not in (429, 503):
                return answer
            await asyncio.sleep(min(1.0, float(answer.headers["retry-after"])))


@dataclass(slots=True)
class Residents:
    """The load: people who report beside the fault, each as soon as the one before was answered. Every tenth report is
    sent again, every third accepted by its department."""

    platforms: Sequence[GridGov]
    seed: int
    people: int
    acked: list[Acked] = field(default_factory=list)
    stopped: bool = False
    _begun: int = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as people:
            for n in range(self.people):
                people.create_task(self._person(random.Random(100 * self.seed + n)))

    async def reached(self, count: int) -> None:
        """Until so many more reports have been answered."""
        wanted = len(self.acked) + count

        async def there() -> bool:
            return len(self.acked) >= wanted

        await eventually(there)

    async def _person(self, chance: random.Random) -> None:
        while not self.stopped:
            number, self._begun = self._begun, self._begun + 1
            platform, key = self.platforms[number % len(self.platforms)], f"beside-{self.seed}-{number}"
            first = await self._report(platform, key)
            self.acked.append(Acked(key, UUID(first["id"]), first["number"]))
            if chance.random() < 0.1:
                second = await self._report(platform, key)
                assert (second["id"], second["number"]) == (first["id"], first["number"]), "one key has two reports"
            if chance.random() < 0.33:
                order = await the_order(platform, first["id"])
                sent = {**platform.caller(Role.DEPARTMENT_HANDLER, STREET_URBAN), "if-match": f'"{order["version"]}"'}
                answer = await ask(platform, "dispatch", "POST", f"/work-orders/{order['id']}/accept", sent, {})
                assert answer.status_code == 200, answer.text
            await asyncio.sleep(chance.uniform(0.02, 0.2))

    async def _report(self, platform: GridGov, key: str) -> dict[str, Any]:
        sent = {**platform.caller(Role.SERVICE), "idempotency-key": key}
        body = {"text": "路边井盖不见了", "channel": "hotline", "point": INSIDE}
        answer = await ask(platform, "intake", "POST", "/reports", sent, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@asynccontextmanager
async def reporting(*platforms: GridGov, seed: int, people: int = 3) -> AsyncIterator[Residents]:
    """Reports arrive while the block runs; all of them have been answered when it ends."""
    residents = Residents(platforms, seed, people)
    running = asyncio.create_task(residents.run(), name="residents")
    try:
        await residents.reached(3)
        yield residents
        await residents.reached(3)
    finally:
        residents.stopped = True
        await running


async def the_order(platform: GridGov, report_id: str) -> dict[str, Any]:
    """The work order of a report, as soon as it has one."""

    async def found() -> Any:
        path = f"/work-orders?report_id={report_id}"
        return (await ask(platform, "dispatch", "GET", path, platform.caller(Role.ADMIN))).json()["items"]

    (order,) = await eventually(found)
    return dict(order)


async def letters(ground: Ground) -> list[dead.Letter]:
    """The open dead letters of all services."""
    async with ground.log() as log:
        return [letter async for letter in dead.pending(log, SERVICES)]


async def violations(ground: Ground, platform: GridGov, acked: Sequence[Acked] = ()) -> tuple[list[Violation], Any]:
    """What the audit finds, and what it looked at. Nothing has to be waited for: the platform is drained."""
    engines = {name: service.database.engine for name, service in platform.services.items()}
    async with ground.log() as log:
        evidence = Evidence(engines, log, platform.clock.now(), timedelta(0), acked)
        return await audit(evidence), evidence.checked


_COUNTS: Final = """
    SELECT (SELECT count(*) FROM intake.reports WHERE status NOT IN ('needs_review', 'rejected')) AS reports,
           (SELECT count(*) FROM dispatch.work_orders) AS orders,
           (SELECT count(DISTINCT source_id) FROM dispatch.work_orders) AS with_order,
           (SELECT count(*) FROM dispatch.work_orders o JOIN supervision.things s USING (id)
            WHERE o.version = s.version) AS watched
"""
_LEFT_BEHIND: Final = """
    SELECT r.number, r.status, o.state FROM intake.reports r JOIN dispatch.work_orders o ON o.source_id = r.id
    WHERE r.status <> CASE WHEN o.state IN ('resolved', 'verified') THEN 'resolved' WHEN o.state = 'closed' THEN 'closed'
                           ELSE 'dispatched' END
"""
"""Reports that have not followed their work orders."""


async def audited(ground: Ground, platform: GridGov, acked: Sequence[Acked] = ()) -> dict[str, int]:
    """What the audit looked at, after it found nothing, and our own counts, which share no code with it, neither."""
    found, checked = await violations(ground, platform, acked)
    assert found == [], found[:10]
    rows = await ground.fetch("SELECT client_key, id, number FROM intake.reports")
    stored = Counter((row["client_key"], row["id"], row["number"]) for row in rows)
    assert all(stored[answered.key, answered.id, answered.number] == 1 for answered in acked), "acknowledged and lost"
    (counts,) = await ground.fetch(_COUNTS)
    assert counts["reports"] == counts["orders"] == counts["with_order"] == counts["watched"] > 0, dict(counts)
    left = await ground.fetch(_LEFT_BEHIND)
    assert left == [], left[:5]
    assert checked["acked"] == len(acked) if acked else True
    assert checked["trail_entries"] > 0 and checked["offsets"] > 0
    return checked
