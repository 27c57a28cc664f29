"""A report that is corrected moves its work order; one that is opened again brings it back. And there is one light."""

from datetime import datetime, timedelta
from typing import Any

from shared.auth.principal import Role
from shared.limits import Light
from tests.conftest import NOON
from tests.support.city import CIVIL, COMMUNITY, STREET, STREET_URBAN
from tests.support.gridgov import GridGov

RESIDENT = (Role.RESIDENT, STREET)


async def opened(platform: GridGov, key: str) -> tuple[str, dict[str, Any]]:
    answer = await platform.report("星湖社区井盖坏了", key, role=Role.RESIDENT, unit=STREET, channel="resident")
    assert answer.status_code == 201, answer.text
    await platform.drain()
    report = str(answer.json()["id"])
    return report, await platform.work_order(report)


async def put(platform: GridGov, report: str, what: str, who: tuple[Role, str], **body: Any) -> None:
    """Change the report as it stands."""
    headers = platform.caller(*who)
    shown = await platform.clients["intake"].get(f"/reports/{report}", headers=headers)
    headers["if-match"] = shown.headers["etag"]
    answer = await platform.clients["intake"].post(f"/reports/{report}/{what}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    await platform.drain()


async def to_the_end(platform: GridGov, order: dict[str, Any]) -> None:
    for action, role, unit, body in (
        ("accept", Role.DEPARTMENT_HANDLER, STREET_URBAN, {}),
        ("start", Role.DEPARTMENT_HANDLER, STREET_URBAN, {}),
        ("resolve", Role.DEPARTMENT_HANDLER, STREET_URBAN, {"result": "已更换"}),
        ("verify", Role.GRID_WORKER, COMMUNITY, {}),
        ("close", Role.DISPATCHER, STREET, {}),
    ):
        answer = await platform.act(order, action, role, unit, **body)
        assert answer.status_code == 200, answer.text
        order = answer.json()
    await platform.drain()


async def clocks(platform: GridGov, order: dict[str, Any], state: str = "running") -> dict[str, dict[str, Any]]:
    found = (await platform.get("supervision", "/clocks", thing_id=order["id"], state=state))["items"]
    return {clock["name"]: clock for clock in found}


async def test_a_corrected_report_takes_its_work_order_to_who_is_competent(platform: GridGov) -> None:
    report, before = await opened(platform, "corrected")
    assert before["lead_unit"] == STREET_URBAN
    platform.clock.advance(timedelta(hours=1))
    await put(platform, report, "correction", (Role.INTAKE_CLERK, STREET), category="民政", why="问的是低保")
    after = await platform.work_order(report)
    assert (after["id"], after["lead_unit"], after["category"], after["state"]) == (
        before["id"], CIVIL, "民政", "assigned",
    )  # fmt: skip
    assert after["limits"]["resolve"]["started_at"] == before["limits"]["resolve"]["started_at"]
    running = await clocks(platform, after)
    assert {name: clock["unit"] for name, clock in running.items()} == {"accept": CIVIL, "resolve": CIVIL}
    for name, clock in running.items():
        assert clock["due_at"] == after["limits"][name]["due_at"]
    assert await platform.trail_violations() == []


async def test_a_report_that_is_opened_again_comes_back_to_the_same_unit(platform: GridGov) -> None:
    report, order = await opened(platform, "again")
    await to_the_end(platform, order)
    assert (await platform.get("intake", f"/reports/{report}"))["status"] == "closed"
    platform.clock.advance(timedelta(days=2))
    await put(platform, report, "reopening", RESIDENT, why="井盖又坏了")
    order = await platform.work_order(report)
    assert (order["state"], order["lead_unit"], order["reopened"]) == ("assigned", STREET_URBAN, 1)
    assert (await platform.get("intake", f"/reports/{report}"))["status"] == "dispatched"
    assert set(await clocks(platform, order)) == {"accept", "resolve"}
    await to_the_end(platform, order)
    assert (await platform.get("intake", f"/reports/{report}"))["status"] == "closed"
    assert await clocks(platform, order) == {}
    assert await platform.trail_violations() == []


async def test_inbox_and_supervision_show_one_light_by_working_time(platform: GridGov) -> None:
    """The inbox turned yellow by the wall clock, and supervision warned by working time: a weekend apart."""
    report, order = await opened(platform, "light")
    accept, resolve = (order["limits"][name] for name in ("accept", "resolve"))
    seen = set()
    for told in (accept["warn_at"], accept["due_at"], resolve["warn_at"], resolve["due_at"]):
        at = datetime.fromisoformat(told)
        for instant in (at - timedelta(seconds=1), at):
            platform.clock.set(instant)
            order = await platform.work_order(report)
            lights = [Light(clock["light"]) for clock in (await clocks(platform, order)).values()]
            worst = max(lights, key=list(Light).index)
            counts = await platform.get("dispatch", "/inbox/counts", text=order["number"])
            assert order["light"] == worst, instant
            assert counts["by_light"][worst] == 1
            seen.add(worst)
        if told == accept["due_at"]:
            done = await platform.act(order, "accept", Role.DEPARTMENT_HANDLER, STREET_URBAN)
            assert done.status_code == 200
            await platform.drain()
    assert seen == {Light.GREEN, Light.YELLOW, Light.RED}
    # Four fifths of five working days from Wednesday noon lie behind a weekend.
    assert datetime.fromisoformat(resolve["warn_at"]) == NOON + timedelta(days=6)
