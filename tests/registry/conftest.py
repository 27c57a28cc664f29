"""Registry on a database of the test's own: really committing units of work, its API, and what is in the tables."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.local.postgres import BlockingPostgres
from services.registry.app import build
from services.registry.audit import aggregates
from services.registry.city.import_city import City, Imported, import_city
from services.registry.duties.apply_plans import apply_plans
from services.registry.duties.seed_plans import seed_plans
from services.registry.schema import tables
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SetClock
from shared.db.unit_of_work import Database, UnitOfWork
from shared.service import Resources, Service
from shared.settings import Settings
from shared.telemetry.metrics import Metrics
from shared.trail.verify import verify
from shared.worktime.calendar import Calendar, china
from tests.registry.toy_city import CITY, CLERK
from tests.support.platform import module_database, module_engine, wipe

__all__ = ["module_database", "module_engine"]


class Registry:
    """What a test does to the service, and what it finds afterwards."""

    def __init__(self, service: Service, client: httpx2.AsyncClient, issuer: LocalIssuer, clock: SetClock) -> None:
        self.service, self.client, self.clock = service, client, clock
        self._issuer = issuer

    def uow(self) -> UnitOfWork:
        return UnitOfWork(Database(self.service.database.engine, tables, self.clock))

    def token(self, role: Role, unit: str | None = None) -> str:
        return self.token_of(f"{role}@{unit}", role, unit)

    def token_of(self, subject: str, role: Role, unit: str | None, premises: str | None = None) -> str:
        return self._issuer.issue(subject, role, unit=unit, premises=UUID(premises) if premises else None)

    async def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        content: bytes | None = None,
        role: Role = Role.ADMIN,
        unit: str | None = None,
        **headers: str,
    ) -> httpx2.Response:
        """One request; `if_match="3"` becomes the header `if-match: "3"`."""
        sent = {name.replace("_", "-"): f'"{value}"' for name, value in headers.items()}
        sent["authorization"] = f"Bearer {self.token(role, unit)}"
        return await self.client.request(method, path, json=json, content=content, headers=sent)

    async def get(self, path: str, **caller: Any) -> Any:
        """The body of a GET that must succeed."""
        answer = await self.call("GET", path, **caller)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def fill(self, city: City = CITY) -> Imported:
        async with self.uow() as uow:
            return await import_city(city, uow, by=CLERK)

    async def apply_plans(self, calendar: Calendar | None = None) -> None:
        """Seed the plans where there are none, and make duties of them for all units and premises."""
        async with self.uow() as uow:
            await seed_plans(uow, by=CLERK)
        while True:
            async with self.uow() as uow:
                if not await apply_plans(uow, calendar or china()):
                    return

    async def events(self, key: str | None = None) -> list[dict[str, Any]]:
        """The values of the events told so far (about `key`), in order."""
        outbox = tables.outbox
        query = sa.select(outbox.c.value).order_by(outbox.c.id)
        if key is not None:
            query = query.where(outbox.c.key == key)
        async with self.service.database.engine.connect() as connection:
            return [json.loads(value) for value in (await connection.execute(query)).scalars()]

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        counts = [
            sa.select(sa.literal(table.name), sa.func.count()).select_from(table)
            for table in tables.metadata.sorted_tables
        ]
        async with self.service.database.engine.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(sa.union_all(*counts))}

    async def assert_trails_hold(self) -> None:
        async with self.service.database.engine.connect() as connection:
            assert (await verify(connection, tables, aggregates)).violations == ()


@pytest.fixture
async def registry(
    module_engine: AsyncEngine, migrated_server: BlockingPostgres, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Registry]:
    """A clean registry in a database that the tests of a module share."""
    await wipe(module_engine, tables)
    keys = tmp_path / "tokens"
    issuer = LocalIssuer(keys, clock)
    service = build(
        Resources(
            Settings(member="test"), clock, module_engine, PostgresBus(migrated_server.dsn_of("postgres")), LocalVerifier(keys, clock),
            Metrics(CollectorRegistry()), tmp_path / "fields", issuer,
        )
    )  # fmt: skip
    transport = httpx2.ASGITransport(app=service.api)
    async with httpx2.AsyncClient(transport=transport, base_url="http://registry") as client:
        yield Registry(service, client, issuer, clock)
