"""Which coordinate system a point is in that does not say so."""

import pytest

from services.intake.places.coordinates import System
from services.intake.places.point_systems import PointSystems
from shared.errors import Invalid


def test_nothing_is_guessed_but_what_a_standard_says() -> None:
    systems = PointSystems.configured({})
    assert systems.of("anybody", "hotline") is System.UNKNOWN
    assert systems.of("anybody", "open311") is System.WGS84


def test_what_is_configured_of_the_client_goes_before_the_channel() -> None:
    systems = PointSystems.configured({"hotline": "GCJ-02", "city-app": "BD-09", "open311": "unknown"})
    assert systems.of("anybody", "hotline") is System.GCJ02
    assert systems.of("city-app", "hotline") is System.BD09
    assert systems.of("anybody", "open311") is System.UNKNOWN


def test_a_system_that_does_not_exist_stops_the_service_with_what_there_is() -> None:
    with pytest.raises(Invalid) as refused:
        PointSystems.configured({"hotline": "mars"})
    assert "GRIDGOV_POINT_SYSTEMS" in refused.value.zh
    assert "GCJ-02" in refused.value.zh
