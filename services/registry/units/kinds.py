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
    ZONE = "zone"
    """管区: between street and community, where a street has them."""
    COMMUNITY = "community"
    """中网格"""
    GRID = "grid"
    """小网格, 责任片区"""
    MICRO_GRID = "micro_grid"
    """微网格"""
    SPECIAL_GRID = "special_grid"
    """专属网格: a market, an industrial park, a hospital."""
    BUILDING = "building"
    DOORWAY = "doorway"
    DEPARTMENT = "department"
    """职能部门: hangs off the area that it belongs to, and may serve several."""


ZH: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.CITY: "城市",
        Kind.DISTRICT: "区县",
        Kind.STREET: "街道（乡镇）",
        Kind.ZONE: "管区",
        Kind.COMMUNITY: "社区（村）",
        Kind.GRID: "网格",
        Kind.MICRO_GRID: "微网格",
        Kind.SPECIAL_GRID: "专属网格",
        Kind.BUILDING: "楼栋",
        Kind.DOORWAY: "单元",
        Kind.DEPARTMENT: "职能部门",
    }
)
"""What each is called, in tables too."""

PARENTS: Final[Mapping[Kind, frozenset[Kind | None]]] = MappingProxyType(
    {
        Kind.CITY: frozenset({None}),
        Kind.DISTRICT: frozenset({Kind.CITY}),
        # Some cities have streets and no districts.
        Kind.STREET: frozenset({Kind.DISTRICT, Kind.CITY}),
        Kind.ZONE: frozenset({Kind.STREET}),
        Kind.COMMUNITY: frozenset({Kind.STREET, Kind.ZONE}),
        Kind.GRID: frozenset({Kind.COMMUNITY}),
        # A market or a park may lie over several communities; the street keeps it then.
        Kind.SPECIAL_GRID: frozenset({Kind.STREET, Kind.ZONE, Kind.COMMUNITY}),
        Kind.MICRO_GRID: frozenset({Kind.GRID, Kind.SPECIAL_GRID}),
        Kind.BUILDING: frozenset({Kind.GRID, Kind.SPECIAL_GRID, Kind.MICRO_GRID}),
        Kind.DOORWAY: frozenset({Kind.BUILDING}),
        Kind.DEPARTMENT: frozenset({Kind.CITY, Kind.DISTRICT, Kind.STREET}),
    }
)
"""Kind → the kinds its parent may have; None where it has no parent."""

TOP_DOWN: Final = tuple(PARENTS)
"""Every kind after all kinds that may be its parent."""
