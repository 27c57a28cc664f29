"""What an operator asks of intake: its trails, its reactions, whether a report can be lost or doubled, its model."""

from collections.abc import AsyncIterator
from uuid import UUID

import sqlalchemy as sa

from services.intake.classifier.keyword import KeywordClassifier
from services.intake.reports.store import Reports
from services.intake.reports.table import reports
from services.intake.schema import files, units
from services.intake.subscriptions import subscriptions
from services.intake.triage.triage_reports import Triage
from shared.audit.evidence import Evidence, Violation, chunks
from shared.audit.examination import ATTENTION, BAD, OK, Finding, Patient
from shared.errors import GridGovError
from shared.events.intake.reports import ReportSubmitted
from shared.events.topics import REPORTS
from shared.files.audit import attached_is_there
from shared.units.projection import UnitProjection

aggregates = {Reports.kind: Reports.codec.table}
_UNITS = UnitProjection(units)
reactions = subscriptions(_UNITS, Triage(KeywordClassifier({}), 0.0, _UNITS))

_TRIAGED = ("triaged", "dispatched", "resolved", "closed")


async def acknowledged_is_stored(e: Evidence) -> AsyncIterator[Violation]:
    """1. What was answered 201 is stored, under the key and number that the answer named."""
    query = sa.select(reports.c.id, reports.c.number, reports.c.client_key).where(
        reports.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)))
    )
    for chunk in chunks(e.acked or ()):
        async with e.reading("intake") as connection:
            rows = await connection.execute(query, {"ids": [acked.id for acked in chunk]})
            stored = {row.id: row for row in rows}
        e.count("acked", len(chunk))
        for acked in chunk:
            row = stored.get(acked.id)
            if row is None:
                yield Violation(1, f"report {acked.number} was acknowledged and is not stored", str(acked.id))
            elif acked.number is not None and row.number != acked.number:
                yield Violation(1, f"acknowledged as {acked.number} and stored as {row.number}", str(acked.id))
            elif acked.key is not None and row.client_key != acked.key:
                yield Violation(1, f"report {row.number} is stored under another key than acknowledged", str(acked.id))


async def one_report_per_key(e: Evidence) -> AsyncIterator[Violation]:
    """2. One report per client key, in the answers and in the table."""
    answered: dict[str, UUID] = {}
    for acked in e.acked or ():
        if acked.key is not None and answered.setdefault(acked.key, acked.id) != acked.id:
            yield Violation(2, f"one key was answered with this report and with {answered[acked.key]}", str(acked.id))
    ids = sa.func.array_agg(reports.c.id).label("ids")
    twice = sa.select(ids).group_by(reports.c.caller, reports.c.client_key).having(sa.func.count() > 1)
    async for row in e.rows("intake", twice):
        yield Violation(2, f"one client key has {len(row.ids)} reports", str(min(row.ids)))


async def submitted_once(e: Evidence) -> AsyncIterator[Violation]:
    """3. Every report has exactly one report.submitted id, in the topic or on its way there; and none is of no report."""
    told: dict[UUID, UUID] = {}
    async for event_id, event in e.published(REPORTS, ReportSubmitted):
        if (first := told.setdefault(event.report_id, event_id)) != event_id:
            yield Violation(3, f"told as submitted under two event ids: {first} and {event_id}", str(event.report_id))
    e.count("reports_told", len(told))
    # Committed before the reading above began, and young enough to be in the topic still.
    due = sa.select(reports.c.id, reports.c.number).where(
        reports.c.submitted_at <= e.settled, reports.c.submitted_at > e.held_since(REPORTS)
    )
    async for row in e.rows("intake", due):
        e.count("reports")
        if row.id not in told:
            yield Violation(3, f"report {row.number} was never told as submitted", str(row.id))
    for report_id in sorted(await e.missing("intake", reports.c.id, told)):
        yield Violation(3, "told as submitted, and not stored", str(report_id))


async def triaged(e: Evidence) -> dict[UUID, str]:
    """The numbers of the reports that were triaged longer ago than T, by id."""
    query = sa.select(reports.c.id, reports.c.number).where(
        reports.c.status.in_(_TRIAGED), reports.c.triaged_at <= e.settled
    )
    return {row.id: row.number async for row in e.rows("intake", query)}


async def statuses(e: Evidence, ids: "set[UUID]") -> dict[UUID, str]:
    """The status of each of these reports that is stored, now."""
    return await e.values("intake", reports.c.id, reports.c.status, ids)


async def _model(patient: Patient) -> AsyncIterator[Finding]:
    from services.intake.classifier.storage import facts_of  # noqa: PLC0415 - only where it is asked

    found = sorted(patient.model.glob("*.model"), key=lambda file: file.name != "current.model")
    zh, en = "运行 make up 或 gridgov classifier train", "run make up, or gridgov classifier train"
    if not found:
        yield Finding("model", ATTENTION, f"none in {patient.model}", zh, en)
        return
    try:
        yield Finding("model", OK, f"{facts_of(found[0])['version']} ({found[0].name})")
    except GridGovError as error:
        yield Finding("model", BAD, error.code, error.zh, error.en)


invariants = (acknowledged_is_stored, one_report_per_key, submitted_once, attached_is_there("intake", files))
questions = {"model": _model}
