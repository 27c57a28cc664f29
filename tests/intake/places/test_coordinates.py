"""Coordinates come back as they were declared, and the published reference pairs hold."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.places.coordinates import Point, System, Told, metres, to_wgs84
from shared.errors import Invalid
from tests.intake.places.pairs import from_wgs84

BEIJING = Point(116.3913, 39.9075)
# One point in every system, as published with the conversions.
REFERENCE = {
    System.WGS84: (116.3913, 39.9075),
    System.CGCS2000: (116.3913, 39.9075),
    System.GCJ02: (116.39754118159271, 39.90890127616531),
    System.BD09: (116.40391394350723, 39.91524466370509),
}

# Half a degree inside the rectangle of China, so that the shift itself cannot leave it.
inside_china = st.tuples(st.floats(72.6, 137.3), st.floats(1.4, 55.3))


KNOWN = [system for system in System if system is not System.UNKNOWN]


@pytest.mark.parametrize("system", KNOWN)
def test_the_reference_point_has_its_published_pair(system: System) -> None:
    assert from_wgs84(BEIJING, system) == pytest.approx(REFERENCE[system], abs=1e-12)


@pytest.mark.parametrize("system", KNOWN)
def test_the_published_pair_leads_back_to_the_reference_point(system: System) -> None:
    found = to_wgs84(*REFERENCE[system], system)
    assert (found.lon, found.lat) == pytest.approx((BEIJING.lon, BEIJING.lat), abs=1e-9)


@given(inside_china, st.sampled_from(System))
def test_there_and_back_is_the_same_place_anywhere_in_china(pair: tuple[float, float], system: System) -> None:
    point = Point(*pair)
    back = to_wgs84(*from_wgs84(point, system), system)
    assert math.isclose(back.lon, point.lon, abs_tol=1e-6)
    assert math.isclose(back.lat, point.lat, abs_tol=1e-6)


@given(inside_china)
def test_gcj_02_moves_every_point_in_china_but_by_less_than_two_kilometres(pair: tuple[float, float]) -> None:
    lon, lat = from_wgs84(Point(*pair), System.GCJ02)
    assert 0 < math.hypot(lon - pair[0], lat - pair[1]) < 0.02


@pytest.mark.parametrize("pair", [(-0.1276, 51.5072), (151.2093, -33.8688), (0.0, 0.0), (180.0, 90.0)])
@pytest.mark.parametrize("system", KNOWN)
def test_outside_china_all_systems_are_the_same(pair: tuple[float, float], system: System) -> None:
    assert to_wgs84(*pair, system) == Point(*pair)
    assert from_wgs84(Point(*pair), system) == pair


@pytest.mark.parametrize("pair", [(28.2, 113.1), (181.0, 0.0), (math.nan, 28.2), (113.1, math.inf), (113.1, -90.1)])
def test_a_pair_out_of_range_is_refused_and_the_field_is_named(pair: tuple[float, float]) -> None:
    with pytest.raises(Invalid) as refused:
        to_wgs84(*pair, System.WGS84)
    assert refused.value.code == "point_out_of_range"
    assert refused.value.field == "point"


def test_a_told_point_of_an_unknown_system_may_be_any_and_says_how_far_it_may_be_off() -> None:
    told = Told(113.05, 28.05, System.UNKNOWN)
    assert told.readings() == tuple(
        to_wgs84(113.05, 28.05, system) for system in (System.WGS84, System.GCJ02, System.BD09)
    )
    middle, radius = told.centre()
    assert radius is not None
    assert all(metres(middle, reading) <= radius for reading in told.readings())
    assert 500 < radius < 1500


@pytest.mark.parametrize("system", KNOWN)
def test_a_point_whose_system_is_told_is_one_place_without_doubt(system: System) -> None:
    told = Told(113.05, 28.05, system)
    assert told.centre() == (to_wgs84(113.05, 28.05, system), None)
    assert Told.read(str(told)) == told


def test_outside_china_all_systems_are_the_same_and_nothing_is_in_doubt() -> None:
    assert Told(2.35, 48.85, System.UNKNOWN).centre() == (Point(2.35, 48.85), None)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres(Point(113.0, 28.0), Point(113.0, 29.0)) == pytest.approx(111_195, abs=1)
