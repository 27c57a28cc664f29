"""Units over HTTP: finding, paging, the tree of any day, registering and changing with preconditions."""

from dataclasses import asdict
from typing import Any

import pytest

from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.toy_city import SQUARE, UNITS

pytestmark = pytest.mark.anyio

NEW = {"kind": "grid", "name": "西塘社区第1网格", "parent": "R1-S-02", "valid_from": "2026-11-01"}


def codes(page: Any) -> list[str]:
    return [item["code"] for item in page["items"]]


def stated(code: str, **different: Any) -> dict[str, Any]:
    """The body of a PUT that says of a unit of the small city what is true already, but for `different`."""
    unit = next(unit for unit in UNITS if unit.code == code)
    body = {name: value for name, value in asdict(unit).items() if name != "code"}
    return {**body, "valid_from": unit.valid_from.isoformat(), **different}


async def test_units_are_found_by_parent_kind_and_text(registry: Registry) -> None:
    await registry.fill()
    everything = sorted(unit.code for unit in UNITS)
    for query, expected in (
        ("", everything),
        ("?parent=R1-S-01", ["R1-S-01-001", "R1-S-01-002"]),
        ("?kind=community", ["R1-S-01", "R1-S-02"]),
        ("?kind=grid&parent=R1-S-02", []),
        ("?q=东塘社区第", ["R1-S-01-001", "R1-S-01-002"]),
        ("?q=柳湾", ["R1-S"]),
        ("?q=柳灣", ["R1-S"]),
        ("?q=r1-s-d", ["R1-S-D-AJ"]),
        ("?q=DongTang", ["R1-S-01", "R1-S-01-001", "R1-S-01-002"]),
        ("?q=dong tang she", ["R1-S-01", "R1-S-01-001", "R1-S-01-002"]),
        ("?q=ongtang", []),
        ("?q=dtsq", ["R1-S-01", "R1-S-01-001", "R1-S-01-002"]),
        ("?q=sqd２", ["R1-S-01-002"]),
        ("?q=lwjd", ["R1-S"]),
        ("?q=lw&as_of=2025-01-01", ["R1-S"]),
        ("?q=Ｒ１-Ｓ-０２", ["R1-S-02"]),
        ("?q=%27", []),
        ("?q=%5C%27:*", []),
        ("?q=%25", []),
        ("?q=_", []),
    ):
        assert codes(await registry.get(f"/units{query}")) == expected, query


async def test_pages_follow_each_other_to_the_end(registry: Registry) -> None:
    await registry.fill()
    found, after = [], ""
    while True:
        page = await registry.get(f"/units?limit=3{after}")
        found.append(codes(page))
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [len(page) for page in found] == [3, 3, 2]
    assert [code for page in found for code in page] == sorted(unit.code for unit in UNITS)


async def test_one_unit_comes_with_its_boundary_and_etag(registry: Registry) -> None:
    await registry.fill()
    answer = await registry.call("GET", "/units/R1-S", role=Role.RESIDENT)
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["boundary"] == SQUARE
    assert answer.json()["aliases"] == ["柳湾"]
    feature = await registry.get("/units/R1-S/boundary")
    assert (feature["type"], feature["geometry"], feature["properties"]["kind"]) == ("Feature", SQUARE, "street")
    assert (await registry.get("/units/R/boundary"))["geometry"] is None
    assert codes(await registry.get("/units/R1-S/children")) == ["R1-S-01", "R1-S-02", "R1-S-D-AJ"]
    assert codes(await registry.get("/units/R1-S-01-001/ancestors")) == ["R1-S-01-001", "R1-S-01", "R1-S", "R1", "R"]
    assert [entry["action"] for entry in (await registry.get("/units/R1-S/trail"))["entries"]] == ["register"]


async def test_a_unit_is_registered_once_and_changed_as_it_was_read(registry: Registry) -> None:
    await registry.fill()
    made = await registry.call("PUT", "/units/R1-S-02-001", NEW)
    assert (made.status_code, made.headers["etag"], made.json()["effective_from"]) == (201, '"1"', "2026-11-01")
    again = await registry.call("PUT", "/units/R1-S-02-001", NEW)
    assert (again.status_code, again.json()["code"]) == (409, "unit_exists")
    changed = await registry.call("PUT", "/units/R1-S-02-001", {**NEW, "residents": 5, "why": "普查"}, if_match="1")
    assert (changed.status_code, changed.headers["etag"], changed.json()["residents"]) == (200, '"2"', 5)
    late = await registry.call("PUT", "/units/R1-S-02-001", {**NEW, "residents": 6}, if_match="1")
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")
    missing = await registry.call("PUT", "/units/R1-S-02-009", NEW, if_match="1")
    assert (missing.status_code, missing.json()["code"]) == (404, "unit_not_found")
    odd = await registry.call("PUT", "/units/R1-S-02-001", NEW, if_match="x")
    assert (odd.status_code, odd.json()["code"]) == (422, "if_match_invalid")


async def test_what_was_read_can_be_put_back_and_changes_nothing(registry: Registry) -> None:
    await registry.fill()
    answer = await registry.call("PUT", "/units/R1-S", stated("R1-S"), if_match="1")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    assert len(await registry.events("R1-S")) == 1


async def test_every_reading_tells_how_the_tree_stood_on_the_day_asked_for(registry: Registry) -> None:
    await registry.fill()
    move = stated("R1-S-01-001", parent="R1-S-02", name="西塘社区第1网格", effective_from="2026-11-10")
    assert (await registry.call("PUT", "/units/R1-S-01-001", move, if_match="1")).status_code == 200
    end = stated("R1-S-D-AJ", valid_to="2026-11-12")
    assert (await registry.call("PUT", "/units/R1-S-D-AJ", end, if_match="1")).status_code == 200

    async def tree(day: str) -> dict[str, list[str]]:
        roots = (await registry.get(f"/tree?root=R1-S&depth=2&as_of={day}"))["roots"]
        return {node["code"]: [below["code"] for below in node["children"]] for node in roots[0]["children"]}

    before, moved, ended = "2026-11-09", "2026-11-10", "2026-11-12"
    grids = ["R1-S-01-001", "R1-S-01-002"]
    assert await tree(before) == {"R1-S-01": grids, "R1-S-02": [], "R1-S-D-AJ": []}
    assert await tree(moved) == {"R1-S-01": grids[1:], "R1-S-02": grids[:1], "R1-S-D-AJ": []}
    assert await tree(ended) == await tree("2026-11-18") == {"R1-S-01": grids[1:], "R1-S-02": grids[:1]}
    for path, then, now in (
        ("/units?q=第1网格", ["R1-S-01-001"], ["R1-S-01-001"]),
        ("/units?q=西塘社区第1", [], ["R1-S-01-001"]),
        ("/units?kind=department", ["R1-S-D-AJ"], []),
        ("/units/R1-S-01/children?limit=9", grids, grids[1:]),
        (
            "/units/R1-S-01-001/ancestors?",
            [*grids[:1], "R1-S-01", "R1-S", "R1", "R"],
            [*grids[:1], "R1-S-02", "R1-S", "R1", "R"],
        ),
    ):
        assert codes(await registry.get(f"{path}&as_of={before}")) == then, path
        assert codes(await registry.get(path)) == now, path
    assert (await registry.get(f"/units/R1-S-01-001?as_of={before}"))["name"] == "东塘社区第1网格"
    assert (await registry.call("GET", f"/units/R1-S-D-AJ?as_of={ended}")).status_code == 404
    # The newest version can be read, and changed again, after its end.
    assert (await registry.get("/units/R1-S-D-AJ"))["valid_to"] == "2026-11-12"
    assert (await registry.call("GET", "/units/R?as_of=2019-12-31")).status_code == 404


async def test_the_tree_says_how_many_are_below_what_it_shows(registry: Registry) -> None:
    await registry.fill()
    (root,) = (await registry.get("/tree?depth=1"))["roots"]
    assert (root["code"], root["children_count"]) == ("R", 1)
    (district,) = root["children"]
    assert (district["code"], district["children_count"], district["children"]) == ("R1", 1, [])
    assert (await registry.call("GET", "/tree?root=R9")).json()["field"] == "root"


@pytest.mark.parametrize(
    "path", ["/units/R9", "/units/R9/children", "/units/R9/ancestors", "/units/R9/boundary", "/units/R9/trail"]
)
async def test_a_unit_that_is_not_there_is_not_found(registry: Registry, path: str) -> None:
    answer = await registry.call("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "unit_not_found")


async def test_bad_questions_are_named(registry: Registry) -> None:
    for path, field, code in (
        ("/units?as_of=2026-11-19", "as_of", "as_of_in_future"),
        ("/units?as_of=2026-02-30", "as_of", "day"),
        ("/units?as_of=20261101", "as_of", "day"),
        ("/units?as_of=1793462400", "as_of", "day"),
        ("/units?kind=village", "kind", "enum"),
        ("/units?limit=501", "limit", "less_than_equal"),
        ("/units?after=*", "after", "string_pattern_mismatch"),
        ("/units?q=%E2%80%8B", "q", "text_blank"),
        ("/tree?depth=9", "depth", "less_than_equal"),
        ("/units/%E7%BD%91", "code", "string_pattern_mismatch"),
    ):
        answer = await registry.call("GET", path)
        problem = answer.json()
        found = [problem["code"], *(error["code"] for error in problem.get("errors", ()))]
        assert (answer.status_code, problem["field"]) == (422, field), path
        assert code in found, path


async def test_bad_units_are_named_and_change_nothing(registry: Registry) -> None:
    await registry.fill()
    rows = await registry.rows()
    swapped = {"type": "Polygon", "coordinates": [[[lat, lon] for lon, lat in SQUARE["coordinates"][0]]]}
    for different, field in (
        ({"name": "东"}, "name"),
        ({"aliases": ["塘"]}, "aliases.0"),
        ({"kind": "village"}, "kind"),
        ({"kind": "street"}, "parent"),
        ({"parent": "R9"}, "parent"),
        ({"households": -1}, "households"),
        ({"households": True}, "households"),
        ({"households": "5"}, "households"),
        ({"valid_from": "2026-11-19"}, "valid_from"),
        ({"valid_from": 20261101}, "valid_from"),
        ({"valid_from": None}, "valid_from"),
        ({"effective_from": "2026-11-19"}, "effective_from"),
        ({"functions": ["tax"]}, "functions"),
        ({"boundary": swapped}, "boundary"),
        ({"boundary": {**SQUARE, "crs": 1}}, "boundary.crs"),
        ({"boundary": {"type": "Polygon", "coordinates": [[["x", 1]]]}}, "boundary.coordinates.0.0.0"),
        ({"version": 9}, "version"),
        ({"id": "01980000-0000-7000-8000-000000000001"}, "id"),
    ):
        answer = await registry.call("PUT", "/units/R1-S-02-001", {**NEW, **different})
        assert (answer.status_code, answer.json()["field"]) == (422, field), (different, answer.text)
    assert await registry.rows() == rows


async def test_the_roles_that_may_change_units_and_nobody_without_a_token(registry: Registry) -> None:
    await registry.fill()
    for role in Role:
        allowed = role in (Role.ADMIN, Role.LEADER)
        answer = await registry.call(
            "PUT", f"/units/R1-S-02-{role.value.replace('_', '-')}", NEW, role=role, unit="R1-S"
        )
        assert answer.status_code == (201 if allowed else 403), role
        assert (await registry.call("GET", "/units/R1-S", role=role, unit="R1-S-01")).status_code == 200
    assert (await registry.client.get("/units")).status_code == 401


async def test_a_boundary_of_the_largest_size_is_taken(registry: Registry) -> None:
    await registry.fill()
    corners = [[113.05 + n / 1e5, 28.0] for n in range(4_990)]
    ring = [*corners, [113.07, 28.1], corners[0]]
    body = {**NEW, "boundary": {"type": "Polygon", "coordinates": [ring]}}
    assert (await registry.call("PUT", "/units/R1-S-02-001", body)).status_code == 201
    assert (await registry.get("/units/R1-S-02-001"))["boundary"]["coordinates"] == [ring]
