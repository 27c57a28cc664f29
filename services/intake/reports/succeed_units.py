"""What units own in intake, reports without an end, goes to who succeeds them: in bounded batches, once."""

import sqlalchemy as sa

from services.intake.reports.lifecycle import ENDED
from services.intake.reports.report import succeed
from services.intake.reports.store import Reports
from services.intake.reports.table import reports
from shared.db.unit_of_work import UnitOfWork
from shared.units.passing import Passing
from shared.units.succession import owns


async def succeed_units(uow: UnitOfWork, passing: Passing, limit: int) -> int:
    """Move up to `limit` reports of the units; how many there were."""
    placed = owns(passing, reports.c.place_unit, reports.c.street)
    unplaced = reports.c.place_unit.is_(None) & owns(passing, reports.c.home, reports.c.street)
    owned = placed | unplaced | owns(passing, reports.c.home)
    there = sa.text("status NOT IN ('closed', 'rejected')")  # literally, or the index is no use
    ids = await uow.connection.scalars(sa.select(reports.c.id).where(owned, there).order_by(reports.c.id).limit(limit))
    store = Reports.of(uow)
    found = await store.load(ids.all())
    waiting = (report for report in found.values() if report.status not in ENDED)
    store.put(*(change for report in waiting if (change := succeed(report, passing, uow.now)) is not None))
    return len(found)
