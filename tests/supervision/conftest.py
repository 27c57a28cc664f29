"""Supervision on a database of the module's own, emptied for each test: units of work that commit, and what they wrote."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from services.supervision.audit import aggregates
from services.supervision.clocks import api as endpoints
from services.supervision.clocks import steps_api
from services.supervision.clocks.clock import Clock
from services.supervision.clocks.store import CODEC
from services.supervision.clocks.table import clocks
from services.supervision.clocks.take_due_steps import take_due_steps
from services.supervision.deps import Supervision as Dependency
from services.supervision.schema import tables, units
from services.supervision.subscriptions import subscriptions
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.clock import SetClock
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import WorkOrdersTold
from shared.events.registry.units import UnitChanged
from shared.http.app import create_api
from shared.ids import new_id
from shared.telemetry.metrics import Metrics
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from tests.supervision.stories import AREA, LEAD, STREET
from tests.support.asgi import Answer, Sent, send
from tests.support.platform import module_database, module_engine, wipe

__all__ = ["module_database", "module_engine"]
ELSEWHERE = "A7"
"""Another street than that of the stories."""
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


class Supervision:
    """What a test does to the service, and what it finds afterwards."""

    def __init__(self, engine: AsyncEngine, clock: SetClock) -> None:
        self.engine, self.clock = engine, clock
        self.subscriptions = subscriptions(UnitProjection(units))

    def uow(self) -> UnitOfWork:
        return UnitOfWork(Database(self.engine, tables, self.clock))

    async def deliver(self, *batch: Envelope[Any]) -> None:
        """One batch as the consumer takes it, without noting the ids: what is delivered twice arrives twice."""
        async with self.uow() as uow:
            for handler, given in self.subscriptions.calls(batch):
                await handler(given, uow)

    async def hear(self, until: datetime, partition: int = 0, partitions: int = 1) -> None:
        """Dispatch says in one partition up to when it has told everything."""
        mark = WorkOrdersTold(partition=partition, partitions=partitions, own=until, until=until)
        await self.deliver(Envelope(new_id(), mark))

    async def take_steps(self, limit: int = 500) -> int | None:
        async with self.uow() as uow:
            taken = await take_due_steps(uow, limit=limit)
        return None if taken is None else len(taken)

    async def clocks(self, thing_id: UUID | None = None) -> list[Clock]:
        """In the order of their beginning."""
        query = sa.select(clocks).order_by(clocks.c.started_at, clocks.c.name)
        if thing_id is not None:
            query = query.where(clocks.c.thing_id == thing_id)
        async with self.engine.connect() as connection:
            return [CODEC.of(dict(row)) for row in (await connection.execute(query)).mappings()]

    async def outbox(self) -> list[tuple[dict[str, str], dict[str, Any]]]:
        """Headers and values of the events told so far, in order."""
        outbox = tables.outbox
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.id))
            return [(json.loads(row.headers), json.loads(row.value)) for row in rows]

    async def told(self) -> Counter[tuple[str, str]]:
        """How often each step of each clock was told."""
        return Counter((value["clock_id"], headers["ce_type"]) for headers, value in await self.outbox())

    async def trail(self) -> list[str]:
        """The actions on all trails, in order per clock."""
        trail = tables.trail
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(trail.c.body).order_by(trail.c.aggregate_id, trail.c.seq))
            return [json.loads(body)["action"] for body in rows.scalars()]

    async def violations(self) -> Sequence[object]:
        async with self.engine.connect() as connection:
            return (await verify(connection, tables, aggregates)).violations


@pytest.fixture
async def silent(module_engine: AsyncEngine, clock: SetClock) -> Supervision:
    """Supervision whose owners have told nothing yet."""
    await wipe(module_engine, tables)
    return Supervision(module_engine, clock)


@pytest.fixture
async def supervision(silent: Supervision) -> Supervision:
    """Supervision that knows of everything that dispatch will ever do but what the test delivers."""
    await silent.hear(LONG_AFTER)
    return silent


class Client:
    """Callers over HTTP, and the service that they reach."""

    def __init__(self, supervision: Supervision, keys: Path) -> None:
        self._issuer = LocalIssuer(keys, supervision.clock)
        self.app: FastAPI = create_api(
            "supervision",
            [endpoints.routes, steps_api.routes],
            service="supervision",
            verifier=LocalVerifier(keys, supervision.clock),
            metrics=Metrics(CollectorRegistry()),
            clock=supervision.clock,
            state={"supervision": Dependency(supervision.uow, UnitProjection(units))},
        )

    def token(self, role: Role, unit: str | None) -> str:
        return self._issuer.issue("somebody", role, unit=unit)

    async def get(self, path: str, *, place: str | None = None, role: Role = Role.ADMIN, **query: Any) -> Answer:
        headers = ((b"authorization", f"Bearer {self.token(role, place)}".encode()),)
        return await send(self.app, Sent("GET", path, urlencode(query).encode(), headers))


@pytest.fixture
async def client(supervision: Supervision, tmp_path: Path) -> Client:
    """A city of two streets; the first has a community and a department."""
    tree = {"A": ("city", None), STREET: ("street", "A"), ELSEWHERE: ("street", "A")}
    tree |= {AREA: ("community", STREET), LEAD: ("department", STREET)}
    units = [
        Envelope(new_id(), UnitChanged(code=code, kind=kind, name=code, parent=parent, valid_from=date.min, version=1))
        for code, (kind, parent) in tree.items()
    ]
    await supervision.deliver(*units)
    return Client(supervision, tmp_path / "keys")
