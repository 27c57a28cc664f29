"""Unmasking a reporter: allowed for a reason, and every time on the report's trail."""

from dataclasses import replace
from uuid import UUID

from services.intake.unit_of_work import IntakeUnitOfWork
from shared.auth.principal import Principal
from shared.change import Change


async def reveal_reporter(report_id: UUID, why: str, caller: Principal, uow: IntakeUnitOfWork) -> None:
    """Put on the trail that `caller` saw the reporter of a report (which they may see), and why."""
    report = (await uow.reports.load([report_id]))[report_id]
    after = replace(report, version=report.version + 1)
    uow.reports.put(Change(after, "reveal_reporter", caller.actor(), uow.now, why=why))
