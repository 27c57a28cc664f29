"""What a boundary must be: one GeoJSON Polygon (RFC 7946) in WGS-84, longitude before latitude."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from shared.errors import Invalid

MOST_POSITIONS: Final = 5_000
FEWEST_POSITIONS: Final = 4
"""Of a ring, whose last position repeats the first: a triangle."""
_NOTHING: Final = 1e-12
"""Square degrees, about a hand's breadth: less is what rounding leaves of a line."""
_FIELD: Final = "boundary"


def check_boundary(boundary: Mapping[str, Any] | None) -> None:
    """Raise Invalid for anything but a polygon that can be drawn. That a ring crosses itself is not looked for."""
    if boundary is None:
        return
    rings = boundary.get("coordinates")
    if (
        boundary.get("type") != "Polygon"
        or set(boundary) != {"type", "coordinates"}
        or not _is_list(rings)
        or not rings
    ):
        raise _wrong(
            "boundary_kind",
            "边界应是一个 GeoJSON Polygon",
            "the boundary must be one GeoJSON Polygon (type, coordinates)",
        )
    if sum(len(ring) if _is_list(ring) else 0 for ring in rings) > MOST_POSITIONS:
        raise _wrong(
            "boundary_too_fine",
            f"边界最多 {MOST_POSITIONS} 个点，请先简化",
            f"a boundary has at most {MOST_POSITIONS} positions; simplify it first",
        )
    for ring in rings:
        _check_ring(ring)


def _check_ring(ring: Any) -> None:
    if not _is_list(ring) or len(ring) < FEWEST_POSITIONS:
        raise _wrong(
            "boundary_ring_short",
            f"边界的每一圈至少要有 {FEWEST_POSITIONS} 个点（首尾相同）",
            f"each ring needs at least {FEWEST_POSITIONS} positions, the last repeating the first",
        )
    for position in ring:
        _check_position(position)
    if list(ring[0]) != list(ring[-1]):
        raise _wrong(
            "boundary_open",
            "边界没有闭合：最后一个点应与第一个点相同",
            "the ring is open: its last position must repeat its first",
        )
    if abs(_doubled_area(ring)) < _NOTHING:
        raise _wrong("boundary_flat", "边界没有围成面积", "the ring encloses nothing")


def _check_position(position: Any) -> None:
    if not _is_list(position) or len(position) != 2 or not all(map(_is_degrees, position)):
        raise _wrong(
            "boundary_position",
            "边界的每个点应是 [经度, 纬度] 两个数",
            "each position must be two numbers, [longitude, latitude]",
        )
    longitude, latitude = position
    if _in_china(latitude, longitude) and not _in_china(longitude, latitude):
        raise _wrong(
            "boundary_swapped",
            "边界的经纬度写反了：GeoJSON 中经度在前，纬度在后",
            "longitude and latitude are swapped: GeoJSON has longitude first",
        )
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise _wrong(
            "boundary_range",
            "边界的经度应在 ±180、纬度应在 ±90 之间（WGS-84 度）",
            "longitude must lie within ±180 and latitude within ±90 (WGS-84 degrees)",
        )


def _in_china(longitude: float, latitude: float) -> bool:
    """Roughly; only to tell a swapped pair, which lies far off."""
    return 73 <= longitude <= 136 and 3 <= latitude <= 54


def _doubled_area(ring: Sequence[Sequence[float]]) -> float:
    """In square degrees, by the shoelace formula, from the first corner so that small rings keep their digits."""
    west, south = ring[0]
    around = [(x - west, y - south) for x, y in ring]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(around))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_degrees(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong(code: str, zh: str, en: str) -> Invalid:
    return Invalid(code, zh, en, field=_FIELD)
