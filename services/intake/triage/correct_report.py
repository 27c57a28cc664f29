"""A person puts right where or what a triaged report is about.

Only who reaches the place where the report lies now may do so: the unit it was sent from is no reason to draw it there.
"""

from dataclasses import dataclass
from uuid import UUID

from services.intake.errors import REPORT_NOT_FOUND
from services.intake.reports.lifecycle import SILENT
from services.intake.reports.report import Report
from services.intake.reports.store import Reports
from services.intake.schema import tables
from services.intake.triage.choices import chosen_area, chosen_category, concerns
from services.intake.triage.triage import correct
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import OUTSIDE_REACH
from shared.trail.read import require_seen
from shared.units.tree import UnitTree


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right: an area, a category, or both; None leaves it as it is."""

    report_id: UUID
    version: int
    area: str | None
    category: str | None
    why: str


async def correct_report(
    asked: Correction, caller: Principal, uow: UnitOfWork, *, tree: UnitTree, categories: frozenset[str]
) -> Report:
    """The report after the correction. Raises NotFound, Forbidden (the area is outside of the caller's reach), Conflict
    (changed meanwhile, or not triaged) and Invalid (unknown, or nothing new); nothing is changed then."""
    store = Reports.of(uow)
    report = (await store.load([asked.report_id])).get(asked.report_id)
    if report is None or not concerns(report, caller, tree):
        raise REPORT_NOT_FOUND()
    if not tree.covers(caller.reach, _lies_in(report)):
        raise OUTSIDE_REACH()
    await require_seen(uow.connection, tables, report.id, asked.version, report.version, besides=SILENT)
    area = chosen_area(asked.area, caller, tree, local_day(uow.now), field="area") if asked.area else None
    change = correct(
        report,
        unit=area,
        street=tree.street_of(area or _lies_in(report)),
        category=chosen_category(asked.category, categories) if asked.category else None,
        by=caller.actor(),
        why=asked.why,
        now=uow.now,
    )
    store.put(change)
    return change.after


def _lies_in(report: Report) -> str:
    return report.place.unit if report.place and report.place.unit else report.home
