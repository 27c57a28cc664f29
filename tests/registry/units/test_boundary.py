"""Which boundaries are refused, and which are taken as they are."""

import math
from typing import Any

import pytest

from services.registry.units.boundary import MOST_POSITIONS, check_boundary
from shared.errors import Invalid
from tests.registry.toy_city import SQUARE

RING = SQUARE["coordinates"][0]
HOLE = [[113.02, 28.02], [113.04, 28.02], [113.04, 28.04], [113.02, 28.02]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def with_first(position: Any) -> dict[str, Any]:
    return polygon([position, *RING[1:-1], position])


@pytest.mark.parametrize(
    "boundary",
    [
        SQUARE,
        polygon(RING, HOLE),
        polygon(RING[::-1]),
        polygon([[0, 0], [1, 0], [1, 1], [0, 0]]),
        polygon([[-0.2, 51.4], [0.1, 51.4], [0.1, 51.6], [-0.2, 51.4]]),
        # As small as a doorway, far from 0/0: the digits must suffice to see that it encloses something.
        polygon([[113.0, 28.0], [113.00001, 28.0], [113.00001, 28.00001], [113.0, 28.0]]),
    ],
)
def test_a_polygon_that_can_be_drawn_is_taken(boundary: dict[str, Any]) -> None:
    check_boundary(boundary)


@pytest.mark.parametrize(
    ("boundary", "code"),
    [
        ({}, "boundary_kind_wrong"),
        ({"type": "Point", "coordinates": [113.0, 28.0]}, "boundary_kind_wrong"),
        ({"type": "MultiPolygon", "coordinates": [[RING]]}, "boundary_kind_wrong"),
        ({"type": "Polygon"}, "boundary_kind_wrong"),
        (polygon(), "boundary_kind_wrong"),
        ({**SQUARE, "crs": "GCJ-02"}, "boundary_kind_wrong"),
        (polygon(*RING), "boundary_ring_too_short"),
        (polygon([]), "boundary_ring_too_short"),
        (polygon([RING[0], RING[1], RING[0]]), "boundary_ring_too_short"),
        (polygon("ring"), "boundary_ring_too_short"),
        (polygon(RING[:-1]), "boundary_ring_open"),
        (polygon(RING, [*HOLE[:-1], [113.03, 28.03]]), "boundary_ring_open"),
        (polygon([[113.0, 28.0], [113.1, 28.1], [113.2, 28.2], [113.0, 28.0]]), "boundary_ring_flat"),
        (polygon([[113.0, 28.0]] * 4), "boundary_ring_flat"),
        (with_first([113.0]), "boundary_position_invalid"),
        (with_first([113.0, 28.0, 40.0]), "boundary_position_invalid"),
        (with_first(["113.0", "28.0"]), "boundary_position_invalid"),
        (with_first([True, 28.0]), "boundary_position_invalid"),
        (with_first([math.nan, 28.0]), "boundary_position_invalid"),
        (with_first([math.inf, 28.0]), "boundary_position_invalid"),
        (with_first([180.1, 28.0]), "boundary_position_out_of_range"),
        (with_first([113.0, -90.1]), "boundary_position_out_of_range"),
        (polygon([[lat, lon] for lon, lat in RING]), "boundary_position_swapped"),
        (
            polygon([[113.0, 28.0], [113.1, 28.1], [113.1, 28.0], [113.0, 28.08], [113.0, 28.0]]),
            "boundary_crosses_itself",
        ),
        # The west of China, whose longitudes would pass for latitudes.
        (polygon([[43.8, 87.5], [43.9, 87.5], [43.9, 87.6], [43.8, 87.5]]), "boundary_position_swapped"),
        (polygon(RING[:1] * (MOST_POSITIONS + 1)), "boundary_too_fine"),
    ],
)
def test_a_boundary_is_refused(boundary: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_boundary(boundary)
    assert (refused.value.code, refused.value.field) == (code, "boundary")
