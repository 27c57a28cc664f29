"""Boundaries to look at and to draw anew, and the light map of what lies below a unit."""

import math
from dataclasses import replace
from typing import Any

import pytest
import shapely

from services.registry.city.import_city import City
from services.registry.units.kinds import Kind
from services.registry.units.map import simplified
from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.toy_city import EAST, SQUARE, UNITS, WEST, square, state

pytestmark = pytest.mark.anyio

TWO = City((*(replace(unit, boundary=EAST) if unit.code == "R1-S-01-002" else unit for unit in UNITS),))


def drawn(geometry: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, **more}


async def test_a_boundary_is_drawn_anew_as_it_was_read(registry: Registry) -> None:
    await registry.fill()
    path = "/units/R1-S-01-001/boundary"
    read = await registry.call("GET", path)
    assert (read.headers["etag"], read.json()["geometry"]) == ('"1"', WEST)
    assert (await registry.call("PUT", path, read.json(), if_match="1")).headers["etag"] == '"1"'
    smaller = square(113.0, 28.0, 0.04)
    changed = await registry.call(
        "PUT",
        f"{path}?why=重新测绘&effective_from=2026-11-01",
        drawn(smaller),
        role=Role.LEADER,
        unit="R1-S",
        if_match="1",
    )
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["geometry"] == smaller
    assert (await registry.get(f"{path}?as_of=2026-10-31"))["geometry"] == WEST
    assert (await registry.get(f"{path}?as_of=2026-11-01"))["geometry"] == smaller
    (*_, entry) = (await registry.get("/units/R1-S-01-001/trail"))["entries"]
    assert (entry["why"], entry["what"]["boundary"]) == ("重新测绘", "changed")
    unit = await registry.get("/units/R1-S-01-001")
    assert (unit["name"], unit["households"]) == ("东塘社区第1网格", 300)
    gone = await registry.call("PUT", path, drawn(None), if_match="2")
    assert gone.json()["geometry"] is None


async def test_who_is_overlapped_is_named_with_the_area(registry: Registry) -> None:
    await registry.fill(TWO)
    over = square(113.04, 28.0, 0.02)
    answer = await registry.call("PUT", "/units/R1-S-01-001/boundary", drawn(over), if_match="1")
    assert (answer.status_code, answer.json()["code"]) == (422, "boundary_overlaps")
    (one,) = answer.json()["data"]["overlaps"]
    side = 111_320 * 0.01
    assert (one["code"], one["name"]) == ("R1-S-01-002", "东塘社区第2网格")
    assert one["square_metres"] == pytest.approx(2 * side * side * math.cos(math.radians(28.01)), rel=0.01)
    assert "东塘社区第2网格" in answer.json()["title_zh"]
    beyond = await registry.call("PUT", "/units/R1-S-01-001/boundary", drawn(square(112.99, 28.0, 0.05)), if_match="1")
    assert (beyond.status_code, beyond.json()["code"]) == (422, "boundary_outside_parent")
    assert beyond.json()["data"]["parent"] == {"code": "R1-S", "name": "柳湾街道"}
    assert beyond.json()["data"]["square_metres"] > 0


async def test_what_is_no_boundary_or_not_yours_is_refused(registry: Registry) -> None:
    await registry.fill()
    path = "/units/R1-S-01-001/boundary"
    bow = [[113.0, 28.0], [113.01, 28.01], [113.01, 28.0], [113.0, 28.01], [113.0, 28.0]]
    for body, who, version, status in (
        (drawn({"type": "Polygon", "coordinates": [bow]}), {}, "1", 422),
        (drawn({"type": "Polygon", "coordinates": [bow[:-1]]}), {}, "1", 422),
        (drawn({"type": "MultiPolygon", "coordinates": []}), {}, "1", 422),
        ({"type": "Polygon", "coordinates": [bow]}, {}, "1", 422),
        (drawn(EAST), {"role": Role.LEADER, "unit": "R1-S-02"}, "1", 403),
        (drawn(EAST), {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}, "1", 403),
        (drawn(EAST), {}, "7", 412),
    ):
        answer = await registry.call("PUT", path, body, if_match=version, **who)
        assert answer.status_code == status, answer.text
    assert (await registry.call("PUT", path, drawn(EAST))).status_code == 428
    assert (await registry.call("PUT", "/units/R9/boundary", drawn(EAST), if_match="1")).status_code == 404


async def test_a_map_has_all_units_below_and_is_not_sent_twice(registry: Registry) -> None:
    await registry.fill(TWO)
    first = await registry.call("GET", "/units/R1-S-01/map", role=Role.RESIDENT)
    assert first.json()["bbox"] == [113.0, 28.0, 113.1, 28.05]
    assert [(one["id"], one["properties"]["name"]) for one in first.json()["features"]] == [
        ("R1-S-01-001", "东塘社区第1网格"), ("R1-S-01-002", "东塘社区第2网格"),
    ]  # fmt: skip
    etag = first.headers["etag"].strip('"')
    again = await registry.call("GET", "/units/R1-S-01/map", if_none_match=etag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    body = drawn(square(113.0, 28.0, 0.04))
    assert (await registry.call("PUT", "/units/R1-S-01-001/boundary", body, if_match="1")).status_code == 200
    assert (await registry.call("GET", "/units/R1-S-01/map", if_none_match=etag)).status_code == 200
    assert (await registry.get("/units/R1-S-01/map?as_of=2025-01-01"))["features"][0]["geometry"] is not None
    nothing = await registry.get("/units/R1-S-02/map")
    assert (nothing["bbox"], nothing["features"]) == (None, [])
    assert (await registry.call("GET", "/units/R9/map")).status_code == 404


def test_a_map_is_light_and_neighbours_still_share_their_border() -> None:
    wave = [(113.05 + 0.0002 * math.sin(step / 5), 28.0 + step * 0.0001) for step in range(1001)]
    west = shapely.Polygon([(113.0, 28.0), *wave, (113.0, 28.1)])
    east = shapely.Polygon([(113.1, 28.0), *wave, (113.1, 28.1)])
    light, box = simplified({"w": shapely.geometry.mapping(west), "e": shapely.geometry.mapping(east)})
    corners = {key: len(one["coordinates"][0]) for key, one in light.items()}
    assert max(corners.values()) < 400
    left, right = (shapely.geometry.shape(light[key]) for key in ("w", "e"))
    assert left.intersection(right).area < 1e-12
    assert left.area + right.area == pytest.approx(0.01, rel=1e-6)
    assert box == [113.0, 28.0, 113.1, 28.1]
    assert simplified({"s": SQUARE})[0]["s"]["coordinates"][0][0] in SQUARE["coordinates"][0]


async def test_units_of_every_kind_hang_where_they_may(registry: Registry) -> None:
    more = (
        state("R1-S-Z1", Kind.ZONE, "R1-S"),
        state("R1-S-Z1-01", Kind.COMMUNITY, "R1-S-Z1"),
        state("R1-S-Z1-01-001", Kind.GRID, "R1-S-Z1-01"),
        state("R1-S-Z1-01-001-W1", Kind.MICRO_GRID, "R1-S-Z1-01-001"),
        state("R1-S-Z1-01-001-W1-B1", Kind.BUILDING, "R1-S-Z1-01-001-W1"),
        state("R1-S-Z1-01-001-W1-B1-D1", Kind.DOORWAY, "R1-S-Z1-01-001-W1-B1"),
        state("R1-S-Z1-01-S1", Kind.SPECIAL_GRID, "R1-S-Z1-01"),
    )
    await registry.fill(City((*UNITS, *more)))
    tree = (await registry.get("/tree?root=R1-S-Z1&depth=8"))["roots"][0]
    assert [child["kind"] for child in tree["children"][0]["children"]] == ["grid", "special_grid"]
    ancestors = (await registry.get("/units/R1-S-Z1-01-001-W1-B1-D1/ancestors"))["items"]
    assert len(ancestors) == 9
