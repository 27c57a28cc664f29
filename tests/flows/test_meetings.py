"""A joint meeting resolves, its resolution is one work order however often it is told, and the meeting shows its end."""

from typing import Any

import pytest

from gridgov.embedded.app import by_first_segment
from gridgov.embedded.demo_orders import DemoOrders
from services.registry.demo.gatherings import TOPICS
from shared.auth.principal import Role
from tests.support.city import COMMUNITY, STREET, STREET_URBAN
from tests.support.gridgov import GridGov

pytestmark = pytest.mark.anyio

H, G, D = Role.DEPARTMENT_HANDLER, Role.GRID_WORKER, Role.DISPATCHER
CALL = {
    "unit": STREET, "title": "冬季消防联席会议", "starts_at": "2026-11-17T09:00:00+08:00", "place": "三楼会议室",
    "agenda": ["部署冬防"], "invited": [COMMUNITY, STREET_URBAN],
}  # fmt: skip
RECORD = {
    "attendance": [{"unit": COMMUNITY, "person": "李红"}], "minutes": "会议决定……",
    "resolutions": [
        {"text": "清理楼道杂物", "lead_unit": STREET_URBAN, "assisting": "派出所", "deadline": "2026-12-15"},
        {"text": "入户排查", "lead_unit": COMMUNITY, "deadline": "2026-12-01"},
    ],
}  # fmt: skip


async def registry(platform: GridGov, method: str, path: str, body: Any, version: int = 1) -> Any:
    headers = platform.caller(Role.LEADER, STREET) | {"if-match": f'"{version}"'}
    answer = await platform.clients["registry"].request(method, path, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    await platform.drain()
    return answer.json()


async def test_a_resolution_becomes_one_work_order_and_the_meeting_shows_it_to_the_end(platform: GridGov) -> None:
    meeting = await registry(platform, "POST", "/meetings", CALL)
    path = f"/meetings/{meeting['id']}"
    await registry(platform, "PUT", f"{path}/record", RECORD)
    assert (await platform.get("dispatch", "/work-orders"))["items"] == []  # nothing before the approval
    await registry(platform, "POST", f"{path}/approve", {}, 2)
    shown = await platform.get("registry", path, role=Role.LEADER, unit=STREET)
    first, second = (one["work_order"] for one in shown["resolutions"])
    assert (first["state"], first["lead_unit"], first["due_at"]) == ("assigned", STREET_URBAN, "2026-12-15T16:00:00Z")
    assert second["lead_unit"] == COMMUNITY
    order = await platform.get("dispatch", f"/work-orders/{first['id']}")
    number = shown["resolutions"][0]["number"]
    assert (order["number"], order["sources"][0]["number"]) == (f"GD-{number}", number)
    assert order["title"] == "清理楼道杂物" and shown["number"] in order["text"]
    assert (order["tier"], order["function_held"]) == ("joint_meeting", True)
    for action, role, unit, body in (
        ("accept", H, STREET_URBAN, {}),
        ("start", H, STREET_URBAN, {}),
        ("resolve", H, STREET_URBAN, {"result": "已清理"}),
        ("verify", G, STREET, {}),
        ("close", D, STREET, {}),
    ):
        answer = await platform.act(order, action, role, unit, **body)
        assert answer.status_code == 200, (action, answer.text)
        order = answer.json()
    await platform.drain()
    after = await platform.get("registry", path, role=Role.LEADER, unit=STREET)
    states = [(one["work_order"]["state"], one["work_order"]["result"]) for one in after["resolutions"]]
    assert states == [("closed", "已清理"), ("assigned", None)]
    listed = (await platform.get("registry", "/meetings", resolution_id=shown["resolutions"][1]["id"]))["items"]
    assert [(one["resolutions"], one["closed"]) for one in listed] == [(2, 1)]
    assert len((await platform.get("dispatch", "/work-orders"))["items"]) == 2
    assert await platform.trail_violations() == []


async def test_what_the_demo_resolved_is_seen_to_and_nothing_else(platform: GridGov) -> None:
    (_, title, (done, *_)) = TOPICS[0]
    resolutions = [{**RECORD["resolutions"][0], "text": done.text}, RECORD["resolutions"][1]]
    meeting = await registry(platform, "POST", "/meetings", CALL | {"title": title})
    path = f"/meetings/{meeting['id']}"
    await registry(platform, "PUT", f"{path}/record", RECORD | {"resolutions": resolutions})
    await registry(platform, "POST", f"{path}/approve", {}, 2)
    site = by_first_segment({name: one.api for name, one in platform.services.items()}, platform.services["intake"].api)
    demo, rounds = DemoOrders(site, platform.issuer), 0
    while await demo.some_left():
        await platform.drain()
        rounds += 1
    assert rounds == 1
    shown = await platform.get("registry", path, role=Role.LEADER, unit=STREET)
    orders = [one["work_order"] for one in shown["resolutions"]]
    assert [(order["state"], order["result"]) for order in orders] == [("closed", done.result), ("assigned", None)]
