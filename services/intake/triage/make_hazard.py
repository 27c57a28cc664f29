"""A person makes a triaged report a hazard (隐患) at a place: registry finds it, dispatch's work order goes on with it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.intake.errors import HAZARD_DAY_PAST, MADE_HAZARD, REPORT_NOT_FOUND
from services.intake.reports.lifecycle import SILENT, Action, move
from services.intake.reports.report import Report
from services.intake.reports.store import Reports
from services.intake.schema import files, tables
from services.intake.triage.choices import concerns
from shared.auth.principal import Principal
from shared.change import Actor, Change
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import OUTSIDE_REACH
from shared.events.intake.reports import ReportMadeHazard
from shared.events.registry.hazards import Item
from shared.files.attach import photos_of
from shared.ids import new_id
from shared.personal_data import masked
from shared.trail.read import require_seen
from shared.units.tree import UnitTree


@dataclass(frozen=True, slots=True)
class AsHazard:
    """Which of the seven items, at which premises if at any, until when; `text` says what is wrong where the report's own
    words do not."""

    item: Item
    premises_id: UUID | None = None
    text: str | None = None
    rectify_by: date | None = None


async def make_hazard(
    report_id: UUID, version: int, asked: AsHazard, caller: Principal, uow: UnitOfWork, *, tree: UnitTree
) -> Report:
    """The report, linked to its hazard. Raises NotFound, Forbidden (the place is outside of the caller's reach), Conflict
    (changed meanwhile, not triaged, or a hazard already) and Invalid."""
    store = Reports.of(uow)
    report = (await store.load([report_id])).get(report_id)
    if report is None or not concerns(report, caller, tree):
        raise REPORT_NOT_FOUND()
    unit = report.place.unit if report.place and report.place.unit else report.home
    if not tree.covers(caller.reach, unit):
        raise OUTSIDE_REACH()
    await require_seen(uow.connection, tables, report.id, version, report.version, besides=SILENT)
    if asked.rectify_by is not None and asked.rectify_by < local_day(uow.now):
        raise HAZARD_DAY_PAST()
    shown = (await photos_of(uow.connection, files, Reports.kind, [report_id])).get(report_id, [])
    photos = tuple(photo.id for photo in shown)
    change = made_hazard(report, asked, photos, unit=unit, hazard_id=new_id(), by=caller.actor(), now=uow.now)
    store.put(change)
    return change.after


def made_hazard(
    report: Report,
    asked: AsHazard,
    photos: tuple[UUID, ...] = (),
    *,
    unit: str,
    hazard_id: UUID,
    by: Actor,
    now: datetime,
) -> Change[Report]:
    """The report with its `photos` made a hazard, which lies in `unit`. Raises Conflict where it is one, or is not triaged and open."""
    if report.hazard_id is not None:
        raise MADE_HAZARD()
    status = move(report.status, Action.MAKE_HAZARD)
    after = replace(report, status=status, hazard_id=hazard_id, version=report.version + 1)
    event = ReportMadeHazard(
        report_id=report.id,
        number=report.number,
        hazard_id=hazard_id,
        unit=unit,
        street=report.street,
        premises_id=asked.premises_id,
        item=asked.item,
        text=masked(asked.text or report.contents.text),
        rectify_by=asked.rectify_by,
        photos=photos,
        by=by.id,
        made_at=now,
        version=after.version,
    )
    what = {"hazard": str(hazard_id), "item": asked.item, "unit": unit}
    return Change(after, Action.MAKE_HAZARD, by, now, what=what, events=(event,))
