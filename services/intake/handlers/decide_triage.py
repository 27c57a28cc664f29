"""A person triages a report that the rules could not, or rejects it."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.domain.report import Report, decide, reject
from services.intake.store.unit_of_work import IntakeUnitOfWork
from shared.auth.principal import Principal
from shared.errors import Conflict, Forbidden, Invalid, NotFound


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
    reach = caller.reach
    if report is None or not _covers(reach.unit, reach.everything, report, tree):
        raise NotFound("report_not_found", "没有这条民情，或您无权查看。", "There is no such report, or it is not yours to see.")
    if report.version != decision.version:
        raise Conflict(
            "version_mismatch",
            "这条民情刚刚被他人修改，请刷新后重试。",
            "Somebody changed this report meanwhile; reload it and try again.",
            data={"version": report.version},
        )
    if decision.reject:
        change = reject(report, by=caller.actor(), why=decision.why or "", now=uow.now)
    else:
        unit = tree.get(decision.unit)
        if unit is None or unit.kind == "department":
            raise Invalid("unit_unknown", "没有这个区域单位，请从单位树中选择。", "There is no such area unit; choose one from the unit tree.", field="unit")
        if not (reach.everything or (reach.unit and tree.within(unit.code, reach.unit))):
            raise Forbidden("outside_reach", "该单位不在您的管辖范围内。", "That unit is outside your part of the tree.", )
        if decision.category not in categories:
            raise Invalid("category_unknown", "没有这个类别，请从类别表中选择。", "There is no such category; choose one from the list.", field="category", data={"categories": sorted(categories)})
        change = decide(report, unit=unit.code, category=str(decision.category), by=caller.actor(), why=decision.why, now=uow.now)
    uow.reports.put(change)
    return change.after


def _covers(unit: str | None, everything: bool, report: Report, tree) -> bool:  # type: ignore[no-untyped-def]
    if everything:
        return True
    places = [report.home, *([report.placing.unit] if report.placing and report.placing.unit else [])]
    return unit is not None and any(tree.within(place, unit) for place in places)
