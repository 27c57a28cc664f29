"""Supervision, put together: API, relay, consumer, housekeeping and the watch on the resources that were opened."""

from services.supervision.clocks import api as clocks
from services.supervision.clocks.metrics import WatchMetrics
from services.supervision.clocks.watch import ClockWatch
from services.supervision.deps import Supervision
from services.supervision.schema import tables, units
from services.supervision.subscriptions import subscriptions
from services.supervision.unit_of_work import SupervisionUnitOfWork
from shared.service import Resources, Service
from shared.service_builder import service_builder
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china


def build(resources: Resources) -> Service:
    projection = UnitProjection(units)
    builder = service_builder(resources, tables)

    def uow() -> SupervisionUnitOfWork:
        return SupervisionUnitOfWork(builder.database, projection)

    consumer = builder.consumer(subscriptions(projection, china()), uow)
    watch = ClockWatch(uow, WatchMetrics(resources.metrics.registry), informed=lambda: consumer.informed)
    return builder.service(
        title="网格通·督导 GridGov supervision",
        routers=[clocks.routes],
        state={"supervision": Supervision(uow)},
        consumer=consumer,
        loops={"supervision.watch": watch.run},
    )
