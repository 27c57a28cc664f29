"""The inbox of a unit: what is due first, counts, pages, and the ways to find one work order."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.dispatch.work_orders.commands import Accept, AskExtension
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from tests.conftest import NOON
from tests.dispatch.conftest import Dispatch, told
from tests.dispatch.work_orders.orders import DISPATCHER, HANDLER
from tests.support.city import CIVIL, COMMUNITY, ELSEWHERE, STREET, STREET_URBAN

ADMIN = Principal("admin", Role.ADMIN)


async def some(dispatch: Dispatch, count: int) -> list[WorkOrder]:
    """Work orders opened one minute apart."""
    orders = []
    for _ in range(count):
        dispatch.clock.advance(timedelta(minutes=1))
        orders.append(await dispatch.opened())
    return orders


async def numbers(dispatch: Dispatch, caller: Principal = HANDLER, **query: Any) -> list[str]:
    return [item["number"] for item in (await dispatch.get("/inbox", caller, **query))["items"]]


async def walk(dispatch: Dispatch, path: str, caller: Principal = HANDLER, **query: Any) -> list[str]:
    """The numbers on all pages."""
    found: list[str] = []
    while True:
        page = await dispatch.get(path, caller, **query)
        found += [item["number"] for item in page["items"]]
        assert len(found) < 1000
        if page["next"] is None:
            return found
        query["after"] = page["next"]


async def test_what_is_due_first_comes_first(dispatch: Dispatch) -> None:
    orders = await some(dispatch, 4)
    assert await numbers(dispatch) == [order.number for order in orders]
    # Accepting leaves the later limit: it goes behind the others.
    await dispatch.act(orders[0], Accept(), HANDLER)
    assert await numbers(dispatch) == [order.number for order in [*orders[1:], orders[0]]]


async def test_the_work_order_as_people_read_it(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    number = order.sources[0].number
    limit = {"unit": STREET_URBAN, "started_at": "2026-11-18T02:00:00Z", "state": "running"}
    limit |= {"suspended_at": None, "ended_at": None}
    shown = {
        "id": str(order.id),
        "number": f"GD-{number}",
        "sources": [{"kind": "report", "id": str(order.sources[0].id), "number": number}],
        "title": "井盖",
        "text": "路边井盖不见了",
        "category": "城乡建设",
        "place": {
            "area": COMMUNITY,
            "street": STREET,
            "longitude": 113.05,
            "latitude": 28.05,
            "point_radius": 612.5,
            "address": "星湖路 3 号门前",
        },
        "area_name": "星湖社区",
        "street_name": "泉塘街道",
        "lead_unit": STREET_URBAN,
        "lead_unit_name": "泉塘街道城建办",
        "state": "assigned",
        "priority": "normal",
        "tier": "street",
        "function": "urban_rural",
        "function_held": True,
        "check_photo": False,
        "rule": "r1",
        "catalogue": "1",
        "routing": "按权责清单，泉塘街道的城乡建设由泉塘街道城建办负责",
        "condition": None,
        "closing_condition": None,
        "limits": {
            "accept": {**limit, "limit": "4wh", "warn_at": "2026-11-18T06:42:00Z", "due_at": "2026-11-18T07:30:00Z"},
            "resolve": {**limit, "limit": "5wd", "warn_at": "2026-11-24T02:00:00Z", "due_at": "2026-11-25T02:00:00Z"},
        },
        "due_at": "2026-11-18T07:30:00Z",
        "light": "green",
        "asked": None,
        "suspended_until": None,
        "extensions": 0,
        "reported_at": "2026-11-18T02:00:00Z",
        "opened_at": "2026-11-18T02:00:00Z",
        "closed_at": None,
        "result": None,
        "joined": 0,
        "exception_until": None,
        "resolved_by": None,
        "returns": 0,
        "returned_why": None,
        "suggested_unit": None,
        "suggested_unit_name": None,
        "reworks": 0,
        "reopened": 0,
        "reopened_why": None,
        "version": 1,
    }
    one = await dispatch.call("GET", f"/work-orders/{order.id}", HANDLER)
    read = one.json()
    assert [possible["action"] for possible in read["possible"]] == ["accept", "return"]
    shown |= {"possible": read["possible"], "photos": []}
    assert (read, one.headers["etag"]) == (shown, '"1"')
    assert (await dispatch.get("/inbox", HANDLER))["items"] == [shown]


@pytest.mark.parametrize("limit", [1, 3, 200])
async def test_pages_show_every_work_order_once(dispatch: Dispatch, limit: int) -> None:
    # All at one instant: equal limits must not make the pages lose or repeat any.
    await dispatch.deliver(*(told() for _ in range(7)))
    found = await walk(dispatch, "/inbox", limit=limit)
    assert sorted(found) == sorted(order.number for order in await dispatch.orders())


async def test_look_ups_go_on_behind_their_limit(dispatch: Dispatch) -> None:
    """They were cut at their limit, and said that nothing more came."""
    await dispatch.deliver(*(told() for _ in range(7)))
    assert len(await walk(dispatch, "/work-orders", ADMIN, area=COMMUNITY, limit=2)) == 7
    reports = [str(order.sources[0].id) for order in await dispatch.orders()]
    assert len(set(await walk(dispatch, "/work-orders", ADMIN, report_id=reports, limit=3))) == 7


async def test_pages_of_a_state_with_nothing_due(dispatch: Dispatch) -> None:
    for _ in range(3):
        await dispatch.in_state(State.RESOLVED)
    assert len(set(await walk(dispatch, "/inbox", state="resolved", limit=2))) == 3
    assert await numbers(dispatch) == [], "nothing is due any more"


async def test_what_is_suspended_is_found_by_its_state(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.SUSPENDED)
    assert await numbers(dispatch) == []
    (item,) = (await dispatch.get("/inbox", HANDLER, state="suspended"))["items"]
    assert (item["id"], item["light"], item["due_at"]) == (str(order.id), "none", None)


async def test_the_dispatcher_finds_what_waits_for_a_decision(dispatch: Dispatch) -> None:
    asking, _ = await dispatch.in_state(State.ACCEPTED), await dispatch.in_state(State.ACCEPTED)
    await dispatch.act(asking, AskExtension("料未到", "3wd"), HANDLER)
    assert await numbers(dispatch, DISPATCHER, below=True, asked=True) == [asking.number]
    assert len(await numbers(dispatch, DISPATCHER, below=True, asked=False)) == 1
    assert len(await numbers(dispatch, DISPATCHER, below=True)) == 2


async def counts(dispatch: Dispatch, caller: Principal = HANDLER, **query: Any) -> tuple[dict[str, int], int]:
    found = await dispatch.get("/inbox/counts", caller, **query)
    return found["by_state"], found["overdue"]


async def test_counts_agree_with_the_lists(dispatch: Dispatch) -> None:
    first, second, _ = await some(dispatch, 3)
    await dispatch.act(first, Accept(), HANDLER)
    assert await counts(dispatch) == ({"accepted": 1, "assigned": 2}, 0)

    async def red() -> int:
        return [item["light"] for item in (await dispatch.get("/inbox", HANDLER))["items"]].count("red")

    # At the very instant of the limit the light is red, and that is what overdue counts.
    dispatch.clock.set(second.accept.due_at)
    assert (await counts(dispatch))[1] == await red() == 1
    dispatch.clock.set(NOON + timedelta(days=30))
    assert (await counts(dispatch))[1] == await red() == 3


async def test_counts_honour_every_filter(dispatch: Dispatch) -> None:
    """They took the filters of the inbox, and ignored the state."""
    asking = await dispatch.in_state(State.ACCEPTED)
    await dispatch.act(asking, AskExtension("料未到", "3wd"), HANDLER)
    await dispatch.in_state(State.ACCEPTED)
    await dispatch.opened()
    assert await counts(dispatch) == ({"accepted": 2, "assigned": 1}, 0)
    assert await counts(dispatch, state="assigned") == ({"assigned": 1}, 0)
    assert await counts(dispatch, asked=True) == ({"accepted": 1}, 0)
    assert await counts(dispatch, DISPATCHER, below=True, asked=False) == ({"accepted": 1, "assigned": 1}, 0)
    assert await counts(dispatch, DISPATCHER, below=False) == ({}, 0)
    refused = await dispatch.call("GET", "/inbox/counts", HANDLER, params={"limit": 5})
    assert refused.status_code == 422, "a parameter that does nothing is refused"


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER])
async def test_who_decides_sees_what_lies_below_and_who_works_what_is_theirs(dispatch: Dispatch, role: Role) -> None:
    await dispatch.opened()
    await dispatch.opened(unit=ELSEWHERE)

    async def leads(of: str, by: Role = role, **query: Any) -> list[str | None]:
        items = (await dispatch.get("/inbox", Principal("x", by, of), **query))["items"]
        return sorted((item["lead_unit"] for item in items), key=str)

    assert await leads(STREET) == [STREET_URBAN]
    assert await leads(STREET, below=False) == []
    assert await leads("A") == [STREET_URBAN, None]
    assert await leads("A", unit=STREET) == [STREET_URBAN]
    assert await leads(ELSEWHERE) == [None]
    assert await leads(STREET, Role.DEPARTMENT_HANDLER) == []
    assert await leads(STREET, Role.DEPARTMENT_HANDLER, below=True) == [STREET_URBAN]


async def test_another_units_inbox_is_empty_for_who_may_not_see_it(dispatch: Dispatch) -> None:
    await dispatch.opened()
    foreign = Principal("民政", Role.DEPARTMENT_HANDLER, CIVIL)
    for query in ({"unit": STREET_URBAN}, {"unit": STREET, "below": True}, {"unit": "A", "below": True}):
        assert await dispatch.get("/inbox", foreign, **query) == {"items": [], "next": None}
        assert await counts(dispatch, foreign, **query) == ({}, 0)


async def test_a_number_is_found_however_it_was_typed(dispatch: Dispatch) -> None:
    order, _ = await dispatch.opened(number="A7-QT-20261118-000017"), await dispatch.opened()
    for typed in (
        "GD-A7-QT-20261118-000017",
        "gd-a7-qt-20261118-000017",
        "A7-QT-20261118-000017",
        " a7-qt-20261118-000017",
        "ＧＤ－Ａ７－ＱＴ－２０２６１１１８－００００１７",
        "GD - A7 - QT - 20261118 - 000017",
        "000017",
        "０００ ０１７",
    ):
        items = (await dispatch.get("/work-orders", number=typed))["items"]
        assert [item["id"] for item in items] == [str(order.id)], typed
    assert (await dispatch.get("/work-orders", number="00017"))["items"] == []


async def test_a_small_letter_in_a_units_code_stays_one(dispatch: Dispatch) -> None:
    order = await dispatch.opened(number="a7-qt-20261118-000018")
    (item,) = (await dispatch.get("/work-orders", number="a7-qt-20261118-000018"))["items"]
    assert item["id"] == str(order.id)


@pytest.mark.parametrize(
    "path, query, code",
    [
        ("/work-orders", {"text": " "}, "text_blank"),
        ("/work-orders", {"task": "lunch"}, "enum"),
        ("/inbox", {"due_before": "tomorrow"}, "instant_form"),
        ("/work-orders", {"report_id": "x"}, "uuid_parsing"),
        ("/inbox", {"after": "eA=="}, "cursor_invalid"),
        ("/inbox", {"state": "lost"}, "enum"),
        ("/inbox", {"unit": "../x"}, "string_pattern_mismatch"),
        ("/inbox", {"below": "perhaps"}, "bool_parsing"),
    ],
)
async def test_a_query_that_cannot_be_is_refused(dispatch: Dispatch, path: str, query: Any, code: str) -> None:
    answer = await dispatch.call("GET", path, ADMIN, params=query)
    assert answer.status_code == 422
    problem = answer.json()
    assert code in (problem["code"], *(error["code"] for error in problem.get("errors", ())))


async def test_the_light_is_that_of_the_limits(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    for at, light in ((order.accept.warn_at, "yellow"), (order.accept.due_at, "red")):
        for instant, expected in ((at - timedelta(seconds=1), None), (at, light)):
            dispatch.clock.set(instant)
            (item,) = (await dispatch.get("/inbox", HANDLER))["items"]
            assert item["light"] == (expected or {"yellow": "green", "red": "yellow"}[light])
    assert datetime.fromisoformat(item["due_at"]) == order.accept.due_at
