"""Supervision's unit of work: the shared one with supervision's stores."""

from services.supervision.clocks.store import Clocks
from services.supervision.clocks.versions_store import WorkOrders
from shared.db.unit_of_work import Database, UnitOfWork
from shared.units.projection import UnitProjection


class SupervisionUnitOfWork(UnitOfWork):
    def __init__(self, database: Database, projection: UnitProjection) -> None:
        super().__init__(database)
        self.projection = projection
        self.work_orders = WorkOrders(self)
        self.clocks = Clocks(self)
