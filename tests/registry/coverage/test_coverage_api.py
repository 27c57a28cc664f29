"""The coverage check: who is missing where, within what the caller may see."""

import pytest

from services.registry.city.import_city import City
from services.registry.units.kinds import Kind
from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.toy_city import POSTS, TODAY, UNITS, post, state
from tests.support.workbooks import rows_of

pytestmark = pytest.mark.anyio


async def test_what_is_missing_is_a_list_with_counts(registry: Registry) -> None:
    await registry.fill()
    found = await registry.get("/coverage")
    assert found["as_of"] == "2026-11-18"
    grids, communities, _ = found["needs"]
    assert (grids["kind"], grids["roles"], grids["units"], grids["lacking"]) == ("grid", ["grid_worker"], 2, 1)
    missing = {"code": "R1-S-01-002", "name": "东塘社区第2网格", "parent": "R1-S-01", "parent_name": "东塘社区"}
    assert grids["missing"] == [missing | {"premises_id": None}]
    assert (communities["units"], communities["lacking"]) == (2, 1)
    assert [gap["code"] for gap in communities["missing"]] == ["R1-S-02"]


async def test_a_leader_covers_a_community_as_a_secretary_does_and_an_ended_post_covers_nobody(
    registry: Registry,
) -> None:
    posts = (
        post("P1", "leader", "R1-S-02"),
        post("P2", "community_secretary", "R1-S-01", valid_to=TODAY),
        post("P3", "leader", "R1-S-01-001"),
    )
    await registry.fill(City(UNITS, posts))
    grids, communities, _ = (await registry.get("/coverage"))["needs"]
    assert [gap["code"] for gap in communities["missing"]] == ["R1-S-01"]
    assert grids["lacking"] == 2


async def test_the_check_is_bounded_by_the_reach_the_area_and_the_limit(registry: Registry) -> None:
    await registry.fill()

    async def lacking(path: str, role: Role = Role.ADMIN, unit: str | None = None) -> list[tuple[int, int]]:
        needs = (await registry.get(path, role=role, unit=unit))["needs"]
        return [(need["lacking"], len(need["missing"])) for need in needs if need["kind"] != "key_premises"]

    assert await lacking("/coverage?kind=grid") == [(1, 1)]
    assert await lacking("/coverage?area=R1-S-02") == [(0, 0), (1, 1)]
    assert await lacking("/coverage", Role.LEADER, "R1-S-01") == [(1, 1), (0, 0)]
    assert await lacking("/coverage?area=R1-S-02", Role.LEADER, "R1-S-01") == [(0, 0), (0, 0)]
    assert await lacking("/coverage", Role.LEADER) == [(0, 0), (0, 0)]
    assert (await registry.call("GET", "/coverage", role=Role.RESIDENT)).status_code == 403


async def test_what_is_missing_can_be_read_to_the_end(registry: Registry) -> None:
    grids = [state(f"R1-S-01-{number:03d}", Kind.GRID, "R1-S-01") for number in range(3, 8)]
    await registry.fill(City((*UNITS, *grids)))
    found, after = [], ""
    while True:
        (need,) = (await registry.get(f"/coverage?kind=grid&limit=2{after}"))["needs"]
        assert need["lacking"] == 7
        found += [gap["code"] for gap in need["missing"]]
        if need["next"] is None:
            break
        after = f"&after={need['next']}"
    assert found == [f"R1-S-01-{number:03d}" for number in range(1, 8)]
    answer = await registry.call("GET", f"/coverage?limit=2{after}")
    assert (answer.status_code, answer.json()["field"]) == (422, "kind")


async def test_what_was_missing_on_a_past_day(registry: Registry) -> None:
    """By the units and the posts of that day: a grid of today was not there, who has left since was."""
    await registry.fill()
    grid = {"kind": "grid", "name": "东塘社区第3网格", "parent": "R1-S-01", "valid_from": "2026-11-10"}
    assert (await registry.call("PUT", "/units/R1-S-01-003", grid)).status_code == 201
    end = f"/posts/{POSTS[0].id}/end"
    assert (await registry.call("POST", end, {"on": "2026-11-15"}, if_match="1")).status_code == 200
    for day, missing in (
        ("2026-11-05", ["R1-S-01-002"]),
        ("2026-11-12", ["R1-S-01-002", "R1-S-01-003"]),
        ("2026-11-18", ["R1-S-01-001", "R1-S-01-002", "R1-S-01-003"]),
    ):
        found = await registry.get(f"/coverage?kind=grid&area=R1-S-01&as_of={day}")
        assert found["as_of"] == day
        assert [unit["code"] for unit in found["needs"][0]["missing"]] == missing
    assert (await registry.call("GET", "/coverage?as_of=2026-11-19")).status_code == 422


async def test_key_premises_name_who_manages_their_fire_safety_and_all_gaps_are_one_table(registry: Registry) -> None:
    await registry.fill()
    about = {"category": "crowded", "unit": "R1-S-01-001", "address": "一路1号", "key_unit": True}
    for name, more in (("泉塘小学", {}), ("泉塘医院", {"manager": "王强"}), ("旧厂", {"use": "closed"})):
        assert (await registry.call("POST", "/premises", about | {"name": name} | more)).status_code == 201
    (need,) = (await registry.get("/coverage?kind=key_premises&area=R1-S-01"))["needs"]
    assert (need["units"], need["lacking"], need["roles"]) == (2, 1, ["safety_manager"])
    assert [(gap["name"], gap["parent_name"]) for gap in need["missing"]] == [("泉塘小学", "东塘社区第1网格")]
    book = await registry.call("GET", "/coverage.xlsx", role=Role.LEADER, unit="R1-S")
    rows = [(*row.values(),) for row in rows_of(book.content)]
    assert [(row[0], row[2]) for row in rows] == [
        ("网格", "东塘社区第2网格"), ("社区（村）", "西塘社区"), ("消防安全重点单位", "泉塘小学"),
    ]  # fmt: skip
