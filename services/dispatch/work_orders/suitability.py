"""Which units may be made responsible for what happens in an area (docs/rules.md §3.2). Pure.

It has to do with the area: it serves it, lies above or in it. It is of a kind that handles things. Communities and grids
take only what the catalogue's tier leaves to them. Whether it holds the function is said, not asked.
"""

from collections.abc import Iterator
from datetime import date

from services.dispatch.catalogue.catalogue import Tier
from services.dispatch.errors import UNIT_NOT_SUITABLE, UNIT_TIER, UNIT_UNKNOWN
from services.dispatch.work_orders.work_order import WorkOrder
from shared.units.tree import Unit, UnitTree

BELOW_STREET = frozenset({"zone", "community", "grid", "micro_grid", "special_grid"})
_HANDLE = BELOW_STREET | {"street"}
"""Kinds that handle what lies in them, above them or below: no city, district, building or doorway."""


def require_suitable(
    code: str, order: WorkOrder, tree: UnitTree, day: date, *, field: str, exception: bool = False
) -> Unit:
    """The unit. Raises Invalid unless it exists on the local day, handles such things there, and the tier allows it;
    `exception`: the tier need not."""
    unit = tree.get(code)
    if unit is None or not unit.valid_on(day):
        raise UNIT_UNKNOWN(field=field)
    if not _suits(unit, order.place.area, tree):
        raise UNIT_NOT_SUITABLE(field=field)
    if not exception and not tier_allows(unit, order):
        raise UNIT_TIER(field=field, data={"tier": order.tier, "kind": unit.kind})
    return unit


def tier_allows(unit: Unit, order: WorkOrder) -> bool:
    """What needs the street or more is not for a community or grid (权责清单准入)."""
    return unit.kind not in BELOW_STREET or order.tier is Tier.COMMUNITY


def candidates(order: WorkOrder, tree: UnitTree, day: date) -> Iterator[Unit]:
    """Whom a dispatcher may choose from: what lies above the area or directly below it, and departments that serve it."""
    area = order.place.area
    above = {unit.code for unit in tree.upward(area)}
    for unit in tree.units.values():
        near = unit.kind == "department" or unit.code in above or unit.parent == area
        if near and unit.valid_on(day) and _suits(unit, area, tree):
            yield unit


def _suits(unit: Unit, area: str, tree: UnitTree) -> bool:
    if unit.kind == "department":
        return any(tree.within(area, served) for served in unit.serves or (unit.parent or "",))
    return unit.kind in _HANDLE and (tree.within(area, unit.code) or tree.within(unit.code, area))
