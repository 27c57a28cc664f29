"""Dispatch's unit of work: the shared one with dispatch's stores."""

from datetime import date

from services.dispatch.catalogue.catalogue import Catalogue
from services.dispatch.catalogue.store import CatalogueShelf
from services.dispatch.work_orders.store import WorkOrders
from shared.clock import LOCAL
from shared.db.unit_of_work import Database, UnitOfWork
from shared.units.projection import UnitProjection
from shared.units.tree import UnitTree


class DispatchUnitOfWork(UnitOfWork):
    def __init__(self, database: Database, projection: UnitProjection, shelf: CatalogueShelf) -> None:
        super().__init__(database)
        self.projection = projection
        self._shelf = shelf
        self.work_orders = WorkOrders(self)

    @property
    def today(self) -> date:
        """The local day (Asia/Shanghai) of the transaction's instant."""
        return self.now.astimezone(LOCAL).date()

    async def units(self) -> UnitTree:
        return await self.projection.tree(self.connection)

    async def catalogue(self) -> Catalogue:
        """The responsibility catalogue in force today."""
        return await self._shelf.in_force(self.connection, self.today)
