"""Boundaries: one GeoJSON Polygon (RFC 7946) in WGS-84, longitude before latitude, and how two of them lie.

Boundaries of the same border come from different maps, so they may differ by `TOLERANCE`; never by more, for a place
belongs to whose boundary it lies in.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import shapely

from services.registry.errors import (
    BOUNDARY_CROSSES_ITSELF,
    BOUNDARY_KIND_WRONG,
    BOUNDARY_POSITION_INVALID,
    BOUNDARY_POSITION_OUT_OF_RANGE,
    BOUNDARY_POSITION_SWAPPED,
    BOUNDARY_RING_FLAT,
    BOUNDARY_RING_OPEN,
    BOUNDARY_RING_TOO_SHORT,
    BOUNDARY_TOO_FINE,
)

Boundary = Mapping[str, Any]

MOST_POSITIONS: Final = 5_000
FEWEST_POSITIONS: Final = 4
"""Of a ring, whose last position repeats the first: a triangle."""
TOLERANCE: Final = 0.0001
"""Degrees, about 10 m."""
_DEGREE: Final = 111_320.0
"""Metres of a degree of latitude."""
_NOTHING: Final = 1e-12
"""Square degrees, about a hand's breadth: less is what rounding leaves of a line."""


def check_boundary(boundary: Boundary) -> None:
    """Raise Invalid for anything but a polygon that can be drawn."""
    rings = boundary.get("coordinates")
    is_polygon = boundary.get("type") == "Polygon" and set(boundary) == {"type", "coordinates"}
    if not is_polygon or not _is_list(rings) or not rings:
        raise BOUNDARY_KIND_WRONG()
    if sum(len(ring) if _is_list(ring) else 0 for ring in rings) > MOST_POSITIONS:
        raise BOUNDARY_TOO_FINE(most=MOST_POSITIONS)
    for ring in rings:
        _check_ring(ring)
    if not shapely.is_valid(_shape(boundary)):
        raise BOUNDARY_CROSSES_ITSELF()


def bounds(boundary: Boundary | None) -> list[float] | None:
    """West, south, east and north of a boundary that can be drawn."""
    if boundary is None:
        return None
    longitudes, latitudes = zip(*chain.from_iterable(boundary["coordinates"]), strict=True)
    return [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]


def lies_within(inner: Boundary, outer: Boundary) -> bool:
    return bool(_shape(outer).buffer(TOLERANCE).covers(_shape(inner)))


def outside(inner: Boundary, outer: Boundary) -> int:
    """How many square metres of one lie beyond the other, about."""
    return _square_metres(_shape(inner).difference(_shape(outer)))


def overlap(one: Boundary, other: Boundary) -> int | None:
    """How many square metres both cover, about, where one reaches over the other's border, or covers most of one that is
    smaller than the tolerance; else None."""
    left, right = _shape(one), _shape(other)
    common = left.intersection(right)
    over = common.area > _NOTHING and (
        common.area > min(left.area, right.area) / 2 or left.intersects(right.buffer(-TOLERANCE))
    )
    return _square_metres(common) if over else None


def union(boundaries: Sequence[Boundary]) -> Boundary | None:
    """One area that is all of these, where it is one; borders of neighbours may differ by the tolerance."""
    if not boundaries:
        return None
    shapes = [_shape(boundary) for boundary in boundaries]
    whole = shapely.union_all(shapes)
    if whole.geom_type != "Polygon":
        whole = shapely.union_all([shape.buffer(TOLERANCE / 2, join_style="mitre") for shape in shapes])
        whole = whole.buffer(-TOLERANCE / 2, join_style="mitre")
    if whole.geom_type != "Polygon":
        return None
    found = shapely.geometry.mapping(whole)
    rings = [[list(position) for position in ring] for ring in found["coordinates"]]
    return {"type": "Polygon", "coordinates": rings} if sum(map(len, rings)) <= MOST_POSITIONS else None


def centre(boundary: Boundary) -> tuple[float, float]:
    """Longitude and latitude of a point that lies in it."""
    point = _shape(boundary).representative_point()
    return float(point.x), float(point.y)


def holds(boundary: Boundary, at: tuple[float, float]) -> bool:
    return bool(_shape(boundary).covers(shapely.Point(at)))


def _square_metres(shape: Any) -> int:
    """On a sphere, at the latitude of the shape; to the metre, which is finer than any map here."""
    if shape.is_empty:
        return 0
    return round(float(shape.area) * _DEGREE**2 * math.cos(math.radians(float(shape.centroid.y))))


def _shape(boundary: Boundary) -> Any:
    return shapely.geometry.shape(boundary)


def _check_ring(ring: Any) -> None:
    if not _is_list(ring) or len(ring) < FEWEST_POSITIONS:
        raise BOUNDARY_RING_TOO_SHORT(least=FEWEST_POSITIONS)
    for position in ring:
        _check_position(position)
    if list(ring[0]) != list(ring[-1]):
        raise BOUNDARY_RING_OPEN()
    # From the first corner, so that small rings keep their digits.
    west, south = ring[0]
    if shapely.Polygon([(x - west, y - south) for x, y in ring]).area < _NOTHING / 2:
        raise BOUNDARY_RING_FLAT()


def _check_position(position: Any) -> None:
    if not _is_list(position) or len(position) != 2 or not all(map(_is_degrees, position)):
        raise BOUNDARY_POSITION_INVALID()
    longitude, latitude = position
    if _in_china(latitude, longitude) and not _in_china(longitude, latitude):
        raise BOUNDARY_POSITION_SWAPPED()
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BOUNDARY_POSITION_OUT_OF_RANGE()


def _in_china(longitude: float, latitude: float) -> bool:
    """Roughly; only to tell a swapped pair, which lies far off."""
    return 73 <= longitude <= 136 and 3 <= latitude <= 54


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_degrees(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
