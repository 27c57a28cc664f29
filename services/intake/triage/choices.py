"""Whose business a report is, and what they may choose as its area and category."""

from datetime import date

from services.intake.errors import AREA_UNKNOWN, CATEGORY_UNKNOWN
from services.intake.reports.report import Report
from shared.auth.principal import Principal
from shared.errors import OUTSIDE_REACH
from shared.units.tree import UnitTree


def chosen_area(code: str | None, caller: Principal, tree: UnitTree, day: date, *, field: str) -> str:
    """The code of an area. Raises Invalid for none that exists on the local day, Forbidden for one outside the caller's reach."""
    unit = tree.get(code)
    if unit is None or unit.kind == "department" or not unit.valid_on(day):
        raise AREA_UNKNOWN(field=field)
    if not tree.covers(caller.reach, unit.code):
        raise OUTSIDE_REACH(field=field)
    return unit.code


def chosen_category(name: str | None, categories: frozenset[str]) -> str:
    """The name of a category. Raises Invalid, with all there are, for another name."""
    if name is None or name not in categories:
        raise CATEGORY_UNKNOWN(data={"categories": sorted(categories)})
    return name


def concerns(report: Report, caller: Principal, tree: UnitTree) -> bool:
    """Whether the caller reaches where the report was found to be, or where it was sent from."""
    found = report.place.unit if report.place else None
    return any(tree.covers(caller.reach, code) for code in (report.home, found) if code)
