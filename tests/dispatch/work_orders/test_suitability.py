"""Who may be made responsible for what happens in an area: place, kind, tier; and who holds the function is said."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.dispatch.catalogue.catalogue import Tier
from services.dispatch.work_orders.commands import Assign, Return
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.suitability import require_suitable
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.errors import Invalid
from shared.units.tree import Unit, UnitTree
from tests.conftest import NOON
from tests.dispatch.conftest import Dispatch
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
BELOW_STREET = (COMMUNITY, GRID)
SUITS = (STREET_URBAN, COUNTY_URBAN, CIVIL, ENVIRONMENT, STREET, *BELOW_STREET, "P")
SUITS_NOT = (ELSEWHERE, OTHER_COMMUNITY, "A7", "A", "A7-QT-01-B")
STREET_TIER = in_state(State.ASSIGNED)
COMMUNITY_TIER = replace(STREET_TIER, tier=Tier.COMMUNITY)


def at(area: str, order: WorkOrder = COMMUNITY_TIER) -> WorkOrder:
    return replace(order, place=replace(order.place, area=area))


@pytest.mark.parametrize("code", SUITS)
def test_a_unit_that_serves_the_area_or_lies_above_or_in_it_may_be_named(code: str) -> None:
    assert require_suitable(code, COMMUNITY_TIER, TREE, TODAY, field="lead_unit").code == code


@pytest.mark.parametrize("tier", [tier for tier in Tier if tier is not Tier.COMMUNITY])
@pytest.mark.parametrize("code", SUITS)
def test_what_needs_the_street_is_not_for_those_below_it(code: str, tier: Tier) -> None:
    order = replace(STREET_TIER, tier=tier)
    if code not in BELOW_STREET:
        require_suitable(code, order, TREE, TODAY, field="lead_unit")
        return
    with pytest.raises(Invalid) as refused:
        require_suitable(code, order, TREE, TODAY, field="lead_unit")
    assert (refused.value.code, refused.value.field) == ("unit_tier", "lead_unit")


@pytest.mark.parametrize("code", SUITS_NOT)
@pytest.mark.parametrize("order", [COMMUNITY_TIER, STREET_TIER], ids=lambda order: order.tier)
def test_a_unit_that_has_nothing_to_do_with_the_area_or_never_handles_may_not(code: str, order: WorkOrder) -> None:
    with pytest.raises(Invalid) as refused:
        require_suitable(code, order, TREE, TODAY, field="lead_unit", exception=True)
    assert (refused.value.code, refused.value.field) == ("unit_not_suitable", "lead_unit")


def test_a_department_of_another_area_may_not() -> None:
    with pytest.raises(Invalid):
        require_suitable(STREET_URBAN, at("A3-LW"), TREE, TODAY, field="lead_unit")
    require_suitable("P", at("A3-LW-01"), TREE, TODAY, field="lead_unit")


@pytest.mark.parametrize("code", ["A7-X", "", STREET_URBAN])
def test_a_unit_that_is_not_there_or_no_more_may_not(code: str) -> None:
    units = TREE.units | {STREET_URBAN: replace(TREE.units[STREET_URBAN], valid_to=date(2026, 11, 18))}
    with pytest.raises(Invalid) as refused:
        require_suitable(code, COMMUNITY_TIER, UnitTree(units.values()), TODAY, field="lead_unit")
    assert refused.value.code == "unit_unknown"


def test_assigning_and_returning_ask_it() -> None:
    for unit in (ELSEWHERE, COMMUNITY):
        for command, by, field in (
            (Assign(unit), DISPATCHER, "lead_unit"),
            (Return("不归我们管", unit), HANDLER, "suggested_unit"),
        ):
            with pytest.raises(Invalid) as refused:
                done(in_state(State.ASSIGNED), command, by)
            assert refused.value.field == field


def test_an_urgent_exception_has_a_reason_and_an_end() -> None:
    until = NOON + timedelta(days=3)
    change = done(STREET_TIER, Assign(GRID, "积水漫入居民家", until), DISPATCHER)
    assert (change.after.lead_unit, change.why) == (GRID, "积水漫入居民家")
    assert change.what["exception_until"] == change.after.exception_until == until
    for refused_ in (Assign(GRID, None, until), Assign(GRID, "积水", NOON)):
        with pytest.raises(Invalid) as refused:
            done(STREET_TIER, refused_, DISPATCHER)
        assert (refused.value.code, refused.value.field) == ("work_order_exception_incomplete", "exception_until")


def test_who_does_not_hold_the_function_is_told_so() -> None:
    held, not_held = (done(STREET_TIER, Assign(code), DISPATCHER) for code in (COUNTY_URBAN, CIVIL))
    assert (held.after.function, held.after.function_held, not_held.after.function_held) == ("urban_rural", True, False)
    assert not_held.what["function_not_held"] == "urban_rural"
    assert "function_not_held" not in held.what
    assert done(not_held.after, Assign(STREET), DISPATCHER).after.function_held, "what happens in a street is its own"
    civil = Principal("民政", Role.DEPARTMENT_HANDLER, CIVIL)
    assert done(not_held.after, Return("不归我们管"), civil).after.function_held


async def test_whom_a_dispatcher_may_choose_best_first(dispatch: Dispatch) -> None:
    order = await dispatch.act(await dispatch.opened(), Return("不归我们管", COUNTY_URBAN), HANDLER)
    path = f"/work-orders/{order.id}/candidates"
    items: list[dict[str, Any]] = (await dispatch.get(path, DISPATCHER))["items"]
    assert [item["unit"] for item in items] == [
        COUNTY_URBAN, STREET_URBAN, STREET, CIVIL, ENVIRONMENT, COMMUNITY, GRID,
    ]  # fmt: skip
    first, last = items[0], items[-1]
    assert first == {
        "unit": COUNTY_URBAN, "name": "A7县住建局", "kind": "department", "holds_function": True,
        "tier_allows": True, "suggested": True, "due": 0, "overdue": 0,
    }  # fmt: skip
    assert (last["tier_allows"], last["suggested"]) == (False, False)
    shown = await dispatch.get(f"/work-orders/{order.id}", DISPATCHER)
    assert (shown["returned_why"], shown["suggested_unit"], shown["suggested_unit_name"]) == (
        "不归我们管", COUNTY_URBAN, "A7县住建局",
    )  # fmt: skip
    (*_, entry) = (await dispatch.get(f"/work-orders/{order.id}/trail"))["entries"]
    assert (entry["why"], entry["what"]["suggested_unit"]) == ("不归我们管", COUNTY_URBAN)
    assert (await dispatch.call("GET", path, HANDLER)).status_code == 403


async def test_a_candidate_is_told_of_with_what_it_has_to_do_already(dispatch: Dispatch) -> None:
    await dispatch.opened()
    order = await dispatch.act(await dispatch.opened(), Return("不归我们管"), HANDLER)
    path = f"/work-orders/{order.id}/candidates"
    loads = {item["unit"]: (item["due"], item["overdue"]) for item in (await dispatch.get(path, DISPATCHER))["items"]}
    assert (loads[STREET_URBAN], loads[COUNTY_URBAN]) == ((1, 0), (0, 0))
