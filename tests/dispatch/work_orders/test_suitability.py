"""Who may be made responsible for what happens in an area."""

from dataclasses import replace
from datetime import date

import pytest

from services.dispatch.work_orders.commands import Assign, Return
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.suitability import require_suitable
from shared.errors import Invalid
from shared.units.tree import Unit, UnitTree
from tests.dispatch.work_orders.orders import DISPATCHER, HANDLER, TODAY, done, in_state
from tests.support.city import (
    CIVIL,
    COMMUNITY,
    COUNTY_URBAN,
    ELSEWHERE,
    ENVIRONMENT,
    GRID,
    OTHER_COMMUNITY,
    STREET,
    STREET_URBAN,
    tree,
)

TREE = UnitTree(
    [
        *tree().units.values(),
        Unit("A7-QT-01-B", "building", "1栋", parent=COMMUNITY),
        Unit("P", "department", "派出所", parent="A7", serves=(COMMUNITY, "A3-LW")),
    ]
)
SUITS = (STREET_URBAN, COUNTY_URBAN, CIVIL, ENVIRONMENT, STREET, COMMUNITY, GRID, "P")
SUITS_NOT = (ELSEWHERE, OTHER_COMMUNITY, "A7", "A", "A7-QT-01-B")


@pytest.mark.parametrize("code", SUITS)
def test_a_unit_that_serves_the_area_or_lies_above_or_in_it_may_be_named(code: str) -> None:
    require_suitable(code, COMMUNITY, TREE, TODAY, field="lead_unit")


@pytest.mark.parametrize("code", SUITS_NOT)
def test_a_unit_that_has_nothing_to_do_with_the_area_or_never_handles_may_not(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_suitable(code, COMMUNITY, TREE, TODAY, field="lead_unit")
    assert (refused.value.code, refused.value.field) == ("unit_not_suitable", "lead_unit")


def test_a_department_of_another_area_may_not() -> None:
    with pytest.raises(Invalid):
        require_suitable(STREET_URBAN, "A3-LW", TREE, TODAY, field="lead_unit")
    require_suitable("P", "A3-LW-01", TREE, TODAY, field="lead_unit")


@pytest.mark.parametrize("code", ["A7-X", "", STREET_URBAN])
def test_a_unit_that_is_not_there_or_no_more_may_not(code: str) -> None:
    units = TREE.units | {STREET_URBAN: replace(TREE.units[STREET_URBAN], valid_to=date(2026, 11, 18))}
    with pytest.raises(Invalid) as refused:
        require_suitable(code, COMMUNITY, UnitTree(units.values()), TODAY, field="lead_unit")
    assert refused.value.code == "unit_unknown"


def test_assigning_and_returning_ask_it() -> None:
    for command, by, field in (
        (Assign(ELSEWHERE), DISPATCHER, "lead_unit"),
        (Return("不归我们管", ELSEWHERE), HANDLER, "suggested_unit"),
    ):
        with pytest.raises(Invalid) as refused:
            done(in_state(State.ASSIGNED), command, by)
        assert refused.value.field == field
