"""The sample city holds together: tree, names, boundaries, counts, people, and who is responsible everywhere."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import shapely

from services.intake.places.coordinates import Point
from services.intake.places.places import PlaceIndex, PlaceUnit
from services.registry.data import build_city
from services.registry.data.departments import FUNCTIONS

SERVICES = Path(build_city.__file__).parents[2]
DATA = SERVICES / "registry" / "data"
UNITS: list[dict[str, Any]] = json.loads((DATA / "units.json").read_text(encoding="utf-8"))["units"]
POSTS: list[dict[str, Any]] = json.loads((DATA / "posts.json").read_text(encoding="utf-8"))["posts"]
CATALOGUE = json.loads((SERVICES / "dispatch/data/responsibility.json").read_text(encoding="utf-8"))
BY_CODE = {unit["code"]: unit for unit in UNITS}
STREET = "A7-QT"

CATEGORIES = {
    "城乡建设", "党务政务", "国土资源", "环境保护", "纪检监察", "交通运输", "经济管理", "科技与信息产业",
    "民政", "农村农业", "商贸旅游", "卫生计生", "政法", "教育文体", "劳动和社会保障",
}  # fmt: skip
# Which kinds a unit of a kind may hang under.
UNDER = {
    "city": {None},
    "district": {"city"},
    "street": {"district"},
    "community": {"street"},
    "grid": {"community"},
    "building": {"grid"},
    "doorway": {"building"},
    "department": {"city", "district", "street"},
}


def kind(code: str | None) -> str | None:
    return BY_CODE[code]["kind"] if code else None


def line(code: str | None) -> list[str]:
    """The unit and everything above it."""
    return [code, *line(BY_CODE[code]["parent"])] if code else []


def below(code: str, wanted: str) -> list[dict[str, Any]]:
    return [unit for unit in UNITS if unit["kind"] == wanted and code in line(unit["code"])]


def shape(code: str) -> Any:
    return shapely.geometry.shape(BY_CODE[code]["boundary"])


def test_the_committed_files_are_what_the_generator_builds() -> None:
    units, posts = build_city.build()
    assert (DATA / "units.json").read_text(encoding="utf-8") == build_city.text("units", units)
    assert (DATA / "posts.json").read_text(encoding="utf-8") == build_city.text("posts", posts)


def test_codes_are_unique_short_and_plain() -> None:
    assert len(BY_CODE) == len(UNITS)
    assert all(code.isascii() and len(code) <= 20 for code in BY_CODE)


def test_every_unit_hangs_under_a_unit_of_the_right_kind_that_came_before_it() -> None:
    seen: set[str | None] = {None}
    for unit in UNITS:
        assert unit["parent"] in seen, unit["code"]
        assert kind(unit["parent"]) in UNDER[unit["kind"]], unit["code"]
        seen.add(unit["code"])


def test_every_unit_has_every_field_and_names_long_enough_to_be_found() -> None:
    fields = set(UNITS[0])
    for unit in UNITS:
        assert set(unit) == fields
        assert all(len(name) >= 2 for name in (unit["name"], *unit["aliases"]))
        assert unit["name"] not in unit["aliases"]
        assert bool(unit["functions"]) == bool(unit["serves"]) == (unit["kind"] == "department"), unit["code"]
        assert all(area in BY_CODE for area in unit["serves"])


def test_brothers_have_different_names() -> None:
    assert max(Counter((unit["parent"], unit["name"]) for unit in UNITS).values()) == 1


def test_the_worked_out_street_has_communities_grids_buildings_and_doorways() -> None:
    assert len(below(STREET, "community")) >= 10
    assert len(below(STREET, "grid")) >= 200
    assert below(STREET, "building")
    assert below(STREET, "doorway")


def test_every_boundary_is_a_valid_counter_clockwise_polygon_near_the_sample_city() -> None:
    near = shapely.box(113.0, 28.1, 113.2, 28.3)
    for unit in UNITS:
        if unit["boundary"]:
            polygon = shape(unit["code"])
            assert polygon.geom_type == "Polygon"
            assert polygon.is_valid, shapely.is_valid_reason(polygon)
            assert polygon.exterior.is_ccw
            assert near.contains(polygon)


def test_every_grid_community_and_the_street_have_a_boundary() -> None:
    for unit in (BY_CODE[STREET], *below(STREET, "community"), *below(STREET, "grid")):
        assert unit["boundary"], unit["code"]


def test_grids_do_not_overlap() -> None:
    shapes = [shape(grid["code"]) for grid in below(STREET, "grid")]
    tree = shapely.STRtree(shapes)
    for left, right in tree.query(shapes, predicate="intersects").T:
        if left < right:
            assert shapes[left].intersection(shapes[right]).area < 1e-15


@pytest.mark.parametrize("parts", ["grid", "community"])
def test_an_area_is_the_union_of_its_parts(parts: str) -> None:
    for area in {line(unit["code"])[1] for unit in below(STREET, parts)}:
        union = shapely.union_all([shape(unit["code"]) for unit in below(area, parts)])
        assert union.symmetric_difference(shape(area)).area < 1e-12, area


def test_counts_add_up_to_the_street() -> None:
    for count in ("households", "residents"):
        for area in (BY_CODE[STREET], *below(STREET, "community")):
            assert area[count] == sum(grid[count] for grid in below(area["code"], "grid")), area["code"]
        for grid in below(STREET, "grid"):
            assert grid[count] >= sum(building[count] for building in below(grid["code"], "building"))


def test_every_grid_has_a_grid_worker_and_every_department_someone_to_act_and_to_lead() -> None:
    held = {(post["unit"], post["role"]) for post in POSTS}
    for unit in below(STREET, "grid"):
        assert (unit["code"], "grid_worker") in held
    for unit in below(STREET, "community"):
        assert (unit["code"], "community_secretary") in held
    for unit in UNITS:
        if unit["kind"] == "department":
            assert {(unit["code"], "department_handler"), (unit["code"], "leader")} <= held


def test_posts_are_unique_and_in_known_units() -> None:
    assert len({post["post_id"] for post in POSTS}) == len(POSTS)
    assert all(post["unit"] in BY_CODE for post in POSTS)


OF_OTHER_SOURCES = ("消防安全", "联席会议决议")
"""What work orders of hazards and of meetings' resolutions are about; no report is."""


def test_every_category_has_one_rule_and_the_last_rule_takes_the_rest() -> None:
    categories = [rule["category"] for rule in CATALOGUE["rules"]]
    assert categories[-1] == "*"
    assert sorted(categories[:-1]) == sorted([*CATEGORIES, *OF_OTHER_SOURCES])
    # A meeting names who leads, whatever functions that unit holds.
    assert {rule["function"] for rule in CATALOGUE["rules"]} == {*FUNCTIONS, "fire_safety", ""}


def test_a_rule_has_the_limits_of_its_priority_and_a_known_tier() -> None:
    for rule in CATALOGUE["rules"]:
        limits = CATALOGUE["limits"][rule["priority"]]
        assert (rule["accept"], rule["resolve"]) == (limits["accept"], limits["resolve"]), rule["id"]
        assert rule["tier"] in {"community", "street", "joint_meeting", "consultation"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_area_has_a_department_for_the_function_in_itself_or_above(function: str) -> None:
    holders = {area for unit in UNITS if function in unit["functions"] for area in unit["serves"]}
    without = [unit["code"] for unit in UNITS if not holders & set(line(unit["code"]))]
    assert without == []


def test_the_messages_own_names_are_found() -> None:
    index = PlaceIndex(
        PlaceUnit(unit["code"], unit["kind"], unit["name"], tuple(unit["aliases"]), unit["parent"], unit["boundary"])
        for unit in UNITS
    )
    expected = {
        "A市": "A", "A3区": "A3", "A7县": "A7", "A9市": "A9", "C5市": "C5", "M市": "M", "星沙": "A7", "麓谷": "A3-LG",
        "泉塘街道": "A7-QT", "星沙街道": "A7-XS", "楚龙街道": "A7-CL", "天顶街道": "A3-TD", "黄兴镇": "A7-HX",
        "暮云街道": "A2-MY", "暮云镇": "A2-MY", "A7县泉塘街道泉星社区": "A7-QT-02", "A市经开区": "A7",
        "西地省": None, "A7县经开区": "A7", "A8县经开区": "A8", "A7县星沙镇": "A7",
    }  # fmt: skip
    assert {text: index.find(text).unit for text in expected} == expected


def test_every_point_of_the_street_lies_in_exactly_the_grid_it_is_taken_from() -> None:
    index = PlaceIndex(PlaceUnit(unit["code"], unit["kind"], unit["name"], boundary=unit["boundary"]) for unit in UNITS)
    for grid in below(STREET, "grid"):
        inside = shape(grid["code"]).representative_point()
        assert index.at(Point(inside.x, inside.y)) == grid["code"]


def test_the_sample_messages_are_varied() -> None:
    path = SERVICES / "intake/data/sample_messages.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
    assert len(rows) >= 80
    assert len({row["留言编号"] for row in rows}) == len(rows)
    lengths = [len(row["留言详情"]) for row in rows]
    assert max(lengths) > 2000
    assert min(lengths) < 40
    assert any("\t" in row["留言详情"] for row in rows)
    assert any("\n" in row["留言详情"] for row in rows)
    assert any("\u3000" in row["留言详情"] for row in rows)
