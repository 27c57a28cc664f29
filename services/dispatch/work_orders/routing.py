"""Routing: who must act on a triaged report. Pure, and every decision can be explained (docs/rules.md §3.2)."""

from dataclasses import dataclass, replace
from datetime import date

from services.dispatch.catalogue.catalogue import Catalogue, Rule
from shared.units.tree import Unit, UnitTree


@dataclass(frozen=True, slots=True)
class Routing:
    """The decision: `lead` is None when no department holds the function anywhere above the area; then the work order
    waits for the dispatcher. `why` says in words for people how the lead was found, `alternatives` who else holds the function above. `function_held`: the lead holds the function."""

    lead: str | None
    rule: Rule
    catalogue: str
    why: str
    alternatives: tuple[str, ...] = ()
    function_held: bool = True


def holds(unit: Unit, function: str) -> bool:
    """Whether the function is the unit's. What is no department answers for whatever happens in it."""
    return unit.kind != "department" or not function or function in unit.functions


def route(category: str, area: str, catalogue: Catalogue, tree: UnitTree, day: date) -> Routing:
    """The department that holds the category's function and serves the area on a local day, nearest area first."""
    rule = catalogue.rule_for(category)
    holders = [(served, unit) for served, unit in tree.departments(area, rule.function) if unit.valid_on(day)]
    if not holders:
        return Routing(None, rule, catalogue.version, f"{_name(area, tree)}及其上级没有负责{category}的部门")
    (served, lead), *others = holders
    return Routing(
        lead.code,
        rule,
        catalogue.version,
        f"按权责清单，{_name(served, tree)}的{category}由{lead.name}负责",
        tuple(unit.code for _, unit in others[:5]),
    )


def named(routing: Routing, lead: str, tree: UnitTree) -> Routing:
    """The same rule, led by the unit that the source itself names."""
    unit = tree.get(lead)
    held = unit is not None and holds(unit, routing.rule.function)
    return replace(routing, lead=lead, why=f"由{_name(lead, tree)}牵头（来源指定）", function_held=held)


def _name(code: str, tree: UnitTree) -> str:
    unit = tree.get(code)
    return unit.name if unit else code
