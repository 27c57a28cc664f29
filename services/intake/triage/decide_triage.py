"""A person triages a report that the rules could not, or rejects it."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.errors import REPORT_NOT_FOUND
from services.intake.reports.lifecycle import SILENT
from services.intake.reports.report import Report
from services.intake.reports.store import Reports
from services.intake.schema import tables
from services.intake.triage.choices import chosen_area, chosen_category, concerns
from services.intake.triage.triage import decide, reject
from shared.auth.principal import Principal
from shared.change import Change
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.trail.read import require_seen
from shared.units.tree import UnitTree


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person decided: a unit and a category, or that it is out of scope (`reject`, with `why`)."""

    report_id: UUID
    version: int
    unit: str | None
    category: str | None
    reject: bool
    why: str | None


async def decide_triage(
    decision: Decision, caller: Principal, uow: UnitOfWork, *, tree: UnitTree, categories: frozenset[str]
) -> Report:
    """The report after the decision. Raises NotFound, Forbidden (not the caller's part of the tree), Conflict (changed
    meanwhile, or not waiting for review) and Invalid (unknown unit or category); nothing is changed then."""
    store = Reports.of(uow)
    report = (await store.load([decision.report_id])).get(decision.report_id)
    if report is None or not concerns(report, caller, tree):
        raise REPORT_NOT_FOUND()
    await require_seen(uow.connection, tables, report.id, decision.version, report.version, besides=SILENT)
    change = (
        reject(report, by=caller.actor(), why=decision.why or "", now=uow.now)
        if decision.reject
        else _triage(report, decision, caller, tree, categories, uow)
    )
    store.put(change)
    return change.after


def _triage(
    report: Report,
    decision: Decision,
    caller: Principal,
    tree: UnitTree,
    categories: frozenset[str],
    uow: UnitOfWork,
) -> Change[Report]:
    unit = chosen_area(decision.unit, caller, tree, local_day(uow.now), field="unit")
    return decide(
        report,
        unit=unit,
        street=tree.street_of(unit),
        category=chosen_category(decision.category, categories),
        by=caller.actor(),
        why=decision.why,
        now=uow.now,
    )
