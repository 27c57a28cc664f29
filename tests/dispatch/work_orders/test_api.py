"""The actions over HTTP: versions as ETags, a body of its own for each, and what a refusal says."""

import asyncio
from dataclasses import fields, replace
from inspect import cleandoc
from typing import Any

import pytest

from services.dispatch.work_orders.commands import COMMANDS
from services.dispatch.work_orders.lifecycle import State, roles_of
from shared.auth.permissions import access
from shared.auth.principal import Principal, Role
from shared.ids import new_id
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHECKER, DISPATCHER, HANDLER, LEADER, SUPERVISOR
from tests.support.city import COMMUNITY, COUNTY_URBAN, ELSEWHERE, STREET

COUNTY = Principal("县办事员", Role.DEPARTMENT_HANDLER, COUNTY_URBAN)
LIFE: list[tuple[str, Principal, dict[str, str], str]] = [
    ("return", HANDLER, {"why": "不归我们管", "suggested_unit": COUNTY_URBAN}, "pending"),
    ("assign", DISPATCHER, {"lead_unit": COUNTY_URBAN}, "assigned"),
    ("accept", COUNTY, {}, "accepted"),
    ("ask-extension", COUNTY, {"why": "料未到", "more": "3wd"}, "accepted"),
    ("grant-extension", SUPERVISOR, {"why": "同意"}, "accepted"),
    ("start", COUNTY, {}, "in_progress"),
    ("ask-extension", COUNTY, {"why": "料仍未到", "more": "1wd"}, "in_progress"),
    ("grant-extension", LEADER, {"why": "仅此一次"}, "in_progress"),
    ("ask-suspension", COUNTY, {"why": "等待冬季过后", "until": "2027-03-01T09:00:00+08:00"}, "in_progress"),
    ("decline", DISPATCHER, {"why": "先临时处理"}, "in_progress"),
    ("ask-suspension", COUNTY, {"why": "临时处理已做"}, "in_progress"),
    ("grant-suspension", DISPATCHER, {"why": "同意"}, "suspended"),
    ("resume", COUNTY, {}, "in_progress"),
    ("resolve", COUNTY, {"result": "井盖已更换"}, "resolved"),
    ("rework", CHECKER, {"why": "仍松动"}, "in_progress"),
    ("resolve", COUNTY, {"result": "已紧固"}, "resolved"),
    ("verify", CHECKER, {}, "verified"),
    ("close", DISPATCHER, {}, "closed"),
]


async def test_a_whole_life(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    path = f"/work-orders/{order.id}"
    for action, caller, body, state in LIFE:
        answer = await dispatch.post(order, action, caller, **body)
        assert answer.status_code == 200, answer.text
        shown, order = answer.json(), await dispatch.order(order.id)
        assert (shown["state"], shown["version"], answer.headers["etag"]) == (
            state,
            order.version,
            f'"{order.version}"',
        )
        seen = await dispatch.get(path)
        assert {**seen, "possible": None} == {**shown, "possible": None}
    assert (shown["returns"], shown["returned_why"], shown["suggested_unit"]) == (1, "不归我们管", COUNTY_URBAN)
    assert (shown["reworks"], shown["extensions"], shown["result"]) == (1, 2, "已紧固")
    assert (shown["light"], shown["due_at"], shown["possible"], shown["asked"]) == ("none", None, [], None)
    assert (shown["resolved_by"], shown["closed_at"]) == ("县办事员", "2026-11-18T02:00:00Z")
    entries = (await dispatch.get(f"{path}/trail"))["entries"]
    assert [entry["action"] for entry in entries] == ["open", *(step[0] for step in LIFE)]
    assert [entry["by"] for entry in entries] == ["routing", *(step[1].subject for step in LIFE)]
    assert [entry["why"] for entry in entries] == [None, *(step[2].get("why") for step in LIFE)]
    said = {entry["action"]: entry["what"] for entry in entries}
    assert said["return"]["suggested_unit"] == COUNTY_URBAN
    assert said["ask-extension"]["more"] == "1wd"
    assert said["grant-extension"]["resolve_due_at"] > "2026-11-25"
    assert await dispatch.violations() == ()


async def test_what_is_asked_for_is_shown_until_it_is_decided(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.ACCEPTED)
    shown = (await dispatch.post(order, "ask-extension", HANDLER, why="料未到", more="3wd")).json()
    assert shown["asked"] == {
        "kind": "extension",
        "by": "办事员",
        "at": "2026-11-18T02:00:00Z",
        "why": "料未到",
        "until": None,
        "more": "3wd",
    }
    assert [one["action"] for one in shown["possible"]] == ["start"]
    by = await dispatch.get(f"/work-orders/{order.id}", DISPATCHER)
    assert [one["action"] for one in by["possible"]] == ["grant-extension", "decline"]


async def test_each_action_has_a_body_a_text_and_roles_of_its_own(dispatch: Dispatch) -> None:
    api = dispatch.service.api
    document = api.openapi()
    roles = {(route.method, route.path): route.roles for route in access(api)}
    for command in COMMANDS:
        path = f"/work-orders/{{work_order_id}}/{command.action}"
        operation = document["paths"][path]["post"]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        body = document["components"]["schemas"][reference.rpartition("/")[2]]
        assert set(body.get("properties", ())) == {field.name for field in fields(command)}
        assert body["additionalProperties"] is False
        assert operation["description"] == cleandoc(command.__doc__ or "")
        assert roles["POST", path] == roles_of(command.action)


@pytest.mark.parametrize(
    "if_match, status, code",
    [
        (None, 428, "if_match_required"),
        ('"2"', 412, "version_mismatch"),
        ("1", 422, "if_match_invalid"),
        ('"1", "2"', 422, "if_match_invalid"),
        ("*", 422, "if_match_invalid"),
    ],
)
async def test_an_action_is_on_the_work_order_as_it_was_read(dispatch: Dispatch, if_match, status, code) -> None:
    order = await dispatch.opened()
    before = await dispatch.counts()
    headers = {} if if_match is None else {"if-match": if_match}
    answer = await dispatch.call("POST", f"/work-orders/{order.id}/accept", HANDLER, json={}, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    if status == 412:
        assert problem["data"] == {"expected": 2, "current": 1, "state": "assigned"}
    assert await dispatch.counts() == before


REFUSALS: list[Any] = [
    ("start", HANDLER, {}, 409, "work_order_action_not_possible"),
    ("grant-suspension", DISPATCHER, {"why": "好"}, 409, "work_order_action_not_possible"),
    ("assign", DISPATCHER, {}, 422, "validation"),
    ("assign", DISPATCHER, {"lead_unit": "A7-X"}, 422, "unit_unknown"),
    ("assign", DISPATCHER, {"lead_unit": ELSEWHERE}, 422, "unit_not_suitable"),
    ("assign", DISPATCHER, {"lead_unit": "a b"}, 422, "validation"),
    ("assign", DISPATCHER, {"lead_unit": COUNTY_URBAN, "result": "改派"}, 422, "validation"),
    ("assign", replace(DISPATCHER, unit=ELSEWHERE), {"lead_unit": COUNTY_URBAN}, 404, "work_order_not_found"),
    ("assign", HANDLER, {"lead_unit": COUNTY_URBAN}, 403, "role_not_permitted"),
    ("assign", Principal("居民", Role.RESIDENT, COMMUNITY), {"lead_unit": COUNTY_URBAN}, 403, "role_not_permitted"),
    ("return", HANDLER, {}, 422, "validation"),
    ("return", HANDLER, {"why": "  "}, 422, "validation"),
    ("return", HANDLER, {"why": "不归我们管", "suggested_unit": "A7-X"}, 422, "unit_unknown"),
    ("accept", COUNTY, {}, 404, "work_order_not_found"),
    ("accept", CHECKER, {}, 403, "work_order_not_competent"),
    ("accept", DISPATCHER, {}, 403, "role_not_permitted"),
    ("accept", HANDLER, {"state": "closed"}, 422, "validation"),
    ("ask-extension", HANDLER, {"why": "料未到", "more": "3"}, 422, "validation"),
]


@pytest.mark.parametrize(
    "action, caller, body, status, code",
    REFUSALS,
    ids=[f"{r[0]} by {r[1].role} of {r[1].unit}: {r[4]}" for r in REFUSALS],
)
async def test_what_is_refused_says_why_and_changes_nothing(
    dispatch: Dispatch, action, caller, body, status, code
) -> None:
    order = await dispatch.opened()
    before = await dispatch.counts()
    answer = await dispatch.post(order, action, caller, **body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert problem["title_zh"]
    assert problem["title_en"]
    if status == 409:
        assert problem["data"]["possible"] == ["assign", "accept", "return"]
    assert await dispatch.counts() == before


async def test_an_unknown_action_is_no_path(dispatch: Dispatch) -> None:
    assert (await dispatch.post(await dispatch.opened(), "explode", HANDLER)).status_code == 404


async def test_a_work_order_that_is_not_there_or_not_ones_own_looks_the_same(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    answers = [
        await dispatch.call("GET", path, COUNTY)
        for one in (order.id, new_id())
        for path in (f"/work-orders/{one}", f"/work-orders/{one}/trail")
    ]
    problems = [{k: v for k, v in answer.json().items() if k != "correlation_id"} for answer in answers]
    assert {answer.status_code for answer in answers} == {404}
    assert all(problem == problems[0] for problem in problems)


async def test_of_ten_at_once_one_wins_and_the_others_are_told(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    leaders = [Principal(f"leader-{n}", Role.LEADER, STREET) for n in range(10)]
    answers = await asyncio.gather(*(dispatch.post(order, "accept", leader) for leader in leaders))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    assert all(a.json()["code"] == "version_mismatch" for a in answers if a.status_code == 412)
    assert (await dispatch.order(order.id)).version == 2
