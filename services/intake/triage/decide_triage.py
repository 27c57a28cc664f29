"""A person triages a report that the rules could not, or rejects it."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.reports.report import Report, decide, reject
from services.intake.unit_of_work import IntakeUnitOfWork
from shared.auth.principal import Principal
from shared.change import Change
from shared.clock import LOCAL
from shared.errors import Conflict, Forbidden, Invalid, NotFound
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
    decision: Decision, caller: Principal, uow: IntakeUnitOfWork, *, categories: frozenset[str]
) -> Report:
    """The report after the decision. Raises NotFound, Forbidden (not the caller's part of the tree), Conflict (changed
    meanwhile, or not waiting for review) and Invalid (unknown unit or category); nothing is changed then."""
    report = (await uow.reports.load([decision.report_id])).get(decision.report_id)
    tree = await uow.units()
    if report is None or not any(tree.covers(caller.reach, place) for place in _places(report)):
        raise NotFound(
            "report_not_found", "没有这条民情，或您无权查看。", "There is no such report, or it is not yours to see."
        )
    if report.version != decision.version:
        raise Conflict(
            "version_mismatch",
            "这条民情刚刚被他人修改，请刷新后重试。",
            "Somebody changed this report meanwhile; reload it and try again.",
            data={"version": report.version},
        )
    change = (
        reject(report, by=caller.actor(), why=decision.why or "", now=uow.now)
        if decision.reject
        else _triage(report, decision, caller, tree, categories, uow)
    )
    uow.reports.put(change)
    return change.after


def _triage(
    report: Report,
    decision: Decision,
    caller: Principal,
    tree: UnitTree,
    categories: frozenset[str],
    uow: IntakeUnitOfWork,
) -> Change[Report]:
    unit = tree.get(decision.unit)
    if unit is None or unit.kind == "department" or not unit.valid_on(uow.now.astimezone(LOCAL).date()):
        raise Invalid(
            "unit_unknown",
            "没有这个区域单位，请从单位树中选择。",
            "There is no such area unit; choose one from the unit tree.",
            field="unit",
        )
    if not tree.covers(caller.reach, unit.code):
        raise Forbidden(
            "outside_reach", "该单位不在您的管辖范围内。", "That unit is outside your part of the tree.", field="unit"
        )
    if decision.category not in categories:
        raise Invalid(
            "category_unknown",
            "没有这个类别，请从类别表中选择。",
            "There is no such category; choose one from the list.",
            field="category",
            data={"categories": sorted(categories)},
        )
    return decide(report, unit=unit.code, category=decision.category, by=caller.actor(), why=decision.why, now=uow.now)


def _places(report: Report) -> list[str]:
    """The units by which a report is somebody's business: where it was found to be, and where it was sent from."""
    found = report.placing.unit if report.placing else None
    return [report.home, *([found] if found else [])]
