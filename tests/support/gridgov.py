"""The whole platform in one test: four services on a database of the test's own, a bus, a clock, and callers.

Tests post, `drain()`, assert. Draining runs relays and consumers by hand until nothing moves any more, so a test sees
the state after the last event, not after some milliseconds.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from prometheus_client import CollectorRegistry

from services.dispatch import app as dispatch
from services.intake import app as intake
from services.intake.classifier.keyword import KeywordClassifier
from services.registry import app as registry
from services.supervision import app as supervision
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.port import Bus
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.events.topics import TOPICS
from shared.service import Resources, Service
from shared.settings import Settings
from shared.telemetry.metrics import Metrics

ROUNDS = 50
"""More rounds than any chain of events is long: if it is still moving then, it moves in a circle."""


@dataclass(slots=True)
class GridGov:
    """`registry`, `intake`, `dispatch` and `supervision` are HTTP clients that take `as_=` tokens by `token()`."""

    services: Mapping[str, Service]
    clients: Mapping[str, httpx2.AsyncClient]
    issuer: LocalIssuer
    clock: SetClock
    bus: Bus
    metrics: Metrics
    _tokens: dict[tuple[str, Role, str | None], str] = field(default_factory=dict)

    def token(self, role: Role, unit: str | None = None, subject: str | None = None) -> str:
        subject = subject or (f"{role}@{unit}" if unit else str(role))
        return self.issuer.issue(subject, role, unit=unit)

    def caller(self, role: Role, unit: str | None = None, subject: str | None = None) -> dict[str, str]:
        """The headers of a caller."""
        return {"authorization": f"Bearer {self.token(role, unit, subject)}"}

    async def report(
        self, text: str, key: str, *, role: Role = Role.SERVICE, unit: str | None = None, **more: Any
    ) -> Any:
        """Send a report and return the answer, whatever it is."""
        return await self.clients["intake"].post(
            "/reports",
            json={"text": text, "channel": "hotline", **more},
            headers={**self.caller(role, unit), "idempotency-key": key},
        )

    async def drain(self) -> None:
        """Send and handle until every outbox is empty and every consumer has read all."""
        for _ in range(ROUNDS):
            moved = 0
            for service in self.services.values():
                moved += await service.relay.send_batch()
            for service in self.services.values():
                if service.consumer is not None:
                    moved += await service.consumer.drain()
            if not moved:
                return
        raise AssertionError(f"still moving after {ROUNDS} rounds: something answers itself")


@asynccontextmanager
async def gridgov(
    database_url: str, bus: Bus, clock: SetClock, directory: Path, *, seed: bool = True
) -> AsyncIterator[GridGov]:
    """All four services, seeded with the sample city and drained. The bus is started and owned by the caller."""
    async with AsyncExitStack() as stack:
        await bus.ensure_topics(TOPICS)
        issuer = LocalIssuer(directory / "tokens", clock)
        metrics = Metrics(CollectorRegistry())

        def resources(service: str) -> Resources:
            engine = open_engine(database_url, service=service, pool=5)
            stack.push_async_callback(engine.dispose)
            return Resources(
                Settings(member="test"), clock, engine, bus, LocalVerifier(directory / "tokens", clock), metrics,
                directory / "fields",
            )  # fmt: skip

        services = {
            "registry": registry.build(resources("registry")),
            "intake": intake.build(resources("intake"), KeywordClassifier()),
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
        for service in services.values():
            if service.consumer is not None:
                await service.consumer.join()
                stack.push_async_callback(service.consumer.leave)
            if seed:
                await service.seed()
        await platform.drain()
        yield platform
