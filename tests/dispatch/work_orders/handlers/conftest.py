"""Dispatch's handlers on real PostgreSQL: units of work that really commit, and what is in the tables."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from services.dispatch.catalogue.store import CatalogueShelf, publish
from services.dispatch.schema import aggregates, tables, units, work_orders
from services.dispatch.unit_of_work import DispatchUnitOfWork
from services.dispatch.work_orders.act import act_on
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.open_work_order import open_work_orders
from services.dispatch.work_orders.store import work_order_of
from services.dispatch.work_orders.work_order import Order, WorkOrder
from shared.auth.principal import Principal, Role
from shared.bus.batch import Batch
from shared.clock import SetClock
from shared.db.unit_of_work import Database
from shared.events.codec import Envelope
from shared.events.intake.reports import ReportTriaged
from shared.events.registry.units import UnitChanged
from shared.ids import new_id
from shared.telemetry.context import continued
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from tests.dispatch.work_orders.orders import CHINA, catalogue_data, triaged
from tests.support.city import CITY, COUNTY_URBAN, STREET, STREET_URBAN
from tests.support.platform import module_database, module_engine, wipe

__all__ = ["module_database", "module_engine"]

HANDLER = Principal("办事员", Role.DEPARTMENT_HANDLER, STREET_URBAN)
DISPATCHER = Principal("派单员", Role.DISPATCHER, STREET)
CHECKER = Principal("网格员", Role.GRID_WORKER, STREET)
COUNTY = COUNTY_URBAN


def told(**changes: Any) -> Envelope[ReportTriaged]:
    """A triaged report in the street, delivered under an event id of its own."""
    report = new_id()
    facts = {"report_id": report, "number": f"A7-QT-20261118-{report}", "unit": STREET, **changes}
    return Envelope(new_id(), triaged(**facts), continued(None, None))


class Dispatch:
    """What a test does to the service, and what it finds afterwards."""

    def __init__(self, engine: AsyncEngine, clock: SetClock) -> None:
        self.engine, self.clock = engine, clock
        self.projection, self.shelf = UnitProjection(units), CatalogueShelf()

    def uow(self) -> DispatchUnitOfWork:
        return DispatchUnitOfWork(Database(self.engine, tables, self.clock), self.projection, self.shelf)

    async def deliver(self, *envelopes: Envelope[ReportTriaged]) -> None:
        """One batch as the consumer takes it, without its inbox: what is delivered twice arrives twice."""
        async with self.uow() as uow:
            await open_work_orders(Batch(envelopes), uow, calendar=CHINA)

    async def opened(self, **changes: Any) -> WorkOrder:
        envelope = told(**changes)
        await self.deliver(envelope)
        (order,) = [o for o in await self.orders() if o.report_id == envelope.event.report_id]
        return order

    async def act(
        self, order: WorkOrder, action: Action, caller: Principal, *, id: UUID | None = None, **more: str
    ) -> WorkOrder:
        async with self.uow() as uow:
            return await act_on(id or order.id, order.version, Order(action, **more), caller, uow, calendar=CHINA)

    async def in_state(self, state: str) -> WorkOrder:
        """A work order that came to `state` on the shortest way."""
        order = await self.opened()
        for action, caller, more in (
            (Action.ACCEPT, HANDLER, {}),
            (Action.START, HANDLER, {}),
            (Action.RESOLVE, HANDLER, {"result": "已更换"}),
            (Action.VERIFY, CHECKER, {}),
            (Action.CLOSE, DISPATCHER, {}),
        ):
            if order.state == state:
                break
            order = await self.act(order, action, caller, **more)
        assert order.state == state
        return order

    async def orders(self) -> list[WorkOrder]:
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(work_orders).order_by(work_orders.c.id))
            return [work_order_of(row) for row in rows.mappings()]

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

    async def violations(self) -> Sequence[object]:
        async with self.engine.connect() as connection:
            return (await verify(connection, tables, aggregates)).violations


@pytest.fixture
async def dispatch(module_engine: AsyncEngine, clock: SetClock) -> Dispatch:
    """In the tests' own city, with one catalogue and no work order."""
    await wipe(module_engine, tables)
    dispatch = Dispatch(module_engine, clock)
    city = [
        Envelope(
            new_id(),
            UnitChanged(
                code=facts.code, kind=facts.kind, name=facts.name, parent=facts.parent, functions=facts.functions,
                serves=facts.serves, valid_from=facts.valid_from, valid_to=facts.valid_to, version=1,
            ),
        )
        for facts in CITY.units
    ]  # fmt: skip
    async with dispatch.uow() as uow:
        await dispatch.projection.keep(Batch(city), uow)
        await publish(catalogue_data(), uow)
    return dispatch
