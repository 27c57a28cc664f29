"""A light map of many units: their boundaries with as few corners as the eye needs, borders still shared. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely

from services.registry.units.boundary import Boundary

_FINEST: Final = 1 / 600
"""Of the map's width: less than a pixel of a phone."""
_DIGITS: Final = 6
"""Of degrees: a hand's breadth."""


def simplified(boundaries: Mapping[str, Boundary]) -> tuple[dict[str, dict[str, Any]], list[float] | None]:
    """The boundaries by their keys, simplified together, and west, south, east and north of all."""
    if not boundaries:
        return {}, None
    shapes = [shapely.geometry.shape(boundary) for boundary in boundaries.values()]
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    # Together: a border that two share keeps the same corners on both sides, so no gaps open between them.
    light: Sequence[Any] = shapely.coverage_simplify(shapes, max(east - west, north - south) * _FINEST)
    found = {}
    for key, shape, exact in zip(boundaries, light, shapes, strict=True):
        drawn = shape if shape.geom_type == "Polygon" and not shape.is_empty else exact
        found[key] = {"type": "Polygon", "coordinates": [_rounded(ring) for ring in _rings(drawn)]}
    return found, [round(side, _DIGITS) for side in (west, south, east, north)]


def _rings(polygon: Any) -> list[Any]:
    return [polygon.exterior, *polygon.interiors]


def _rounded(ring: Any) -> list[list[float]]:
    return [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in ring.coords]
