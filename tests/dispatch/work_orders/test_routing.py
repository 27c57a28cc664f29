"""Who must act: the department with the function, nearest area first; and how that is explained."""

from dataclasses import replace
from datetime import date

import pytest

from services.dispatch.work_orders.routing import route
from shared.units.tree import Unit, UnitTree
from tests.dispatch.work_orders.orders import TODAY, a_catalogue
from tests.support.city import COMMUNITY, COUNTY_URBAN, ELSEWHERE, GRID, STREET, STREET_URBAN, tree

CATALOGUE = a_catalogue("7")


@pytest.mark.parametrize(
    "area, lead, alternatives",
    [
        (GRID, STREET_URBAN, (COUNTY_URBAN,)),
        (COMMUNITY, STREET_URBAN, (COUNTY_URBAN,)),
        (STREET, STREET_URBAN, (COUNTY_URBAN,)),
        ("A7", COUNTY_URBAN, ()),
        # A department of another branch is no alternative, however near.
        (ELSEWHERE, None, ()),
        ("A", None, ()),
        ("B1-SY", None, ()),
        ("no-such-unit", None, ()),
    ],
)
def test_the_nearest_department_up_the_tree_leads(area: str, lead: str | None, alternatives: tuple[str, ...]) -> None:
    routing = route("城乡建设", area, CATALOGUE, tree(), TODAY)
    assert (routing.lead, routing.alternatives) == (lead, alternatives)
    assert (routing.rule.id, routing.catalogue) == ("r1", "7")


def test_the_decision_says_in_names_who_sees_to_what_and_where() -> None:
    found = route("城乡建设", GRID, CATALOGUE, tree(), TODAY)
    assert found.why == "按权责清单，泉塘街道的城乡建设由泉塘街道城建办负责"
    missing = route("城乡建设", ELSEWHERE, CATALOGUE, tree(), TODAY)
    assert missing.why == "柳湾街道及其上级没有负责城乡建设的部门"


def test_a_category_without_a_rule_takes_the_last_one() -> None:
    routing = route("从未见过", GRID, CATALOGUE, tree(), TODAY)
    assert (routing.lead, routing.rule.id, routing.rule.tier) == (None, "other", "consultation")


def test_a_department_that_serves_several_areas_serves_those_and_not_its_parent() -> None:
    patrol = Unit("P", "department", "中队", parent="A7", functions=("urban_rural",), serves=("A3-LW", "A7-QT-02"))
    wider = UnitTree([*tree().units.values(), patrol])
    assert route("城乡建设", "A3-LW-01", CATALOGUE, wider, TODAY).lead == "P"
    assert route("城乡建设", "A7-QT-02", CATALOGUE, wider, TODAY).lead == "P"
    assert route("城乡建设", "A7", CATALOGUE, wider, TODAY).lead == COUNTY_URBAN


def test_who_serves_nobody_by_name_serves_the_parent() -> None:
    units = tree().units
    units[COUNTY_URBAN] = replace(units[COUNTY_URBAN], serves=())
    assert route("城乡建设", "A7", CATALOGUE, UnitTree(units.values()), TODAY).lead == COUNTY_URBAN


def test_of_two_at_one_place_the_smaller_code_leads_and_the_other_is_named() -> None:
    twin = Unit("A7-QT-D-AA", "department", "另一个", parent=STREET, functions=("urban_rural",), serves=(STREET,))
    routing = route("城乡建设", GRID, CATALOGUE, UnitTree([*tree().units.values(), twin]), TODAY)
    assert (routing.lead, routing.alternatives) == ("A7-QT-D-AA", (STREET_URBAN, COUNTY_URBAN))


@pytest.mark.parametrize(
    "ends, lead", [(date(2026, 11, 18), COUNTY_URBAN), (date(2026, 11, 19), STREET_URBAN), (None, STREET_URBAN)]
)
def test_a_department_that_was_dissolved_gets_nothing_more(ends: date | None, lead: str) -> None:
    units = tree().units
    units[STREET_URBAN] = replace(units[STREET_URBAN], valid_to=ends)
    assert route("城乡建设", GRID, CATALOGUE, UnitTree(units.values()), TODAY).lead == lead


def test_a_department_that_does_not_exist_yet_gets_nothing() -> None:
    units = tree().units
    units[STREET_URBAN] = replace(units[STREET_URBAN], valid_from=date(2026, 11, 19))
    assert route("城乡建设", GRID, CATALOGUE, UnitTree(units.values()), TODAY).lead == COUNTY_URBAN
