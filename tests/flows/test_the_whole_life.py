"""From the report to its end: it follows its work order, clocks stop in time or speak up once, every trail holds."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.auth.principal import Role
from shared.events import topics
from tests.support.city import COMMUNITY, COUNTY_URBAN, STREET, STREET_URBAN
from tests.support.gridgov import GridGov

H, G, D = Role.DEPARTMENT_HANDLER, Role.GRID_WORKER, Role.DISPATCHER
ACCEPT_DUE = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)
RESOLVE_DUE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


async def step(
    platform: GridGov, order: dict[str, Any], action: str, role: Role, unit: str, **body: str
) -> dict[str, Any]:
    answer = await platform.act(order, action, role, unit, **body)
    assert answer.status_code == 200, answer.text
    await platform.drain()
    return dict(answer.json())


async def clocks(platform: GridGov, order: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, state and level of the clocks of a work order, oldest first."""
    found = (await platform.get("supervision", "/clocks", thing_id=order["id"]))["items"]
    return sorted((clock["name"], clock["state"], clock["level"]) for clock in found)


async def steps_told(platform: GridGov, order: dict[str, Any]) -> list[tuple[str, str]]:
    """Type and limit of every step about a work order that supervision told the platform, in order."""
    return [
        (record.headers["ce_type"].split(".")[2], json.loads(record.value or b"{}")["name"])
        for record in await platform.records(topics.CLOCKS)
        if record.key == order["id"]
    ]


async def opened(platform: GridGov, key: str) -> dict[str, Any]:
    return await platform.work_order(await platform.reported("星湖社区井盖", key))


async def test_the_report_follows_its_work_order_to_the_end(platform: GridGov) -> None:
    order = await opened(platform, "life")
    expected = "dispatched"
    for action, role, unit, body, status in (
        ("return", H, STREET_URBAN, {"why": "不归我们管"}, "dispatched"),
        ("assign", D, STREET, {"lead_unit": COUNTY_URBAN}, "dispatched"),
        ("accept", H, COUNTY_URBAN, {}, "dispatched"),
        ("start", H, COUNTY_URBAN, {}, "dispatched"),
        ("resolve", H, COUNTY_URBAN, {"result": "已更换"}, "resolved"),
        ("rework", G, COMMUNITY, {"why": "仍松动"}, "dispatched"),
        ("resolve", H, COUNTY_URBAN, {"result": "已紧固"}, "resolved"),
        ("verify", G, COMMUNITY, {}, "resolved"),
        ("close", D, STREET, {}, "closed"),
    ):
        platform.clock.advance(timedelta(minutes=1))  # else two runs of a limit would begin at one instant
        order = await step(platform, order, action, role, unit, **body)
        expected = status
        report = await platform.get("intake", f"/reports/{order['sources'][0]['id']}")
        assert report["status"] == expected, action
    assert [(name, state) for name, state, _ in await clocks(platform, order)] == [
        ("accept", "fulfilled"),
        ("accept", "stopped"),
        ("accept", "stopped"),
        ("resolve", "fulfilled"),
    ]
    entries = (await platform.get("intake", f"/reports/{order['sources'][0]['id']}/trail"))["entries"]
    assert [entry["action"] for entry in entries] == [
        "submit", "triage", "dispatch", "resolve", "rework", "resolve", "close",
    ]  # fmt: skip
    assert await platform.trail_violations() == []
    platform.clock.set(RESOLVE_DUE + timedelta(days=30))
    assert (await platform.get("supervision", "/clocks", thing_id=order["id"], state="running"))["items"] == []


async def test_warning_and_reminder_are_given_once_each(own_platform: GridGov) -> None:
    platform = own_platform
    order = await opened(platform, "slow")
    assert await platform.watch() == 0
    # 80 % of four working hours: 3 h 12 min, at 14:42 in Shanghai.
    platform.clock.set(ACCEPT_DUE - timedelta(minutes=49))
    assert await platform.watch() == 0
    platform.clock.set(ACCEPT_DUE - timedelta(minutes=48))
    assert await platform.watch() == 1
    assert await clocks(platform, order) == [("accept", "running", "warned"), ("resolve", "running", "none")]
    platform.clock.set(ACCEPT_DUE)
    assert await platform.watch() == 1
    assert await platform.watch() == 0
    assert await clocks(platform, order) == [("accept", "running", "reminded"), ("resolve", "running", "none")]
    platform.clock.set(RESOLVE_DUE + timedelta(days=90))
    assert await platform.watch() == 2
    assert await platform.watch() == 0
    assert sorted(await steps_told(platform, order)) == [
        ("reminded", "accept"),
        ("reminded", "resolve"),
        ("warned", "accept"),
        ("warned", "resolve"),
    ]
    assert await platform.trail_violations() == []


@pytest.mark.parametrize("until", ["accept", "resolve"])
async def test_who_acts_in_time_is_not_reminded(platform: GridGov, until: str) -> None:
    order = await opened(platform, f"in-time-{until}")
    platform.clock.set(ACCEPT_DUE - timedelta(minutes=1))
    await platform.watch()
    order = await step(platform, order, "accept", H, STREET_URBAN)
    if until == "resolve":
        order = await step(platform, order, "start", H, STREET_URBAN)
        order = await step(platform, order, "resolve", H, STREET_URBAN, result="已更换")
    platform.clock.set(RESOLVE_DUE + timedelta(days=1))
    await platform.watch()
    told = await steps_told(platform, order)
    assert ("reminded", "accept") not in told
    assert (("reminded", "resolve") in told) == (until == "accept")


async def test_a_new_lead_gets_a_new_limit_to_accept_and_the_old_one_falls_silent(platform: GridGov) -> None:
    order = await opened(platform, "reassigned")
    platform.clock.set(ACCEPT_DUE - timedelta(minutes=1))
    order = await step(platform, order, "assign", D, STREET, lead_unit=COUNTY_URBAN)
    assert order["limits"]["resolve"]["due_at"] == "2026-11-25T02:00:00Z"
    platform.clock.set(ACCEPT_DUE + timedelta(hours=1))
    await platform.watch()
    assert ("reminded", "accept") not in await steps_told(platform, order)
    platform.clock.set(datetime.fromisoformat(order["limits"]["accept"]["due_at"]))
    await platform.watch()
    reminded = (await platform.get("supervision", "/clocks", unit=COUNTY_URBAN))["items"]
    assert {(c["name"], c["level"]) for c in reminded} >= {("accept", "reminded")}


async def test_what_is_overdue_is_counted_for_who_must_act(own_platform: GridGov) -> None:
    platform = own_platform
    for n in range(3):
        await opened(platform, f"overdue-{n}")
    platform.clock.set(ACCEPT_DUE)
    found = await platform.get("supervision", "/overdue", role=Role.SUPERVISOR, unit="A7")
    assert [(item["unit"], item["by_name"]) for item in found["items"]] == [(STREET_URBAN, {"accept": 3})]
