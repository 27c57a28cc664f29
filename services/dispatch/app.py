"""Dispatch, put together: API, relay, consumer and housekeeping on the resources that were opened."""

import json
from pathlib import Path
from typing import Final

from services.dispatch.catalogue import api as catalogue
from services.dispatch.catalogue import calendar_api as calendar_of_work
from services.dispatch.catalogue.store import publish
from services.dispatch.deps import Dispatch
from services.dispatch.schema import files, measured_by, tables, units
from services.dispatch.subscriptions import subscriptions
from services.dispatch.work_orders import api as work_orders
from services.dispatch.work_orders import batch_api, board_api, public_photos_api, sheet_api
from services.dispatch.work_orders.follow_calendar import follow_calendar
from services.dispatch.work_orders.lifecycle import Action, roles_of
from services.dispatch.work_orders.store import WorkOrders
from services.dispatch.work_orders.succeed_units import succeed_units
from services.dispatch.work_orders.table import work_orders as table
from shared.calendar_watch import CalendarWatch
from shared.db.unit_of_work import UnitOfWork
from shared.field_cipher import FieldCipher
from shared.files.api import file_routes
from shared.files.public_link import PublicLinks
from shared.service import Resources, Service
from shared.service_builder import service_builder
from shared.units.projection import UnitProjection
from shared.units.succession import SuccessionWatch
from shared.worktime.calendar import china

_CATALOGUE: Final = Path(__file__).parent / "data" / "responsibility.json"


def build(resources: Resources) -> Service:
    projection, calendar = UnitProjection(units), china()
    builder = service_builder(resources, tables)

    def uow() -> UnitOfWork:
        return UnitOfWork(builder.database)

    async def publish_first_catalogue() -> None:
        async with uow() as work:
            await publish(json.loads(_CATALOGUE.read_text("utf-8")), work)

    links = PublicLinks(FieldCipher(resources.keys))
    photos, tidying = builder.files(files, {WorkOrders.kind: table}, units.units)
    successions = SuccessionWatch(uow, units.successions, (succeed_units,), service="dispatch")
    measuring = CalendarWatch(uow, measured_by, calendar, follow_calendar, service="dispatch")
    showing = roles_of(Action.RESOLVE) | roles_of(Action.VERIFY)
    return builder.service(
        title="网格通·派单 GridGov dispatch",
        routers=[
            sheet_api.routes,
            batch_api.routes,
            board_api.routes,
            work_orders.routes,
            public_photos_api.routes,
            catalogue.routes,
            calendar_of_work.routes,
            file_routes(*sorted(showing)),
        ],
        live=builder.live(units.units),
        state={"dispatch": Dispatch(uow, projection, calendar, links), "files": photos},
        consumer=builder.consumer(subscriptions(projection, calendar), uow),
        loops={**tidying, "dispatch.successions": successions.run, "dispatch.calendar": measuring.run},
        seed=publish_first_catalogue,
    )
