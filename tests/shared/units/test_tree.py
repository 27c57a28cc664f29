"""Look-ups in the unit tree: pure, and safe from circles that a wrong import could bring."""

from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shared.units.tree import Unit, UnitTree

CITY = UnitTree(
    [
        Unit("C", "city", "市"),
        Unit("D", "district", "区", parent="C"),
        Unit("S1", "street", "街道一", parent="D"),
        Unit("S2", "street", "街道二", parent="D"),
        Unit("G1", "grid", "网格", parent="S1"),
        Unit("CITY-LIGHT", "department", "路灯", parent="C", functions=("light",)),
        Unit("S1-LIGHT", "department", "路灯", parent="S1", functions=("light", "water"), serves=("S1",)),
        Unit("WIDE", "department", "排水", parent="C", functions=("water",), serves=("S1", "D")),
    ]
)


def test_upward_leads_from_the_unit_to_the_root() -> None:
    assert [unit.code for unit in CITY.upward("G1")] == ["G1", "S1", "D", "C"]
    assert [*CITY.upward("unknown")] == []


def test_a_unit_lies_within_itself_and_its_ancestors_only() -> None:
    assert CITY.within("G1", "G1")
    assert CITY.within("G1", "D")
    assert not CITY.within("D", "G1")
    assert not CITY.within("G1", "S2")
    assert CITY.within("unknown", "unknown")
    assert not CITY.within("unknown", "C")


def test_the_street_of_a_unit_is_the_one_above_it_or_the_unit_itself() -> None:
    assert [CITY.street_of(code) for code in ("G1", "S2", "D", "unknown")] == ["S1", "S2", "D", "unknown"]


def test_the_root_is_the_first_city() -> None:
    assert CITY.root == "C"
    assert UnitTree([]).root is None
    assert UnitTree([Unit("Z", "city", "z"), Unit("B", "city", "b")]).root == "B"


def test_departments_come_nearest_area_first() -> None:
    def found(area: str, function: str) -> list[tuple[str, str]]:
        return [(where, unit.code) for where, unit in CITY.departments(area, function)]

    assert found("G1", "light") == [("S1", "S1-LIGHT"), ("C", "CITY-LIGHT")]
    assert found("S2", "light") == [("C", "CITY-LIGHT")]
    assert found("G1", "water") == [("S1", "S1-LIGHT"), ("S1", "WIDE"), ("D", "WIDE")]
    assert found("G1", "unheard of") == []


def test_the_last_day_of_validity_is_the_one_before_its_end() -> None:
    unit = Unit("A", "grid", "a", valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [unit.valid_on(day) for day in days] == [False, True, True, False]
    assert Unit("A", "grid", "a").valid_on(date.max)


_CODES = st.integers(0, 7).map(str)


@given(st.dictionaries(_CODES, st.none() | _CODES), _CODES, _CODES)
def test_circles_and_missing_parents_end_every_walk(parents: Mapping[str, str | None], code: str, area: str) -> None:
    tree = UnitTree(
        Unit(c, "street" if c == "3" else "grid", c, parent=p, functions=("f",)) for c, p in parents.items()
    )
    above = [unit.code for unit in tree.upward(code)]
    assert len(above) == len(set(above))
    assert tree.within(code, area) == (code == area or area in above)
    assert tree.street_of(code) == ("3" if "3" in above else code)
    assert {where for where, _ in tree.departments(code, "f")} <= set(above)


_UNITS = st.lists(
    st.builds(
        Unit,
        st.sampled_from("ABCDE"),
        st.sampled_from(["city", "street", "department"]),
        st.just("x"),
        functions=st.sampled_from([(), ("light",), ("light", "water")]),
        serves=st.sampled_from([(), ("A",)]),
        parent=st.sampled_from([None, "A", "B"]),
    )
)


@given(before=_UNITS, change=_UNITS)
def test_a_changed_tree_is_the_tree_of_all_units_and_leaves_the_old_one(before: list[Unit], change: list[Unit]) -> None:
    old = UnitTree(before)
    shown = looked_up(old)
    new = old.changed(change)
    assert looked_up(new) == looked_up(UnitTree([*before, *change]))
    assert looked_up(old) == shown


def looked_up(tree: UnitTree) -> object:
    departments = {(area, f): [*tree.departments(area, f)] for area in "ABCDE" for f in ("light", "water")}
    return dict(tree.units), tree.root, departments
