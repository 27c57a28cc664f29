"""Routing: who must act on a triaged report. Pure, and every decision can be explained (docs/rules.md §3.2)."""

from dataclasses import dataclass
from datetime import date

from services.dispatch.catalogue.catalogue import Catalogue, Rule
from shared.units.tree import UnitTree


@dataclass(frozen=True, slots=True)
class Routing:
    """The decision: `lead` is None when no department holds the function anywhere above the area; then the work order
    waits for the dispatcher. `why` says how the lead was found, `alternatives` who else holds the function above."""

    lead: str | None
    rule: Rule
    catalogue: str
    why: str
    alternatives: tuple[str, ...] = ()


def route(category: str, area: str, catalogue: Catalogue, tree: UnitTree, day: date) -> Routing:
    """The department that holds the category's function and serves the area on a local day, nearest area first."""
    rule = catalogue.rule_for(category)
    holders = [(served, unit) for served, unit in tree.departments(area, rule.function) if unit.valid_on(day)]
    if not holders:
        return Routing(None, rule, catalogue.version, f"no department holds {rule.function} for {area} or above it")
    (served, lead), *others = holders
    return Routing(
        lead.code,
        rule,
        catalogue.version,
        f"{rule.id}: {category} → {rule.function}, held by {lead.code} for {served}",
        tuple(unit.code for _, unit in others[:5]),
    )
