"""Dispatch, put together: API, relay, consumer and housekeeping on the resources that were opened."""

import json
from pathlib import Path

from services.dispatch.api import catalogue, work_orders
from services.dispatch.api.deps import Dispatch
from services.dispatch.store.catalogues import CatalogueShelf, publish
from services.dispatch.store.tables import aggregates, tables, units
from services.dispatch.store.unit_of_work import DispatchUnitOfWork
from services.dispatch.subscriptions import subscriptions
from shared.plumbing import plumb
from shared.service import Resources, Service
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china

_CATALOGUE = Path(__file__).parent / "data" / "responsibility.json"


def build(resources: Resources) -> Service:
    projection, shelf, calendar = UnitProjection(units), CatalogueShelf(), china()
    plumbing = plumb(resources, tables)

    def uow() -> DispatchUnitOfWork:
        return DispatchUnitOfWork(plumbing.database, projection, shelf)

    async def publish_first_catalogue() -> None:
        async with uow() as work:
            await publish(json.loads(_CATALOGUE.read_text("utf-8")), work)

    return plumbing.service(
        title="网格通·派单 GridGov dispatch",
        routers=[work_orders.routes, catalogue.routes],
        state={"dispatch": Dispatch(uow, calendar)},
        consumer=plumbing.consumer(subscriptions(projection, calendar), uow),
        aggregates=aggregates,
        seed=publish_first_catalogue,
    )
