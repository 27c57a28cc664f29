"""The actions over HTTP: versions as ETags, who may where, and what a refusal says."""

import asyncio
from typing import Any

import pytest

from shared.auth.principal import Role
from shared.ids import new_id
from tests.support.city import COMMUNITY, COUNTY_URBAN, ELSEWHERE, STREET, STREET_URBAN
from tests.support.gridgov import GridGov

H, G, D = Role.DEPARTMENT_HANDLER, Role.GRID_WORKER, Role.DISPATCHER
LIFE: list[tuple[str, Role, str, dict[str, str], str]] = [
    ("return", H, STREET_URBAN, {"why": "不归我们管", "lead_unit": COUNTY_URBAN}, "pending"),
    ("assign", D, STREET, {"lead_unit": COUNTY_URBAN}, "assigned"),
    ("accept", H, COUNTY_URBAN, {}, "accepted"),
    ("start", H, COUNTY_URBAN, {}, "in_progress"),
    ("resolve", H, COUNTY_URBAN, {"result": "井盖已更换"}, "resolved"),
    ("rework", G, COMMUNITY, {"why": "仍松动"}, "in_progress"),
    ("resolve", H, COUNTY_URBAN, {"result": "已紧固"}, "resolved"),
    ("verify", G, COMMUNITY, {}, "verified"),
    ("close", D, STREET, {}, "closed"),
]


async def opened(platform: GridGov, key: str) -> dict[str, Any]:
    return await platform.work_order(await platform.reported("星湖社区井盖", key))


async def test_a_whole_life_with_rework(platform: GridGov) -> None:
    order = await opened(platform, "life")
    for action, role, unit, body, state in LIFE:
        answer = await platform.act(order, action, role, unit, **body)
        assert answer.status_code == 200, answer.text
        version = order["version"] + 1
        order = answer.json()
        assert (order["state"], order["version"], answer.headers["etag"]) == (state, version, f'"{version}"')
        assert await platform.get("dispatch", f"/work-orders/{order['id']}") == order
    assert (order["returns"], order["reworks"], order["result"]) == (1, 1, "已紧固")
    assert order["resolved_by"] == f"department_handler@{COUNTY_URBAN}"
    assert (order["light"], order["due_at"], order["possible"]) == ("none", None, [])
    assert order["closed_at"] == "2026-11-18T02:00:00Z"
    entries = (await platform.get("dispatch", f"/work-orders/{order['id']}/trail"))["entries"]
    assert [entry["action"] for entry in entries] == ["open", *(step[0] for step in LIFE)]
    assert [entry["by"] for entry in entries] == ["routing", *(f"{step[1]}@{step[2]}" for step in LIFE)]
    assert entries[1]["what"]["suggested"] == COUNTY_URBAN
    assert [entry["why"] for entry in entries if entry["why"]] == ["不归我们管", "仍松动"]
    assert await platform.trail_violations() == []


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
async def test_an_action_is_on_the_work_order_as_it_was_read(platform: GridGov, if_match, status, code) -> None:
    order = await opened(platform, "if-match")
    headers = platform.caller(H, STREET_URBAN)
    if if_match is not None:
        headers["if-match"] = if_match
    before = await platform.rows()
    answer = await platform.clients["dispatch"].post(f"/work-orders/{order['id']}/accept", json={}, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    if status == 412:
        assert problem["data"] == {"version": 1, "state": "assigned"}
    assert await platform.rows() == before


REFUSALS: list[Any] = [
    ("start", H, STREET_URBAN, {}, 409, "work_order_action_not_possible"),
    ("open", D, STREET, {}, 409, "work_order_action_not_possible"),
    ("assign", D, STREET, {}, 422, "lead_unit_required"),
    ("assign", D, STREET, {"lead_unit": "A7-X"}, 422, "unit_unknown"),
    ("assign", D, STREET, {"lead_unit": "a b"}, 422, "validation"),
    ("assign", D, ELSEWHERE, {"lead_unit": COUNTY_URBAN}, 404, "work_order_not_found"),
    ("assign", H, STREET_URBAN, {"lead_unit": COUNTY_URBAN}, 403, "not_competent"),
    ("assign", Role.RESIDENT, COMMUNITY, {"lead_unit": COUNTY_URBAN}, 403, "role_not_permitted"),
    ("return", H, STREET_URBAN, {}, 422, "why_required"),
    ("return", H, STREET_URBAN, {"why": "  "}, 422, "validation"),
    ("accept", H, COUNTY_URBAN, {}, 404, "work_order_not_found"),
    ("accept", D, STREET, {}, 403, "not_competent"),
    ("accept", H, STREET_URBAN, {"state": "closed"}, 422, "validation"),
    ("explode", H, STREET_URBAN, {}, 422, "validation"),
]


@pytest.mark.parametrize(
    "action, role, unit, body, status, code", REFUSALS, ids=[f"{r[0]} by {r[1]} of {r[2]}: {r[5]}" for r in REFUSALS]
)
async def test_what_is_refused_says_why_and_changes_nothing(
    platform: GridGov, action, role, unit, body, status, code
) -> None:
    order = await opened(platform, "refused")
    before = await platform.rows()
    answer = await platform.act(order, action, role, unit, **body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert problem["title_zh"]
    assert problem["title_en"]
    if status == 409:
        assert problem["data"]["possible"] == ["assign", "accept", "return"]
    assert await platform.rows() == before


async def test_a_work_order_that_is_not_there_or_not_ones_own_looks_the_same(platform: GridGov) -> None:
    order = await opened(platform, "unseen")
    dispatch, headers = platform.clients["dispatch"], platform.caller(H, COUNTY_URBAN)
    answers = [
        await dispatch.get(path, headers=headers)
        for one in (order["id"], new_id())
        for path in (f"/work-orders/{one}", f"/work-orders/{one}/trail")
    ]
    problems = [{k: v for k, v in answer.json().items() if k != "correlation_id"} for answer in answers]
    assert {answer.status_code for answer in answers} == {404}
    assert all(problem == problems[0] for problem in problems)


async def test_nobody_verifies_their_own_work(platform: GridGov) -> None:
    order = await opened(platform, "own-work")
    for action, body in (("accept", {}), ("start", {}), ("resolve", {"result": "已更换"})):
        order = (await platform.act(order, action, G, STREET, subject="老王", **body)).json()
    own = await platform.act(order, "verify", G, STREET, subject="老王")
    assert (own.status_code, own.json()["code"]) == (403, "own_work")
    assert (await platform.act(order, "verify", G, STREET, subject="小李")).status_code == 200


async def test_of_ten_at_once_one_wins_and_the_others_are_told(platform: GridGov) -> None:
    order = await opened(platform, "race")
    answers = await asyncio.gather(
        *(platform.act(order, "accept", Role.LEADER, STREET_URBAN, subject=f"leader-{n}") for n in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    assert all(a.json()["code"] == "version_mismatch" for a in answers if a.status_code == 412)
    assert (await platform.get("dispatch", f"/work-orders/{order['id']}"))["version"] == 2
