"""Supervision, put together: API, relay, consumer, housekeeping and the watch on the resources that were opened."""

from services.supervision.clocks import api as clocks
from services.supervision.clocks import steps_api
from services.supervision.clocks.metrics import WatchMetrics
from services.supervision.clocks.watch import ClockWatch
from services.supervision.deps import Supervision
from services.supervision.schema import tables, units
from services.supervision.subscriptions import subscriptions
from shared.db.unit_of_work import UnitOfWork
from shared.service import Resources, Service
from shared.service_builder import service_builder
from shared.units.projection import UnitProjection


def build(resources: Resources) -> Service:
    builder, projection = service_builder(resources, tables), UnitProjection(units)

    def uow() -> UnitOfWork:
        return UnitOfWork(builder.database)

    watch = ClockWatch(uow, WatchMetrics(resources.metrics.registry))
    return builder.service(
        title="网格通·督导 GridGov supervision",
        routers=[clocks.routes, steps_api.routes],
        live=builder.live(units.units),
        state={"supervision": Supervision(uow, projection)},
        consumer=builder.consumer(subscriptions(projection), uow),
        loops={"supervision.watch": watch.run},
    )
