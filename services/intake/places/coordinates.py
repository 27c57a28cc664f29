"""Coordinate systems of Chinese maps, turned into WGS-84 and back. Pure; degrees everywhere, longitude first.

CGCS2000 differs from WGS-84 by centimetres and counts as equal. GCJ-02 (national maps) and BD-09 (Baidu) bend WGS-84
inside China only; outside the rectangle below all systems are the same. There is no exact inverse: it is iterated to
far below a millimetre, so that going there and back returns the pair that was declared.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from services.intake.errors import POINT_OUT_OF_RANGE

Pair = tuple[float, float]


class System(StrEnum):
    """Declared by whoever sends a point; stored together with the pair as it was sent."""

    WGS84 = "WGS-84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


@dataclass(frozen=True, slots=True)
class Point:
    """A position in WGS-84 degrees. Not finite or out of range raises `Invalid`."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            raise POINT_OUT_OF_RANGE()


def to_wgs84(lon: float, lat: float, system: System) -> Point:
    """The WGS-84 position of a pair in `system`. Raises `Invalid` where the pair is out of range."""
    declared = Point(lon, lat)
    if _outside_china(lon, lat):
        return declared
    pair = (lon, lat)
    if system is System.BD09:
        pair = _inverse(_gcj02_to_bd09, pair)
    if system in (System.BD09, System.GCJ02):
        pair = _inverse(_wgs84_to_gcj02, pair)
    return Point(*pair)


def from_wgs84(point: Point, system: System) -> Pair:
    """The pair (longitude, latitude) that `point` has in `system`, for maps drawn in it."""
    pair = (point.lon, point.lat)
    if _outside_china(*pair):
        return pair
    if system in (System.BD09, System.GCJ02):
        pair = _wgs84_to_gcj02(pair)
    if system is System.BD09:
        pair = _gcj02_to_bd09(pair)
    return pair


# The rectangle, the ellipsoid (Krasovsky 1940) and the series are those of the published GCJ-02 and BD-09 formulas.
_AXIS = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = math.pi * 3000.0 / 180.0


def _outside_china(lon: float, lat: float) -> bool:
    return not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271)


def _wave(value: float, *terms: tuple[float, float]) -> float:
    """Sum of amplitude * sin(pi * value / period), two thirds of it."""
    return sum(amplitude * math.sin(math.pi * value / period) for amplitude, period in terms) * 2.0 / 3.0


def _wgs84_to_gcj02(pair: Pair) -> Pair:
    lon, lat = pair
    x, y = lon - 105.0, lat - 35.0
    both = _wave(x, (20.0, 1 / 6), (20.0, 1 / 2))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += both + _wave(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += both + _wave(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    phi = math.radians(lat)
    flat = 1 - _ECCENTRICITY2 * math.sin(phi) ** 2
    metres_north = _AXIS * (1 - _ECCENTRICITY2) / (flat * math.sqrt(flat))
    metres_east = _AXIS / math.sqrt(flat) * math.cos(phi)
    return lon + math.degrees(east / metres_east), lat + math.degrees(north / metres_north)


def _gcj02_to_bd09(pair: Pair) -> Pair:
    lon, lat = pair
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_TURN)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _inverse(forward: Callable[[Pair], Pair], target: Pair) -> Pair:
    """The pair that `forward` takes to `target`: both maps are a small shift, so correcting by the miss converges."""
    lon, lat = target
    for _ in range(30):
        there = forward((lon, lat))
        miss_lon, miss_lat = target[0] - there[0], target[1] - there[1]
        lon, lat = lon + miss_lon, lat + miss_lat
        if abs(miss_lon) < 1e-12 and abs(miss_lat) < 1e-12:
            break
    return lon, lat
