"""Coordinates come back as they were declared, and the published reference pairs hold."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.places.coordinates import Point, System, from_wgs84, to_wgs84
from shared.errors import Invalid

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


@pytest.mark.parametrize("system", System)
def test_the_reference_point_has_its_published_pair(system: System) -> None:
    assert from_wgs84(BEIJING, system) == pytest.approx(REFERENCE[system], abs=1e-12)


@pytest.mark.parametrize("system", System)
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
@pytest.mark.parametrize("system", System)
def test_outside_china_all_systems_are_the_same(pair: tuple[float, float], system: System) -> None:
    assert to_wgs84(*pair, system) == Point(*pair)
    assert from_wgs84(Point(*pair), system) == pair


@pytest.mark.parametrize("pair", [(28.2, 113.1), (181.0, 0.0), (math.nan, 28.2), (113.1, math.inf), (113.1, -90.1)])
def test_a_pair_out_of_range_is_refused_and_the_field_is_named(pair: tuple[float, float]) -> None:
    with pytest.raises(Invalid) as refused:
        to_wgs84(*pair, System.WGS84)
    assert refused.value.code == "point_out_of_range"
    assert refused.value.field == "point"
