"""The filters of inbox and list, each alone; counts, lists and lights that agree whatever is asked and when."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from services.dispatch.work_orders.commands import (
    Accept,
    AskExtension,
    AskSuspension,
    Assign,
    GrantSuspension,
    Resolve,
    Resume,
    Return,
)
from services.dispatch.work_orders.lifecycle import State
from shared.auth.principal import Principal, Role
from shared.limits import Light, light
from tests.conftest import NOON
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHECKER, DISPATCHER, HANDLER, WAY
from tests.support.city import CIVIL, COMMUNITY, COUNTY_URBAN, ELSEWHERE, GRID, OTHER_COMMUNITY, STREET, STREET_URBAN

CITY = Principal("市派单", Role.DISPATCHER, "A")


async def numbers(dispatch: Dispatch, path: str = "/inbox", caller: Principal = CITY, **query: Any) -> set[str]:
    items = (await dispatch.get(path, caller, limit=200, **query))["items"]
    return {item["number"].rpartition("-")[2] for item in items}


@pytest.mark.parametrize(
    "query, found",
    [
        ({}, {"000001", "000002", "000003"}),
        ({"street": STREET}, {"000001", "000002"}),
        ({"area": OTHER_COMMUNITY}, {"000002"}),
        ({"category": "民政"}, {"000002"}),
        ({"priority": "urgent"}, set()),
        ({"priority": "normal"}, {"000001", "000002", "000003"}),
        ({"state": ["pending", "accepted"]}, {"000002", "000003"}),
        ({"returned": True}, {"000002"}),
        ({"returned": False}, {"000001", "000003"}),
        ({"due_before": "2026-11-18T15:31:00+08:00"}, {"000001"}),
        ({"text": "井盖"}, {"000001", "000003"}),
        ({"text": "低保 办理"}, {"000002"}),
        ({"text": "100%"}, {"000002"}),
        ({"text": "1000"}, set()),
        ({"text": "星湖路"}, {"000001", "000003"}),
        ({"text": "０００００３"}, {"000003"}),
        ({"text": "gd-a7-qt-20261118-000001"}, {"000001"}),
        ({"unit": STREET_URBAN}, {"000001"}),
        ({"unit": STREET_URBAN, "below": False}, {"000001"}),
        ({"unit": "A3"}, {"000003"}),
    ],
)
async def test_each_filter_finds_what_it_names(dispatch: Dispatch, query: Mapping[str, Any], found: set[str]) -> None:
    await dispatch.opened(number="A7-QT-20261118-000001")
    dispatch.clock.advance(timedelta(minutes=1))
    second = await dispatch.opened(
        number="A7-QT-20261118-000002", unit=OTHER_COMMUNITY, category="民政", title="低保",
        text="低保怎样办理，不是100%清楚", address="",
    )  # fmt: skip
    assigned = await dispatch.act(second, Assign(CIVIL), DISPATCHER)
    civil = Principal("民政", Role.DEPARTMENT_HANDLER, CIVIL)
    await dispatch.act(assigned, Return("不归我们管"), civil)
    await dispatch.opened(number="A7-QT-20261118-000003", unit=ELSEWHERE, category="没有的")
    third = next(order for order in await dispatch.orders() if order.number.endswith("3"))
    urban = await dispatch.act(third, Assign(ELSEWHERE), CITY)
    await dispatch.act(urban, Accept(), Principal("主任", Role.LEADER, ELSEWHERE))
    assert await numbers(dispatch, **query) == found
    assert await numbers(dispatch, "/work-orders", **query) == found
    counts = await dispatch.get("/inbox/counts", CITY, **query)
    assert counts["total"] == sum(counts["by_state"].values()) == len(found)


async def test_what_the_board_counts_today_is_a_list(dispatch: Dispatch) -> None:
    for state in (State.CLOSED, State.RESOLVED, State.ASSIGNED):
        await dispatch.in_state(state)
    dispatch.clock.advance(timedelta(days=2))
    await dispatch.in_state(State.CLOSED)
    midnight = "2026-11-20T00:00:00+08:00"
    board = (await dispatch.get("/board", CITY))["today"]
    for query, name in (
        ({"opened_since": midnight}, "opened"),
        ({"resolved_since": midnight}, "resolved"),
        ({"closed_since": midnight}, "closed"),
        ({"open": True}, "open"),
    ):
        assert len(await numbers(dispatch, **query)) == board[name] > 0, name
        assert (await dispatch.get("/inbox/counts", CITY, **query))["total"] == board[name]


async def test_an_exception_that_is_over_is_told_while_work_goes_on(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.PENDING)
    until = dispatch.clock.now() + timedelta(hours=1)
    order = await dispatch.act(order, Assign(GRID, "积水漫入居民家", until), DISPATCHER)
    assert await numbers(dispatch, exception_over=True) == set()
    dispatch.clock.advance(timedelta(hours=1))
    assert await numbers(dispatch, exception_over=True) == {order.number.rpartition("-")[2]}
    assert await numbers(dispatch, exception_over=False) == set()


async def test_a_suspension_that_is_over_is_told_until_work_goes_on(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.ACCEPTED)
    order = await dispatch.act(order, AskSuspension("等配件", dispatch.clock.now() + timedelta(hours=1)), HANDLER)
    order = await dispatch.act(order, GrantSuspension("同意"), DISPATCHER)
    await dispatch.in_state(State.SUSPENDED)  # until whenever
    assert await numbers(dispatch, suspension_over=True) == set()
    dispatch.clock.advance(timedelta(hours=1))
    for path in ("/inbox", "/work-orders"):
        assert await numbers(dispatch, path, suspension_over=True) == {order.number.rpartition("-")[2]}
        assert len(await numbers(dispatch, path, suspension_over=False)) == 1
    assert (await dispatch.get("/inbox/counts", CITY, suspension_over=True))["total"] == 1
    await dispatch.act(order, Resume(), DISPATCHER)
    assert await numbers(dispatch, suspension_over=True) == set()


async def every_state(dispatch: Dispatch) -> None:
    """One in each state, one of which asks for something; each a few minutes after the other."""
    for state in State:
        dispatch.clock.advance(timedelta(minutes=3))
        await dispatch.in_state(state)
    asking = next(order for order in await dispatch.orders() if order.state is State.ACCEPTED)
    await dispatch.act(asking, AskExtension("料未到", "3wd"), HANDLER)


STATES: list[Any] = [{}, {"state": ["assigned"]}, {"state": ["resolved", "closed"]}]
TASKS: list[Any] = [{"task": "todo"}, {"task": "check"}, {"asked": True}]
LIGHTS: list[Any] = [{}, *({"light": light} for light in Light)]


async def test_counts_and_lists_agree_whatever_is_asked_and_when(dispatch: Dispatch) -> None:
    await every_state(dispatch)
    orders = await dispatch.orders()
    for at in (orders[1].accept.warn_at, orders[1].accept.due_at, NOON + timedelta(days=9)):
        dispatch.clock.set(at)
        for one, other in product([*STATES, *TASKS], LIGHTS):
            query = one | other
            items = (await dispatch.get("/inbox", DISPATCHER, limit=200, **query))["items"]
            counts = await dispatch.get("/inbox/counts", DISPATCHER, **query)
            assert counts["total"] == len(items), query
            lights = {name: sum(item["light"] == name for item in items) for name in Light}
            assert lights[Light.RED] == counts["overdue"] == counts["by_light"]["red"], query
            assert {item["light"] for item in items} <= {query.get("light", item["light"]) for item in items}
            shown = {str(order.id): light(order.limits.values(), at) for order in orders}
            assert all(item["light"] == shown[item["id"]] for item in items if "task" not in query), query


async def test_tasks_are_what_one_can_do_and_what_one_can_verify(dispatch: Dispatch) -> None:
    await every_state(dispatch)

    async def states(caller: Principal, task: str) -> set[str]:
        items = (await dispatch.get("/inbox", caller, task=task, limit=200))["items"]
        for item in items:
            actions = {one["action"] for one in item["possible"]}
            assert actions & {"verify", "rework"} if task == "check" else actions - {"verify", "rework"}
        return {item["state"] for item in items}

    work = {"assigned", "accepted", "in_progress", "suspended"}
    assert await states(HANDLER, "todo") == work
    assert await states(HANDLER, "check") == set()
    assert await states(CHECKER, "todo") == set()
    assert await states(CHECKER, "check") == {"resolved"}
    assert await states(DISPATCHER, "todo") == {"pending", "assigned", "accepted", "suspended", "verified"}
    assert await states(Principal("网格员", Role.GRID_WORKER, GRID), "check") == set(), "not in that grid"
    assert await states(Principal("居民", Role.RESIDENT, STREET), "todo") == set()


async def test_nobody_is_asked_to_verify_what_they_resolved(dispatch: Dispatch) -> None:
    worker = Principal("网格员甲", Role.GRID_WORKER, COMMUNITY)
    until = NOON + timedelta(days=1)
    order = await dispatch.act(await dispatch.opened(), Assign(COMMUNITY, "紧急", until), DISPATCHER)
    for command, _ in WAY[State.IN_PROGRESS]:
        order = await dispatch.act(order, command, worker)
    order = await dispatch.act(order, Resolve("已处理"), worker)
    assert await numbers(dispatch, caller=worker, task="check") == set()
    assert (await dispatch.get(f"/work-orders/{order.id}", worker))["possible"] == []
    other = Principal("网格员乙", Role.GRID_WORKER, COMMUNITY)
    assert len(await numbers(dispatch, caller=other, task="check")) == 1


async def test_a_unit_of_the_county_finds_what_it_leads_in_a_street(dispatch: Dispatch) -> None:
    order = await dispatch.act(await dispatch.opened(), Assign(COUNTY_URBAN), DISPATCHER)
    county = Principal("县", Role.DEPARTMENT_HANDLER, COUNTY_URBAN)
    assert await numbers(dispatch, caller=county, street=STREET) == {order.number.rpartition("-")[2]}
    assert await numbers(dispatch, caller=county, street=ELSEWHERE) == set()
