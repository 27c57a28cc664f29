"""Unmasking a reporter, or the words: allowed for a reason, and every time on the report's trail."""

from uuid import UUID

from services.intake.reports import report as rules
from services.intake.reports.lifecycle import Action
from services.intake.reports.report import Report
from services.intake.reports.store import Reports
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork


async def reveal_reporter(report_id: UUID, why: str, caller: Principal, uow: UnitOfWork) -> Report:
    """Put on the trail that `caller` saw the reporter of a report (which they may see), and why; the report after it."""
    return await _reveal(Action.REVEAL_REPORTER, report_id, why, caller, uow)


async def reveal_words(report_id: UUID, why: str, caller: Principal, uow: UnitOfWork) -> Report:
    """The same of the whole words, whose personal data are masked else."""
    return await _reveal(Action.REVEAL_WORDS, report_id, why, caller, uow)


async def _reveal(action: Action, report_id: UUID, why: str, caller: Principal, uow: UnitOfWork) -> Report:
    store = Reports.of(uow)
    report = (await store.load([report_id]))[report_id]
    change = rules.reveal(report, action, by=caller.actor(), why=why, now=uow.now)
    store.put(change, only=())
    return change.after
