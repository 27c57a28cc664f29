"""Pairs as maps of other coordinate systems have them: the way there, of which the platform only goes the way back."""

from services.intake.places.coordinates import (
    Pair,
    Point,
    System,
    _gcj02_to_bd09,
    _outside_china,
    _wgs84_to_gcj02,
)


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
