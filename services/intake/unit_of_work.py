"""Intake's unit of work: the shared one with intake's stores."""

from services.intake.reports.store import Reports
from shared.db.unit_of_work import Database, UnitOfWork
from shared.units.projection import UnitProjection
from shared.units.tree import UnitTree


class IntakeUnitOfWork(UnitOfWork):
    def __init__(self, database: Database, projection: UnitProjection) -> None:
        super().__init__(database)
        self.projection = projection
        self.reports = Reports(self)

    async def units(self) -> UnitTree:
        return await self.projection.tree(self.connection)
