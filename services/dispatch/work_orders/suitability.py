"""Which units may be made responsible for what happens in an area (docs/rules.md §3.2)."""

from datetime import date

from services.dispatch.errors import UNIT_NOT_SUITABLE, UNIT_UNKNOWN
from shared.units.tree import Unit, UnitTree

_HANDLE = frozenset({"street", "zone", "community", "grid", "micro_grid", "special_grid"})
"""Kinds that handle what lies in them, above them or below: no city, district, building or doorway."""


def require_suitable(code: str, area: str, tree: UnitTree, day: date, *, field: str) -> None:
    """Raise Invalid unless the unit exists on the local day, handles such things, and has to do with the area."""
    unit = tree.get(code)
    if unit is None or not unit.valid_on(day):
        raise UNIT_UNKNOWN(field=field)
    if not _suits(unit, area, tree):
        raise UNIT_NOT_SUITABLE(field=field)


def _suits(unit: Unit, area: str, tree: UnitTree) -> bool:
    if unit.kind == "department":
        return any(tree.within(area, served) for served in unit.serves or (unit.parent or "",))
    return unit.kind in _HANDLE and (tree.within(area, unit.code) or tree.within(unit.code, area))
