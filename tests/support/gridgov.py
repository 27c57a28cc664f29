"""The whole platform in one test: four services on a database of the test's own, a bus, a clock, and callers.

Tests post, `drain()`, assert. Draining runs relays and consumers by hand until nothing moves any more, so a test sees
the state after the last event, not after some milliseconds.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from services.dispatch import app as dispatch
from services.intake import app as intake
from services.intake.classifier.keyword import KeywordClassifier
from services.manifest import SERVICES
from services.registry import app as registry
from services.registry.city.import_city import City, import_city
from services.registry.duties.apply_plans import apply_plans
from services.registry.schema import tables as registry_tables
from services.supervision import app as supervision
from services.supervision.clocks.take_due_steps import take_due_steps
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.consumer import EventConsumer
from shared.bus.layout import MARK
from shared.bus.port import Bus, Record
from shared.change import Actor
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events.topics import TOPICS
from shared.service import Resources, Service
from shared.settings import Settings
from shared.telemetry.metrics import Metrics
from shared.trail.verify import verify
from shared.worktime.calendar import china

ROUNDS = 50
"""More rounds than any chain of events is long: if it is still moving then, it moves in a circle."""

WORDS = {"井盖": "urban_construction", "油烟": "environment", "公交": "transport", "低保": "civil_affairs"}
"""What the tests' classifier knows; a text without any of these words gets a category with confidence 0."""


@dataclass(slots=True)
class GridGov:
    """`clients` are HTTP clients by service; `caller()` gives the headers of whoever asks."""

    services: Mapping[str, Service]
    clients: Mapping[str, httpx2.AsyncClient]
    issuer: LocalIssuer
    clock: SetClock
    bus: Bus
    metrics: Metrics

    def token(
        self, role: Role, unit: str | None = None, subject: str | None = None, premises: UUID | None = None
    ) -> str:
        subject = subject or (f"{role}@{unit}" if unit else str(role))
        return self.issuer.issue(subject, role, unit=unit, premises=premises)

    def caller(self, role: Role, unit: str | None = None, subject: str | None = None) -> dict[str, str]:
        """The headers of a caller."""
        return {"authorization": f"Bearer {self.token(role, unit, subject)}"}

    async def get(
        self, service: str, path: str, *, role: Role = Role.ADMIN, unit: str | None = None, **query: Any
    ) -> Any:
        """The body of a GET that must succeed."""
        answer = await self.clients[service].get(path, params=query, headers=self.caller(role, unit))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def report(
        self, text: str, key: str, *, role: Role = Role.SERVICE, unit: str | None = None, **more: Any
    ) -> httpx2.Response:
        """Send a report and return the answer, whatever it is."""
        return await self.clients["intake"].post(
            "/reports",
            json={"text": text, "channel": "hotline", **more},
            headers={**self.caller(role, unit), "idempotency-key": key},
        )

    async def reported(self, text: str, key: str, **more: Any) -> str:
        """Send a report that must be accepted, let everything follow from it, and return its id."""
        answer = await self.report(text, key, **more)
        assert answer.status_code == 201, answer.text
        await self.drain()
        return str(answer.json()["id"])

    async def work_order(self, report_id: str) -> dict[str, Any]:
        """The one work order of a report."""
        (order,) = (await self.get("dispatch", "/work-orders", report_id=report_id))["items"]
        return dict(order)

    async def act(
        self,
        order: Mapping[str, Any],
        action: str,
        role: Role,
        unit: str | None = None,
        *,
        subject: str | None = None,
        version: int | None = None,
        **body: Any,
    ) -> httpx2.Response:
        """Do `action` to a work order at the version it was read (or another), and return the answer."""
        headers = {**self.caller(role, unit, subject), "if-match": f'"{version or order["version"]}"'}
        return await self.clients["dispatch"].post(f"/work-orders/{order['id']}/{action}", json=body, headers=headers)

    @property
    def consumers(self) -> list[EventConsumer]:
        return [service.consumer for service in self.services.values() if service.consumer is not None]

    async def drain(self) -> None:
        """Send and handle until every outbox is empty and every consumer has read all."""
        for turn in range(ROUNDS):
            sent = await asyncio.gather(*(service.relay.send_batch() for service in self.services.values()))
            if turn and not sum(sent):
                return
            await asyncio.gather(*(consumer.drain() for consumer in self.consumers))
        raise AssertionError(f"still moving after {ROUNDS} rounds: something answers itself")

    async def watch(self) -> int:
        """Let supervision hear that everything until now was told, take every step that is due by now, and what follows
        from it; how many steps that were."""
        await self.tell()
        return await self.take_steps()

    async def take_steps(self) -> int:
        """Let supervision take the steps that are due as far as it has heard; how many those were."""
        steps = 0
        while True:
            async with UnitOfWork(self.services["supervision"].database) as uow:
                taken = await take_due_steps(uow)
            if not taken:
                break
            steps += len(taken)
        await self.drain()
        return steps

    async def apply_plans(self) -> None:
        """Let registry make duties of its plans for all units and premises, and tell of them."""
        registry = self.services["registry"]
        while True:
            async with UnitOfWork(registry.database) as uow:
                if not await apply_plans(uow, china()):
                    break
        await self.drain()

    async def tell(self) -> None:
        """Let the owners of limits say up to when they have told everything, and supervision hear it. The clock goes on by
        a tick, since more can happen at the instant at which it stands. Twice: who follows another owner tells no more than
        it has heard of that one."""
        self.clock.advance(timedelta(microseconds=1))
        for _ in range(2):
            for service in self.services.values():
                if service.tables.tells:
                    await service.relay.send_batch(tell=True)
            await self.drain()

    async def records(self, *topics: str) -> list[Record]:
        """Every event that was ever sent to the topics and is still there, topic by topic; not how far all was told."""
        reader = await self.bus.consumer(f"test-{uuid4().hex}", topics, "reader")
        records: list[Record] = []
        # A broker that has just started may have no coordinator for a new group yet.
        async with asyncio.timeout(30):
            while (batch := await reader.fetch(limit=500, wait=0.2)) or any((await reader.lag()).values()):
                records += [record for record in batch if record.key != MARK]
                await reader.commit()
        await reader.close()
        return sorted(records, key=lambda record: (topics.index(record.topic), record.partition, record.offset))

    async def content(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table but what is sent, taken and told, each table in a fixed order."""
        found = {}
        for service in self.services.values():
            metadata = service.tables.metadata
            async with service.database.engine.connect() as connection:
                for table in metadata.sorted_tables:
                    if table.name not in ("outbox", "processed_events", "told"):
                        rows = await connection.execute(sa.select(table).order_by(*table.primary_key.columns))
                        found[f"{service.name}.{table.name}"] = [dict(row) for row in rows.mappings()]
        return found

    async def rows(self) -> dict[str, int]:
        """How many rows each table has, outboxes included: what "nothing changed" is measured by."""
        found = {}
        for service in self.services.values():
            async with service.database.engine.connect() as connection:
                for table in service.tables.metadata.sorted_tables:
                    count = await connection.scalar(sa.select(sa.func.count()).select_from(table))
                    found[f"{service.name}.{table.name}"] = count or 0
        return found

    async def trail_violations(self) -> Sequence[object]:
        """What is wrong with the trails of all services; a service without any trail is wrong too."""
        found: list[object] = []
        for service in self.services.values():
            async with service.database.engine.connect() as connection:
                verified = await verify(connection, service.tables, SERVICES[service.name].aggregates)
            found += verified.violations
        return found

    async def forget_what_was_taken(self) -> None:
        """Empty all inboxes: from now on only the effects themselves can tell that an event came before."""
        for service in self.services.values():
            async with service.database.engine.begin() as connection:
                await connection.execute(sa.delete(service.tables.processed_events))


@asynccontextmanager
async def gridgov(
    database_url: str, bus: Bus, clock: SetClock, directory: Path, *, city: City | None = None, pool: int = 5
) -> AsyncIterator[GridGov]:
    """All four services, drained, in `city` or in the sample city. The bus is started and owned by the caller."""
    async with AsyncExitStack() as stack:
        await bus.ensure_topics(TOPICS)
        issuer = LocalIssuer(directory / "tokens", clock)
        metrics = Metrics(CollectorRegistry())

        def resources(service: str) -> Resources:
            engine = open_engine(database_url, service=service, pool=pool)
            stack.push_async_callback(engine.dispose)
            return Resources(
                Settings(member="test", files=str(directory / "files")), clock, engine, bus, LocalVerifier(directory / "tokens", clock), metrics,
                directory / "fields", issuer,
            )  # fmt: skip

        services = {
            "registry": registry.build(resources("registry")),
            "intake": intake.build(resources("intake"), KeywordClassifier(WORDS)),
            "dispatch": dispatch.build(resources("dispatch")),
            "supervision": supervision.build(resources("supervision")),
        }
        clients = {
            name: await stack.enter_async_context(
                httpx2.AsyncClient(transport=httpx2.ASGITransport(app=service.api), base_url=f"http://{name}")
            )
            for name, service in services.items()
        }
        platform = GridGov(services, clients, issuer, clock, bus, metrics)
        if city is not None:
            database = Database(services["registry"].database.engine, registry_tables, clock)
            async with UnitOfWork(database) as uow:
                await import_city(city, uow, by=Actor(id="test", role="admin"))
        for service in services.values():
            if service.consumer is not None:
                await service.consumer.join()
                stack.push_async_callback(service.consumer.leave)
            await service.seed()
        await platform.drain()
        yield platform
