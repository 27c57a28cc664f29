"""ReportMadeHazard → the hazard, once for a report: at the premises that were named, if they lie in the report's street."""

from typing import Final

from services.registry.hazards.find_hazard import find_hazard
from services.registry.hazards.finding import Found
from services.registry.hazards.hazard import Source, SourceKind
from services.registry.hazards.items import Item
from services.registry.premises.store import Ledger
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.intake.reports import ReportMadeHazard

_ROLE: Final = "service"
"""Intake let the person do it; here it follows."""


async def find_reported(batch: Batch[ReportMadeHazard], uow: UnitOfWork) -> None:
    for report in batch:
        premises = await Ledger.of(uow).get(report.premises_id) if report.premises_id else None
        if premises is not None and premises.street != report.street:
            premises = None
        day = report.rectify_by
        found = Found(
            premises_id=premises.id if premises else None,
            unit=report.unit,
            item=Item(report.item),
            text=report.text,
            source=Source(SourceKind.REPORT, report.report_id, report.number),
            report_photos=report.photos,
            rectify_by=max(day, local_day(uow.now)) if day else None,
        )
        await find_hazard(uow, found, by=Actor(report.by, _ROLE), id=report.hazard_id)
