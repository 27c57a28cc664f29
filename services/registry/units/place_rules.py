"""Nobody draws others' work to themselves: a unit's code, boundary and service stay where it hangs in the tree.

What crosses these is refused to everybody. What keeps them and still draws others' work is for those to agree who lose
it (`crossing`).
"""

from typing import Final

from services.registry.errors import (
    BOUNDARY_OUTSIDE_PARENT,
    BOUNDARY_OVERLAPS,
    UNIT_CODE_OUTSIDE_PARENT,
)
from services.registry.units.boundary import Boundary, lies_within, outside, overlap
from services.registry.units.kinds import Kind
from services.registry.units.rule_context import Rule, RuleContext
from services.registry.units.unit import UnitState, ancestors
from shared.errors import GridGovError

_NAMED: Final = 5
"""Units that a message names; its data have all."""


def new_code_begins_with_its_parents(state: UnitState, context: RuleContext) -> None:
    """So nobody takes codes that others will want. A unit that moves keeps its code."""
    if context.before is not None or state.parent is None:
        return
    if not state.code.startswith(state.parent) or state.code == state.parent:
        raise UNIT_CODE_OUTSIDE_PARENT(parent=state.parent)


def boundary_lies_in_the_one_above(state: UnitState, context: RuleContext) -> None:
    """The nearest that has a boundary. A unit without one is moved with what lies below it."""
    enclosing = next((above for above in ancestors(context.known, state.parent) if above.boundary is not None), None)
    if enclosing is None or enclosing.boundary is None or not state.valid_on(context.today):
        return
    inside = [(other, b) for other, b in context.neighbours(state) if context.lies_in(other.code, state.code)]
    for unit, boundary in [(state, state.boundary)] if state.boundary is not None else inside:
        if not lies_within(boundary, enclosing.boundary):
            raise _reaches_out(unit, boundary, enclosing, enclosing.boundary)


def boundary_covers_what_is_below(state: UnitState, context: RuleContext) -> None:
    if state.boundary is None:
        return
    for other, boundary in context.neighbours(state):
        if context.lies_in(other.code, state.code) and not lies_within(boundary, state.boundary):
            raise _reaches_out(other, boundary, state, state.boundary)


def boundary_leaves_others_theirs(state: UnitState, context: RuleContext) -> None:
    """Not only siblings: where the parent has no boundary, those of other streets are its neighbours."""
    if state.boundary is None:
        return
    above = {unit.code for unit in ancestors(context.known, state.parent)}
    overlaps: dict[str, tuple[UnitState, int]] = {}
    for other, boundary in context.neighbours(state):
        if other.code in above or context.lies_in(other.code, state.code):
            continue
        if _lies_over(state, other, context) or _lies_over(other, state, context):
            continue
        if (common := overlap(state.boundary, boundary)) is not None:
            overlaps[other.code] = other, common
    if overlaps:
        told = sorted(overlaps.values(), key=lambda one: (-one[1], one[0].code))
        raise BOUNDARY_OVERLAPS(
            others=[f"{other.name} {common:,} m²" for other, common in told[:_NAMED]],
            data={"overlaps": [_told(other) | {"square_metres": common} for other, common in told]},
        )


def _reaches_out(unit: UnitState, boundary: Boundary, above: UnitState, enclosing: Boundary) -> GridGovError:
    beyond = outside(boundary, enclosing)
    data = {"unit": _told(unit), "parent": _told(above), "square_metres": beyond}
    return BOUNDARY_OUTSIDE_PARENT(unit=unit.name, parent=above.name, beyond=f"{beyond:,} m²", data=data)


def _told(unit: UnitState) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name}


def _lies_over(special: UnitState, area: UnitState, context: RuleContext) -> bool:
    """A market or a park that the street keeps may lie over its communities; never over their grids."""
    return (
        special.kind is Kind.SPECIAL_GRID
        and area.kind in (Kind.ZONE, Kind.COMMUNITY)
        and special.parent is not None
        and context.lies_in(area.code, special.parent)
    )


PLACE_RULES: Final[tuple[Rule, ...]] = (
    new_code_begins_with_its_parents,
    boundary_lies_in_the_one_above,
    boundary_covers_what_is_below,
    boundary_leaves_others_theirs,
)
"""For what has passed the rules of form."""
