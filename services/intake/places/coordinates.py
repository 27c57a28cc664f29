"""Coordinate systems of Chinese maps, turned into WGS-84 and back. Pure; degrees everywhere, longitude first.

CGCS2000 differs from WGS-84 by centimetres and counts as equal. GCJ-02 (national maps) and BD-09 (Baidu) bend WGS-84
inside China only; outside the rectangle below all systems are the same. There is no exact inverse: it is iterated to
far below a millimetre, so that going there and back returns the pair that was declared. Where nobody says in which
system a pair is, it may be any of them: some 500 m lie between the first two, more than a kilometre between all.
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
    UNKNOWN = "unknown"


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


@dataclass(frozen=True, slots=True)
class Told:
    """A point as it was told: a pair, and the system that the sender declared or the channel is known for."""

    longitude: float
    latitude: float
    system: System

    @classmethod
    def read(cls, text: str) -> "Told":
        """Of what `str` gives: "113.05 28.05 GCJ-02"."""
        longitude, latitude, system = text.split()
        return cls(float(longitude), float(latitude), System(system))

    def __str__(self) -> str:
        return f"{self.longitude!r} {self.latitude!r} {self.system}"

    def readings(self) -> tuple[Point, ...]:
        """Where it may be: one point, or three where the system is unknown. Raises `Invalid` where out of range."""
        systems = _POSSIBLE if self.system is System.UNKNOWN else (self.system,)
        return tuple(dict.fromkeys(to_wgs84(self.longitude, self.latitude, system) for system in systems))

    def centre(self) -> tuple[Point, float | None]:
        """The middle of the readings, and how many metres away the point may be from it; None where it is no doubt."""
        readings = self.readings()
        if len(readings) == 1:
            return readings[0], None
        middle = Point(sum(p.lon for p in readings) / len(readings), sum(p.lat for p in readings) / len(readings))
        return middle, max(metres(middle, point) for point in readings)


_POSSIBLE = (System.WGS84, System.GCJ02, System.BD09)


def metres(one: Point, other: Point) -> float:
    """The distance over the ground, by the haversine formula on the mean sphere (radius 6,371,008.8 m)."""
    north, east = math.radians(other.lat - one.lat), math.radians(other.lon - one.lon)
    half = math.sin(north / 2) ** 2
    half += math.cos(math.radians(one.lat)) * math.cos(math.radians(other.lat)) * math.sin(east / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(half)))


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
