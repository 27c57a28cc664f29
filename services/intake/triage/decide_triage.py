"""A person triages a report that the rules could not, or rejects it."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.errors import CATEGORY_UNKNOWN, OUTSIDE_REACH, REPORT_NOT_FOUND, UNIT_UNKNOWN
from services.intake.reports.report import Report
from services.intake.reports.store import Reports
from services.intake.triage.triage import decide, reject
from shared.auth.principal import Principal
from shared.change import Change
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
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
    if report is None or not any(tree.covers(caller.reach, place) for place in _places(report)):
        raise REPORT_NOT_FOUND()
    require_version(decision.version, report.version)
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
    unit = tree.get(decision.unit)
    if unit is None or unit.kind == "department" or not unit.valid_on(local_day(uow.now)):
        raise UNIT_UNKNOWN()
    if not tree.covers(caller.reach, unit.code):
        raise OUTSIDE_REACH()
    if decision.category not in categories:
        raise CATEGORY_UNKNOWN(data={"categories": sorted(categories)})
    return decide(
        report,
        unit=unit.code,
        street=tree.street_of(unit.code),
        category=decision.category,
        by=caller.actor(),
        why=decision.why,
        now=uow.now,
    )


def _places(report: Report) -> list[str]:
    """The units by which a report is somebody's business: where it was found to be, and where it was sent from."""
    found = report.place.unit if report.place else None
    return [report.home, *([found] if found else [])]
