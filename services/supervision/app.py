"""Supervision, put together: API, relay, consumer, housekeeping and the watch on the resources that were opened."""

from services.supervision.api import clocks
from services.supervision.api.deps import Supervision
from services.supervision.handlers.watch import ClockWatch
from services.supervision.metrics import WatchMetrics
from services.supervision.store.tables import aggregates, tables, units
from services.supervision.store.unit_of_work import SupervisionUnitOfWork
from services.supervision.subscriptions import subscriptions
from shared.plumbing import plumb
from shared.service import Resources, Service
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china


def build(resources: Resources) -> Service:
    projection = UnitProjection(units)
    plumbing = plumb(resources, tables)

    def uow() -> SupervisionUnitOfWork:
        return SupervisionUnitOfWork(plumbing.database, projection)

    consumer = plumbing.consumer(subscriptions(projection, china()), uow)
    watch = ClockWatch(uow, WatchMetrics(resources.metrics.registry), informed=lambda: consumer.informed)
    return plumbing.service(
        title="网格通·督导 GridGov supervision",
        routers=[clocks.routes],
        state={"supervision": Supervision(uow)},
        consumer=consumer,
        aggregates=aggregates,
        loops={"supervision.watch": watch.run},
    )
