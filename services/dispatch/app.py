"""Dispatch, put together: API, relay, consumer and housekeeping on the resources that were opened."""

import json
from pathlib import Path

from services.dispatch.catalogue import api as catalogue
from services.dispatch.catalogue.store import CatalogueShelf, publish
from services.dispatch.deps import Dispatch
from services.dispatch.schema import tables, units
from services.dispatch.subscriptions import subscriptions
from services.dispatch.unit_of_work import DispatchUnitOfWork
from services.dispatch.work_orders import api as work_orders
from shared.service import Resources, Service
from shared.service_builder import service_builder
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china

_CATALOGUE = Path(__file__).parent / "data" / "responsibility.json"


def build(resources: Resources) -> Service:
    projection, shelf, calendar = UnitProjection(units), CatalogueShelf(), china()
    builder = service_builder(resources, tables)

    def uow() -> DispatchUnitOfWork:
        return DispatchUnitOfWork(builder.database, projection, shelf)

    async def publish_first_catalogue() -> None:
        async with uow() as work:
            await publish(json.loads(_CATALOGUE.read_text("utf-8")), work)

    return builder.service(
        title="网格通·派单 GridGov dispatch",
        routers=[work_orders.routes, catalogue.routes],
        state={"dispatch": Dispatch(uow, calendar)},
        consumer=builder.consumer(subscriptions(projection, calendar), uow),
        seed=publish_first_catalogue,
    )
