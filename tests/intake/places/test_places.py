"""Where a report happened: by point, by the names in its text, by its fallback."""

import json
import os
import random
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.intake.places.coordinates import Point, System, Told
from services.intake.places.places import Place, PlaceIndex, PlaceUnit
from tests.intake.places.pairs import from_wgs84

REPOSITORY = Path(__file__).parents[3]
REAL = Path(os.environ.get("GRIDGOV_DATA") or REPOSITORY.parent / "shared" / "data" / "messages") / "messages.xlsx"


def square(west: float, south: float, side: float = 1.0) -> dict[str, object]:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


UNITS = (
    PlaceUnit("A", "city", "A市", ("省会",)),
    PlaceUnit("B", "city", "B市"),
    PlaceUnit("A1", "district", "A1区", (), "A"),
    PlaceUnit("A3", "district", "A3区", ("高新区",), "A"),
    PlaceUnit("A7", "district", "A7县", ("星沙",), "A"),
    PlaceUnit("B2", "district", "B2区", ("高新区",), "B"),
    PlaceUnit("A3-XS", "street", "学士街道", (), "A3"),
    PlaceUnit("A3-XH", "street", "西湖街道", (), "A3"),
    PlaceUnit("B2-XH", "street", "西湖街道", (), "B2"),
    PlaceUnit("A7-QT", "street", "泉塘街道", ("泉塘", "泉塘镇"), "A7", square(10, 10, 2)),
    PlaceUnit("A7-LK", "street", "路口镇", (), "A7"),
    PlaceUnit("A7-QT-01", "community", "城西社区", (), "A7-QT", square(10, 10, 2)),
    PlaceUnit("A7-QT-02", "community", "泉星社区", (), "A7-QT"),
    PlaceUnit("A3-XS-01", "community", "城西社区", (), "A3-XS"),
    PlaceUnit("A7-QT-01-001", "grid", "城西社区第1网格", (), "A7-QT-01", square(10, 10)),
    PlaceUnit("A7-QT-01-002", "grid", "城西社区第2网格", (), "A7-QT-01", square(11, 10)),
    PlaceUnit("A7-QT-01-003", "grid", "城西社区第3网格", (), "A7-QT-01", square(10, 11)),
    PlaceUnit("A7-D-HB", "department", "A7县生态环境分局", ("A7县环保局",), "A7"),
)
INDEX = PlaceIndex(UNITS)


def found(text: str, title: str = "", home: str | None = None) -> tuple[str | None, str]:
    place = INDEX.find(text, title=title, home=home)
    return place.unit, place.method


# By point


def test_a_point_in_a_grid_is_that_grid_and_certain() -> None:
    assert INDEX.find("", [Point(10.5, 10.5)]) == Place("A7-QT-01-001", "point", 1.0, ("A7-QT-01-001",))


@pytest.mark.parametrize("point", [Point(11.0, 10.5), Point(10.5, 11.0), Point(11.0, 11.0), Point(10.0, 10.0)])
def test_a_point_on_a_border_is_in_the_grid_of_the_smallest_code_in_whatever_order_units_come(point: Point) -> None:
    expected = "A7-QT-01-001"
    shuffled = list(UNITS)
    for seed in range(5):
        random.Random(seed).shuffle(shuffled)
        assert PlaceIndex(shuffled).at(point) == expected


def test_a_point_in_no_grid_is_in_the_smallest_area_around_it_and_of_equal_ones_the_first_code() -> None:
    place = INDEX.find("", [Point(11.5, 11.5)])
    assert (place.unit, place.method, place.confidence) == ("A7-QT", "point", 0.9)


def test_a_point_outside_every_boundary_leaves_the_names_to_decide() -> None:
    assert INDEX.find("A3区的路灯坏了", [Point(50.0, 50.0)]).unit == "A3"


# By a point whose coordinate system is not known


WEST, EAST, NORTH, NOWHERE = Point(10.5, 10.5), Point(11.5, 10.5), Point(11.5, 11.5), Point(50.0, 50.0)


@pytest.mark.parametrize(
    "readings, place",
    [
        ((WEST, WEST, Point(10.6, 10.6)), Place("A7-QT-01-001", "point", 0.9, ("A7-QT-01-001",))),
        ((WEST, EAST, EAST), Place("A7-QT-01", "ancestor", 0.7, ("A7-QT-01-001", "A7-QT-01-002"))),
        ((WEST, EAST, NORTH), Place("A7-QT", "ancestor", 0.5, ("A7-QT-01-001", "A7-QT-01-002", "A7-QT"))),
        ((WEST, WEST, NOWHERE), Place("A7-QT-01", "ancestor", 0.467, ("A7-QT-01-001",))),
        ((NOWHERE, NOWHERE, WEST), Place("A7-QT-01", "ancestor", 0.233, ("A7-QT-01-001",))),
        ((NOWHERE, NOWHERE, NOWHERE), Place(None, "unknown", 0.0)),
    ],
)
def test_an_answer_is_no_finer_than_the_doubt_allows(readings: tuple[Point, ...], place: Place) -> None:
    assert INDEX.find("停水", readings) == place


def test_what_different_cities_share_is_nothing() -> None:
    index = PlaceIndex(
        [PlaceUnit("X", "grid", "东格", (), None, square(0, 0)), PlaceUnit("Y", "grid", "西格", (), None, square(1, 0))]
    )
    assert index.find("停水", (Point(0.5, 0.5), Point(1.5, 0.5), Point(1.6, 0.5))) == Place(None, "unknown", 0.0)


def test_the_words_may_be_finer_than_a_doubtful_point() -> None:
    assert INDEX.find("城西社区第2网格停水", (WEST, EAST, EAST)).unit == "A7-QT-01-002"


def test_in_the_sample_city_no_point_without_its_system_is_put_into_a_wrong_grid(sample_city: PlaceIndex) -> None:
    """Read as WGS-84, most points of national maps lay in a wrong grid, and it was certain."""
    wrong_before, units = 0, sample_city._units
    grids = [code for code in sample_city._bounded if units[code].kind == "grid"]
    assert len(grids) > 150
    for code in grids:
        middle = sample_city._shapes[code].geometry.representative_point()
        for system in (System.WGS84, System.GCJ02, System.BD09):
            pair = from_wgs84(Point(middle.x, middle.y), system)
            wrong_before += sample_city.at(Point(*pair)) != code
            place = sample_city.find("路灯不亮", Told(*pair, System.UNKNOWN).readings())
            assert place.unit in sample_city._lines[code], (code, system, place)
            assert place.confidence < 1.0
    assert wrong_before > 100


# Point and words together


@pytest.mark.parametrize(
    "text",
    [
        "泉塘街道的路灯坏了",
        "A7县泉塘街道",
        "城西社区",
        "城西社区和泉星社区都停水",
        "泉星社区与城西社区交界处",
        "说不清",
    ],
)
def test_words_that_agree_or_say_nothing_leave_a_point_as_it_is(text: str) -> None:
    assert INDEX.find(text, [WEST]) == Place("A7-QT-01-001", "point", 1.0, ("A7-QT-01-001",))


@pytest.mark.parametrize(
    "text, unit",
    [
        ("泉星社区的井盖坏了", "A7-QT"),
        ("城西社区第2网格的井盖坏了", "A7-QT-01"),
        ("学士街道的井盖坏了", "A"),
        ("不在城西社区，在泉星社区", "A7-QT"),
        ("不是城西社区的事", "A7-QT"),
        ("B市B2区西湖街道", None),
    ],
)
def test_words_that_name_another_place_make_it_a_persons_to_decide(text: str, unit: str | None) -> None:
    place = INDEX.find(text, [WEST])
    assert (place.unit, place.method) == (unit, "contradicted")
    assert place.confidence < 0.4
    assert place.evidence[0] == "A7-QT-01-001"


@pytest.mark.parametrize("text", ["请A7县环保局来测", "A3区路堵车"])
def test_who_is_written_to_and_what_a_road_is_called_contradict_no_point(text: str) -> None:
    assert INDEX.find(text, [Point(10.5, 10.5)]).unit == "A7-QT-01-001"
    other = PlaceIndex([*UNITS, PlaceUnit("A3-XS-02", "grid", "远格", (), "A3-XS", square(30, 30))])
    assert other.find(text, [Point(30.5, 30.5)]).unit == "A3-XS-02"


def test_a_doubtful_point_is_contradicted_only_by_what_no_reading_lies_in() -> None:
    assert INDEX.find("泉星社区停水", (WEST, EAST, EAST)).method == "contradicted"
    assert INDEX.find("学士街道停水", (WEST, EAST, EAST)).method == "contradicted"
    assert INDEX.find("泉塘街道停水", (WEST, EAST, EAST)).unit == "A7-QT-01"


# By name


def test_the_most_specific_unit_on_one_line_wins() -> None:
    place = INDEX.find("A市A3区学士街道的居民反映噪音")
    assert (place.unit, place.method, place.confidence) == ("A3-XS", "name", 0.95)
    assert place.evidence == ("学士街道",)


def test_the_longest_name_is_read_where_several_begin() -> None:
    assert INDEX.find("泉塘镇上没有路灯").evidence == ("泉塘镇",)


def test_full_width_and_small_letters_name_the_same_unit() -> None:
    assert found("Ａ７县的事") == found("a7县的事") == found("A 7 县的事") == ("A7", "name")


def test_letters_and_digits_before_a_code_make_it_another_name() -> None:
    assert found("CA3区、1A3区") == (None, "unknown")


def test_a_name_of_several_units_means_the_one_under_what_else_is_named() -> None:
    assert found("A7县城西社区停水")[0] == "A7-QT-01"
    assert found("学士街道城西社区停水")[0] == "A3-XS-01"
    assert found("B2区西湖街道积水")[0] == "B2-XH"
    assert found("西湖街道积水,A3区该管管")[0] == "A3-XH"


def test_a_name_of_several_units_alone_means_the_one_at_home() -> None:
    assert found("城西社区停水", home="A7-QT")[0] == "A7-QT-01"
    assert found("城西社区停水", home="A3")[0] == "A3-XS-01"


def test_a_name_of_several_units_alone_gives_their_nearest_common_ancestor() -> None:
    assert found("城西社区停水")[0] == "A"


def test_a_name_of_units_in_several_cities_alone_says_nothing() -> None:
    assert found("西湖街道积水") == (None, "unknown")


def test_two_units_named_alike_often_give_their_nearest_common_ancestor() -> None:
    place = INDEX.find("泉塘街道的车堵到学士街道,学士街道也没有人管")
    assert (place.unit, place.method, place.confidence) == ("A", "ancestor", 0.7)
    assert set(place.evidence) == {"泉塘街道", "学士街道"}


def test_the_first_named_decides_when_another_is_only_mentioned_once() -> None:
    assert found("A7县没有路灯,不像A3区那样亮")[0] == "A7"


def test_the_most_frequent_decides_in_a_long_text() -> None:
    assert found("先去了A3区。A7县不管,A7县推给别人,A7县说再等,A7县又说没有钱")[0] == "A7"


def test_the_title_outweighs_the_text() -> None:
    assert found("A3区、A3区、A3区都建好了", title="A7县何时修路")[0] == "A7"


def test_of_two_cities_the_heavier_is_taken_less_surely() -> None:
    one, two = INDEX.find("B市的公交"), INDEX.find("B市的公交,从B市到A市")
    assert one.unit == two.unit == "B"
    assert two.confidence < one.confidence


def test_of_two_cities_named_once_each_neither_is_taken() -> None:
    assert INDEX.find("B市到A市的公交", home="A7-QT") == Place(None, "unknown", 0.0)


def test_a_department_named_gives_its_area_but_yields_to_an_area_named() -> None:
    assert found("请A7县环保局来测") == ("A7", "name")
    assert INDEX.find("请A7县环保局来测").evidence == ("A7县环保局",)
    assert found("A7县环保局回复了,A3区的烟还在冒")[0] == "A"
    assert found("A3区的烟还在冒,A7县环保局不管")[0] == "A3"


@pytest.mark.parametrize("road", ["A1区路", "A1区中路", "A1区大道", "A1区大桥", "A1区山脚下"])
def test_a_road_called_after_an_area_is_no_mention_of_the_area(road: str) -> None:
    assert found(f"{road}堵车,请A7县交警疏导")[0] == "A7"
    alone = INDEX.find(f"{road}堵车")
    assert alone.unit == "A"
    assert alone.confidence < 0.4


@pytest.mark.parametrize("thing", ["路灯", "路面", "山区", "路口"])
def test_what_only_begins_like_a_road_leaves_the_area_named(thing: str) -> None:
    assert found(f"A1区{thing}需要维修")[0] == "A1"


def test_a_town_whose_name_begins_like_a_road_is_the_town() -> None:
    assert found("A7县路口镇停电")[0] == "A7-LK"


def test_a_name_written_in_full_is_no_road_whatever_follows() -> None:
    assert found("泉塘街道山上的树被砍")[0] == "A7-QT"


# By neither


def test_without_any_name_the_fallback_is_taken_unsurely() -> None:
    assert INDEX.find("工资没有发", home="A7-QT-01") == Place("A7-QT-01", "fallback", 0.3, ("A7-QT-01",))


@pytest.mark.parametrize("home", [None, "Z9"])
def test_without_a_name_and_a_known_fallback_the_place_is_unknown(home: str | None) -> None:
    assert INDEX.find("工资没有发", home=home) == Place(None, "unknown", 0.0)


def test_an_index_without_units_finds_nothing() -> None:
    assert PlaceIndex(()).find("A7县", [Point(10.5, 10.5)]) == Place(None, "unknown", 0.0)


# The index itself


@pytest.mark.parametrize("alias", ["", "村", " 村 "])
def test_a_name_under_two_characters_is_never_looked_for(alias: str) -> None:
    index = PlaceIndex([PlaceUnit("X", "community", "新村", (alias,))])
    assert index.find("村里没有路灯 ").unit is None
    assert index.find("新村没有路灯").unit == "X"


def test_a_unit_whose_parent_is_not_known_yet_is_found_all_the_same() -> None:
    assert PlaceIndex([PlaceUnit("A7-QT", "street", "泉塘街道", (), "A7")]).find("泉塘街道停电").unit == "A7-QT"


def test_a_cycle_of_parents_stops_nobody() -> None:
    index = PlaceIndex([PlaceUnit("X", "street", "东街道", (), "Y"), PlaceUnit("Y", "street", "西街道", (), "X")])
    assert index.find("西街道停电").unit == "Y"


@given(st.lists(st.sampled_from(["A市", "A3区", "A7县", "泉塘", "城西社区", "西湖街道", "B市", "路", "的", "1", "\n"])))
def test_whatever_the_text_says_the_answer_is_a_known_unit_with_evidence_from_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    place = INDEX.find(text)
    assert (place.unit is None) == (place.method == "unknown")
    assert 0.0 <= place.confidence <= 1.0
    assert all(word in text for word in place.evidence)
    assert place == INDEX.find(text)


def test_an_index_follows_its_units_and_makes_only_the_shapes_that_changed() -> None:
    assert INDEX.changed(deepcopy(UNITS)) is INDEX
    renamed = [replace(unit, name="蓝湾镇") if unit.code == "A7-LK" else unit for unit in UNITS]
    index = INDEX.changed(renamed)
    assert index.find("蓝湾镇").unit == "A7-LK"
    assert INDEX.find("蓝湾镇").unit is None
    assert all(index._shapes[code] is INDEX._shapes[code] for code in INDEX._bounded)
    moved = [replace(unit, boundary=square(50, 50)) if unit.code == "A7-QT-01-001" else unit for unit in renamed]
    last = index.changed(moved)
    assert (last.at(Point(50.5, 50.5)), last.at(Point(10.5, 10.5))) == ("A7-QT-01-001", "A7-QT")
    assert [code for code in last._bounded if last._shapes[code] is not INDEX._shapes[code]] == ["A7-QT-01-001"]


@pytest.mark.realdata
def test_a_place_is_found_for_nearly_all_real_messages(sample_city: PlaceIndex) -> None:
    """95 % of them name an area by its code; the rest of what is found comes from aliases."""
    if not REAL.exists():
        pytest.skip(f"the real messages are not here: {REAL}")
    heading, *rows = CalamineWorkbook.from_path(REAL).get_sheet_by_index(0).to_python()
    title, text = heading.index("留言主题"), heading.index("留言详情")
    places = [sample_city.find(str(row[text]), title=str(row[title])) for row in rows]
    methods = Counter(place.method for place in places)
    assert (len(rows) - methods["unknown"]) / len(rows) > 0.96
    assert methods["ancestor"] / len(rows) < 0.03


@pytest.fixture(scope="module")
def sample_city() -> PlaceIndex:
    data = json.loads((REPOSITORY / "services/registry/data/units.json").read_text(encoding="utf-8"))
    return PlaceIndex(
        PlaceUnit(row["code"], row["kind"], row["name"], tuple(row["aliases"]), row["parent"], row["boundary"])
        for row in data["units"]
    )
