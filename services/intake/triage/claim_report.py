"""Who of the desk is looking at a report that waits: so that two people do not read the same one."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from services.intake.errors import CLAIMED, NOT_WAITING
from services.intake.reports.lifecycle import Status
from services.intake.reports.store import Reports
from shared.db.unit_of_work import UnitOfWork

FOR: Final = timedelta(minutes=30)


async def claim_report(row: sa.RowMapping, subject: str, uow: UnitOfWork) -> datetime:
    """Until when it counts. Raises Conflict where it does not wait for a person, or somebody else looks at it."""
    if row["status"] != Status.NEEDS_REVIEW:
        raise NOT_WAITING()
    until = uow.now + FOR
    if not await Reports.of(uow).claim(row["id"], subject, until):
        raise CLAIMED()
    return until
