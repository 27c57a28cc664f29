"""The kinds of units and which kind may hang under which (docs/rules.md §1.1).

The table has no loop, so a tree that obeys it has none either: no unit can come to lie below itself.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    """大网格"""
    COMMUNITY = "community"
    """中网格"""
    GRID = "grid"
    """小网格, 责任片区"""
    BUILDING = "building"
    DOORWAY = "doorway"
    DEPARTMENT = "department"
    """职能部门: hangs off the area that it belongs to, and may serve several."""


PARENTS: Final[Mapping[Kind, frozenset[Kind | None]]] = MappingProxyType(
    {
        Kind.CITY: frozenset({None}),
        Kind.DISTRICT: frozenset({Kind.CITY}),
        # Some cities have streets and no districts.
        Kind.STREET: frozenset({Kind.DISTRICT, Kind.CITY}),
        Kind.COMMUNITY: frozenset({Kind.STREET}),
        Kind.GRID: frozenset({Kind.COMMUNITY}),
        Kind.BUILDING: frozenset({Kind.GRID}),
        Kind.DOORWAY: frozenset({Kind.BUILDING}),
        Kind.DEPARTMENT: frozenset({Kind.CITY, Kind.DISTRICT, Kind.STREET}),
    }
)
"""Kind → the kinds its parent may have; None where it has no parent."""

TOP_DOWN: Final = tuple(PARENTS)
"""Every kind after all kinds that may be its parent."""
