"""Reopening a closed report: the reporter is not content, within a number of days from its closing. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.intake.errors import REOPENING_TOO_LATE
from services.intake.feedback.rating import Heard
from services.intake.reports.lifecycle import Action, Status, move
from services.intake.reports.report import Report
from shared.change import Change
from shared.events.intake.reports import ReportReopened
from shared.personal_data import masked


def reopen_until(report: Report, days: int) -> datetime | None:
    """Until when it may be reopened; None where it is not closed."""
    if report.status is not Status.CLOSED or report.closed_at is None:
        return None
    return report.closed_at + timedelta(days=days)


def reopen(
    report: Report, why: str, heard: Heard, *, days: int, now: datetime, joined_by: str | None = None
) -> Change[Report]:
    """The report is opened again; `joined_by` is the number of the report whose reporter asks, where that joined it. The
    event tells the reason with its personal data masked; whole it stands on the report's own trail.

    Raises Conflict when it is not closed, or closed more than `days` days ago."""
    after = replace(report, status=move(report.status, Action.REOPEN), version=report.version + 1)
    until = reopen_until(report, days)
    if until is not None and now > until:
        raise REOPENING_TOO_LATE(days=days, data={"until": until})
    event = ReportReopened(
        report_id=report.id,
        number=report.number,
        work_order=report.work_order or "",
        closing=report.closings,
        why=masked(why),
        reopened_at=now,
        version=after.version,
    )
    what = {"closing": report.closings, "channel": heard.channel, "evidence": heard.evidence}
    if joined_by:
        what["of"] = joined_by
    return Change(after, Action.REOPEN, heard.by, now, why=why, what=what, events=(event,))
