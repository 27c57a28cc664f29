"""Dispatch on real PostgreSQL in the tests' own city: deliveries, people who act over HTTP, and what is in the tables."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.local.postgres import BlockingPostgres
from services.dispatch.app import build
from services.dispatch.audit import aggregates
from services.dispatch.catalogue.store import publish
from services.dispatch.schema import tables, units
from services.dispatch.work_orders.act import act_on
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.open_work_order import open_work_orders
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.table import work_orders
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.batch import Batch
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SetClock, local_day
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events.codec import Envelope
from shared.events.intake.reports import ReportTriaged
from shared.events.registry.units import UnitChanged
from shared.ids import new_id
from shared.service import Resources, Service
from shared.settings import Settings
from shared.telemetry.context import continued
from shared.telemetry.metrics import Metrics
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from tests.dispatch.work_orders.orders import CHINA, TODAY, WAY, catalogue_data, triaged
from tests.support.city import CITY, COMMUNITY
from tests.support.platform import module_database, module_engine, wipe

__all__ = ["module_database", "module_engine"]


def told(**changes: Any) -> Envelope[ReportTriaged]:
    """A triaged report in the community, delivered under an event id of its own."""
    report = new_id()
    number = f"A7-QT-20261118-{report.int % 1_000_000:06}"
    facts = {"report_id": report, "number": number, "unit": COMMUNITY, **changes}
    return Envelope(new_id(), triaged(**facts), continued(None, None))


class Dispatch:
    """What a test does to the service, and what it finds afterwards."""

    def __init__(self, service: Service, client: httpx2.AsyncClient, issuer: LocalIssuer, clock: SetClock) -> None:
        self.service, self.client, self.clock = service, client, clock
        self.engine = service.database.engine
        self.projection = UnitProjection(units)
        self._issuer = issuer

    def uow(self) -> UnitOfWork:
        return UnitOfWork(Database(self.engine, tables, self.clock))

    async def deliver(self, *envelopes: Envelope[ReportTriaged]) -> None:
        """One batch as the consumer takes it, without its deduplication: what is delivered twice arrives twice."""
        async with self.uow() as uow:
            await open_work_orders(Batch(envelopes), uow, projection=self.projection, calendar=CHINA)

    async def opened(self, **changes: Any) -> WorkOrder:
        envelope = told(**changes)
        await self.deliver(envelope)
        (order,) = [o for o in await self.orders() if o.sources[0].id == envelope.event.report_id]
        return order

    async def act(
        self, order: WorkOrder, command: Command, caller: Principal, *, version: int | None = None
    ) -> WorkOrder:
        async with self.uow() as uow:
            tree = await self.projection.tree(uow.connection)
            context = Context(caller.actor(), uow.now, local_day(uow.now), tree, CHINA)
            return await act_on(order.id, version or order.version, command, caller, context, uow)

    async def in_state(self, state: State) -> WorkOrder:
        """A work order that came to `state` on the shortest way."""
        order = await self.opened()
        for command, caller in WAY[state]:
            order = await self.act(order, command, caller)
        assert order.state is state
        return order

    def token(self, caller: Principal) -> str:
        return self._issuer.issue(caller.subject, caller.role, unit=caller.unit)

    async def call(
        self, method: str, path: str, caller: Principal, *, version: int | None = None, **request: Any
    ) -> httpx2.Response:
        headers = {"authorization": f"Bearer {self.token(caller)}", **request.pop("headers", {})}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self.client.request(method, path, headers=headers, **request)

    async def post(self, order: WorkOrder, action: str, caller: Principal, **body: Any) -> httpx2.Response:
        """Do `action` to a work order at the version it was read."""
        path = f"/work-orders/{order.id}/{action}"
        return await self.call("POST", path, caller, version=order.version, json=body)

    async def get(self, path: str, caller: Principal | None = None, **query: Any) -> Any:
        """The body of a GET that must succeed; by default an administrator's, who sees everything."""
        answer = await self.call("GET", path, caller or Principal("admin", Role.ADMIN), params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def orders(self) -> list[WorkOrder]:
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(work_orders).order_by(work_orders.c.id))
            return [WorkOrders.codec.of(row) for row in rows.mappings()]

    async def order(self, id: UUID) -> WorkOrder:
        return next(order for order in await self.orders() if order.id == id)

    async def events(self) -> list[tuple[dict[str, str], dict[str, Any]]]:
        """Headers and values of the events told so far, in order."""
        outbox = tables.outbox
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.id))
            return [(json.loads(row.headers), json.loads(row.value)) for row in rows]

    async def counts(self) -> dict[str, int]:
        async with self.engine.connect() as connection:
            return {
                table.name: await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in (work_orders, tables.trail, tables.outbox)
            }

    async def dissolve(self, code: str) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(
                sa.text(
                    "WITH next AS (UPDATE dispatch.units_revision SET revision = revision + 1 RETURNING revision) "
                    "UPDATE dispatch.units SET valid_to = :day, revision = next.revision FROM next WHERE code = :code"
                ),
                {"code": code, "day": TODAY},
            )

    async def violations(self) -> Sequence[object]:
        async with self.engine.connect() as connection:
            return (await verify(connection, tables, aggregates)).violations


@pytest.fixture
async def dispatch(
    module_engine: AsyncEngine, migrated_server: BlockingPostgres, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Dispatch]:
    """The tests' own city with one catalogue and no work order, in a database that the tests of a module share."""
    await wipe(module_engine, tables)
    keys = tmp_path / "tokens"
    issuer = LocalIssuer(keys, clock)
    service = build(
        Resources(
            Settings(member="test"), clock, module_engine, PostgresBus(migrated_server.dsn_of("postgres")),
            LocalVerifier(keys, clock), Metrics(CollectorRegistry()), tmp_path / "fields", issuer,
        )
    )  # fmt: skip
    city = [
        Envelope(
            new_id(),
            UnitChanged(
                code=state.code, kind=state.kind, name=state.name, parent=state.parent, functions=state.functions,
                serves=state.serves, valid_from=state.valid_from, valid_to=state.valid_to, version=1,
            ),
        )
        for state in CITY.units
    ]  # fmt: skip
    transport = httpx2.ASGITransport(app=service.api)
    async with httpx2.AsyncClient(transport=transport, base_url="http://dispatch") as client:
        dispatch = Dispatch(service, client, issuer, clock)
        async with dispatch.uow() as uow:
            await dispatch.projection.keep(Batch(city), uow)
            await publish(catalogue_data(), uow)
        yield dispatch
