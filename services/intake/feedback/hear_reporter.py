"""Rating a report, and having it opened again: each once, however often it is sent."""

from uuid import UUID

from services.intake.errors import REPORT_NOT_FOUND
from services.intake.feedback import progress_store, rating_store
from services.intake.feedback.rating import Answer, Heard, rate
from services.intake.feedback.reopening import reopen
from services.intake.reports.lifecycle import Status
from services.intake.reports.report import Report
from services.intake.reports.store import Reports
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version


async def rate_report(
    report_id: UUID, answer: Answer, heard: Heard, uow: UnitOfWork, *, version: int | None = None
) -> None:
    """Rate the last closing. The same answer again changes nothing. Raises Conflict when the report is not closed, or
    is no longer at `version`."""
    report, stands = await _locked(report_id, uow, version)
    earlier = await rating_store.of_closing(uow.connection, report.id, stands.closings)
    if earlier is not None and stands.status is Status.CLOSED and earlier.answer == answer:
        return
    progress = await progress_store.of_report(uow.connection, stands.id)
    unit = progress.unit if progress else None
    change, rating = rate(report, answer, heard, stands=stands, unit=unit, now=uow.now)
    Reports.of(uow).put(change, only=())
    await rating_store.keep(uow.connection, rating)


async def reopen_report(
    report_id: UUID, why: str, heard: Heard, uow: UnitOfWork, *, days: int, version: int | None = None
) -> None:
    """Open it again. Where that was asked for already nothing changes. Raises Conflict when it is not closed, was
    closed too long ago, or is no longer at `version`."""
    report, stands = await _locked(report_id, uow, version)
    if stands.status is not Status.REOPENED:
        joined_by = report.number if report is not stands else None
        change = reopen(stands, why, heard, days=days, joined_by=joined_by, now=uow.now)
        Reports.of(uow).put(change, only=("status",))


async def _locked(report_id: UUID, uow: UnitOfWork, version: int | None) -> tuple[Report, Report]:
    """The report, and the one that is worked on: itself, or the one that it joined."""
    store = Reports.of(uow)
    report = REPORT_NOT_FOUND.unless((await store.load([report_id])).get(report_id))
    if version is not None:
        require_version(version, report.version)
    # What joins is younger than what it joined, so ids are locked against their order here; but whoever holds the first
    # one never waits for what joined it.
    stands = (await store.load([report.same_as.id]))[report.same_as.id] if report.same_as else report
    return report, stands
