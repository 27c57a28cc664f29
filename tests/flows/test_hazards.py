"""A hazard and its work order: found at premises, put right at either end, re-inspected, and both closed by that alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gridgov.operations.invariants import hazards_agree_with_their_orders
from services.supervision.clocks.take_due_steps import take_due_steps
from shared.audit.evidence import Evidence
from shared.auth.principal import Role
from shared.bus.port import Message
from shared.bus.postgres.log import PostgresLog
from shared.db.unit_of_work import UnitOfWork
from shared.events.topics import HAZARDS, WORK_ORDERS
from tests.conftest import NOON
from tests.shared.files.pictures import picture
from tests.support.city import COMMUNITY, STREET
from tests.support.gridgov import GridGov
from tests.support.tus import uploaded

SAFETY, POLICE = f"{STREET}-D-AJ", f"{STREET}-D-PC"
INSPECTOR = (Role.GRID_WORKER, COMMUNITY)
OFFICE = (Role.DEPARTMENT_HANDLER, SAFETY)
LEADER = (Role.LEADER, STREET)


async def offices(platform: GridGov) -> None:
    """The street's safety office, which leads, and the police station; again changes nothing."""
    for code, name, function in ((SAFETY, "泉塘街道安监办", "fire_safety"), (POLICE, "泉塘派出所", "public_security")):
        body = {
            "kind": "department", "name": name, "parent": STREET, "valid_from": "2020-01-01",
            "functions": [function], "serves": [STREET],
        }  # fmt: skip
        made = await platform.clients["registry"].put(f"/units/{code}", json=body, headers=platform.caller(Role.ADMIN))
        assert made.status_code in (200, 201, 409), made.text
    await platform.drain()


async def found(platform: GridGov, key: str, **more: Any) -> dict[str, Any]:
    """A hazard that an inspector found at premises, after all that follows."""
    await offices(platform)
    place = {"name": f"{key}超市", "category": "shop", "unit": COMMUNITY, "address": "一路1号"}
    premises = await platform.clients["registry"].post("/premises", json=place, headers=platform.caller(Role.ADMIN))
    assert premises.status_code == 201, premises.text
    body = {"premises_id": premises.json()["id"], "item": "evacuation", "text": "安全出口堵塞", **more}
    headers = {**platform.caller(*INSPECTOR), "idempotency-key": key}
    for _ in range(2):  # sent twice, found once
        answer = await platform.clients["registry"].post("/hazards", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
    await platform.drain()
    return await read(platform, answer.json()["id"])


async def read(platform: GridGov, hazard_id: str) -> dict[str, Any]:
    return dict(await platform.get("registry", f"/hazards/{hazard_id}"))


async def order_of(platform: GridGov, hazard: dict[str, Any]) -> dict[str, Any]:
    (order,) = (await platform.get("dispatch", "/work-orders", number=f"GD-{hazard['number']}"))["items"]
    return dict(order)


async def act(platform: GridGov, hazard: dict[str, Any], action: str, who: tuple[Role, str], **body: Any) -> Any:
    """Do it, let all follow, and read the hazard anew."""
    headers = {**platform.caller(*who), "if-match": f'"{hazard["version"]}"'}
    answer = await platform.clients["registry"].post(f"/hazards/{hazard['id']}/{action}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    await platform.drain()
    return await read(platform, hazard["id"])


async def assert_agreed(platform: GridGov) -> None:
    """What the audit says of hazards and their work orders, and the trails of both."""
    engines = {name: service.database.engine for name, service in platform.services.items()}
    evidence = Evidence(engines, PostgresLog(""), platform.clock.now(), timedelta(0))
    assert [violation async for violation in hazards_agree_with_their_orders(evidence)] == []
    assert evidence.checked["hazards"] > 0
    assert await platform.trail_violations() == []


async def test_a_hazard_found_at_premises_is_resolved_by_the_unit_and_closed_by_its_reinspection(
    platform: GridGov,
) -> None:
    hazard = await found(platform, "one", rectify_by="2026-11-25")
    order = await order_of(platform, hazard)
    assert (order["lead_unit"], order["state"], order["category"]) == (SAFETY, "assigned", "消防安全")
    assert order["limits"]["resolve"]["due_at"] == hazard["limits"]["rectify"]["due_at"] == "2026-11-25T16:00:00Z"
    assert hazard["order_number"] == order["number"]
    clocks = (await platform.get("supervision", "/clocks", thing_id=hazard["id"]))["items"]
    assert [(clock["thing"], clock["name"], clock["state"]) for clock in clocks] == [("hazard", "rectify", "running")]
    for action, body in (("accept", {}), ("start", {}), ("resolve", {"result": "已清空"})):
        answer = await platform.act(order, action, *OFFICE, subject="经办人", **body)
        assert answer.status_code == 200, answer.text
        order = answer.json()
    await platform.drain()
    hazard = await read(platform, hazard["id"])
    assert (hazard["state"], hazard["result"], hazard["rectified_by"]) == ("awaiting_reinspection", "已清空", "经办人")
    refused = await platform.act(order, "verify", Role.GRID_WORKER, COMMUNITY)
    assert (refused.status_code, refused.json()["code"]) == (403, "work_order_of_hazard_reinspected")
    hazard = await act(platform, hazard, "fail", INSPECTOR, why="仍有杂物")
    assert ((await order_of(platform, hazard))["state"], hazard["state"]) == ("in_progress", "rectifying")
    await assert_agreed(platform)
    hazard = await act(platform, hazard, "submit", OFFICE, result="全部清空")
    assert (await order_of(platform, hazard))["state"] == "resolved"
    await assert_agreed(platform)
    hazard = await act(platform, hazard, "pass", INSPECTOR)
    order = await order_of(platform, hazard)
    assert (hazard["state"], order["state"], order["result"]) == ("rectified", "closed", "全部清空")
    assert not (await platform.get("supervision", "/clocks", thing_id=hazard["id"], state="running"))["items"]
    await assert_agreed(platform)


@pytest.mark.parametrize("at", ["registry", "dispatch"])
async def test_who_acts_in_time_at_one_of_both_is_not_reminded_of_the_other(own_platform: GridGov, at: str) -> None:
    """Also while the news lies in the one's outbox, and the other says that it has told all of its own."""
    platform = own_platform
    hazard = await found(platform, "in-time", rectify_by="2026-11-25")
    order = await order_of(platform, hazard)
    for action in ("accept", "start"):
        order = (await platform.act(order, action, *OFFICE)).json()
    platform.clock.set(datetime(2026, 11, 25, 15, tzinfo=UTC))
    assert await platform.watch() == 2, "both are warned"
    hazard = await read(platform, hazard["id"])
    if at == "dispatch":
        answer = await platform.act(order, "resolve", *OFFICE, result="已清空")
    else:
        headers = {**platform.caller(*OFFICE), "if-match": f'"{hazard["version"]}"'}
        path, body = f"/hazards/{hazard['id']}/submit", {"result": "已清空"}
        answer = await platform.clients["registry"].post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    platform.clock.advance(timedelta(days=1))
    other = platform.services["dispatch" if at == "registry" else "registry"]
    await other.relay.send_batch(tell=True)
    await asyncio.gather(*(consumer.drain() for consumer in platform.consumers))
    async with UnitOfWork(platform.services["supervision"].database) as uow:
        assert await take_due_steps(uow) == []
    assert await platform.watch() == 0
    assert (await read(platform, hazard["id"]))["state"] == "awaiting_reinspection"


async def test_a_hazard_past_its_deadline_is_overdue_once_transferred_and_rechecked(platform: GridGov) -> None:
    hazard = await found(platform, "late", rectify_by="2026-11-20")
    hazard = await act(platform, hazard, "ask-extension", OFFICE, until="2026-11-23", why="等材料")
    hazard = await act(platform, hazard, "grant-extension", LEADER, why="同意")
    order = await order_of(platform, hazard)
    assert order["limits"]["resolve"]["due_at"] == hazard["due_at"] == "2026-11-23T16:00:00Z"
    platform.clock.set(NOON + timedelta(days=7))
    assert await platform.watch() > 0
    hazard = await read(platform, hazard["id"])
    assert (hazard["state"], hazard["light"]) == ("overdue", "red")
    hazard = await act(platform, hazard, "transfer", LEADER, to=POLICE, why="逾期未改")
    recheck = hazard["limits"]["recheck"]
    assert (hazard["state"], recheck["unit"], recheck["limit"]) == ("transferred", POLICE, "168h")
    platform.clock.advance(timedelta(days=6))
    hazard = await act(platform, hazard, "recheck", (Role.DEPARTMENT_HANDLER, POLICE), why="仍未整改")
    assert hazard["limits"]["recheck"]["due_at"] > recheck["due_at"]
    await assert_agreed(platform)
    hazard = await act(platform, hazard, "submit", OFFICE, result="已改")
    hazard = await act(platform, hazard, "pass", (Role.DEPARTMENT_HANDLER, POLICE))
    assert (await order_of(platform, hazard))["state"] == "closed"
    await assert_agreed(platform)


async def test_what_was_fixed_on_the_spot_has_no_work_order(platform: GridGov) -> None:
    hazard = await found(platform, "spot", fixed_on_spot=True)
    assert (hazard["state"], hazard["order_number"]) == ("fixed_on_spot", None)
    assert (await platform.get("dispatch", "/work-orders", number=f"GD-{hazard['number']}"))["items"] == []


async def test_a_report_that_is_made_a_hazard_keeps_its_one_work_order(platform: GridGov) -> None:
    await offices(platform)
    intake, sender = platform.clients["intake"], platform.caller(Role.GRID_WORKER, STREET)
    photo = await uploaded(intake, sender, picture())
    report = await platform.reported(
        "星湖社区井盖旁楼道堆放杂物", "fire", role=Role.GRID_WORKER, unit=STREET, channel="grid_worker", photos=[photo]
    )
    before = await platform.work_order(report)
    headers = platform.caller(Role.INTAKE_CLERK, STREET)
    shown = await platform.clients["intake"].get(f"/reports/{report}", headers=headers)
    made = await platform.clients["intake"].post(
        f"/reports/{report}/hazard", json={"item": "evacuation", "rectify_by": "2026-11-25"},
        headers={**headers, "if-match": shown.headers["etag"]},
    )  # fmt: skip
    assert made.status_code == 200, made.text
    await platform.drain()
    hazard = await read(platform, made.json()["hazard_id"])
    order = await platform.work_order(report)
    assert (order["id"], [source["kind"] for source in order["sources"]]) == (before["id"], ["report", "hazard"])
    assert (hazard["source"]["id"], hazard["order_number"]) == (report, order["number"])
    for query in ({"number": hazard["number"]}, {"text": hazard["number"][-6:]}, {"hazard_id": hazard["id"]}):
        items = (await platform.get("dispatch", "/work-orders", **query))["items"]
        assert order["id"] in [one["id"] for one in items], query
    [linked] = hazard["report_photos"]
    handler = platform.caller(*OFFICE)
    for url in (linked["url"], linked["thumbnail_url"]):
        seen = await intake.get(url.removeprefix("/intake"), headers=handler)
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg"), (
            "its own scope would not show it"
        )
    assert (await intake.get(f"/files/{photo}", headers=handler)).status_code == 404
    assert (await intake.get(linked["url"].removeprefix("/intake"))).status_code == 401
    assert order["limits"]["resolve"]["due_at"] == hazard["due_at"]
    hazard = await act(platform, hazard, "submit", OFFICE, result="已清走")
    assert (await platform.get("intake", f"/reports/{report}"))["status"] == "resolved"
    hazard = await act(platform, hazard, "pass", INSPECTOR)
    assert (await platform.get("intake", f"/reports/{report}"))["status"] == "closed"
    await assert_agreed(platform)
    resident = platform.caller(Role.INTAKE_CLERK, STREET)
    shown = await platform.clients["intake"].get(f"/reports/{report}", headers=resident)
    again = await platform.clients["intake"].post(
        f"/reports/{report}/reopening", headers={**resident, "if-match": shown.headers["etag"]},
        json={"why": "又堆上了", "channel": "phone", "evidence": "录音 7"},
    )  # fmt: skip
    assert again.status_code == 200, again.text
    await platform.drain()
    hazard = await read(platform, hazard["id"])
    assert (hazard["state"], (await platform.work_order(report))["state"]) == ("rectifying", "assigned")
    await assert_agreed(platform)


async def content(platform: GridGov) -> dict[str, Any]:
    """All but how far supervision had come before it heard the newest of a thing."""
    return {name: rows for name, rows in (await platform.content()).items() if name != "supervision.things"}


async def test_told_twice_it_all_happens_once(platform: GridGov) -> None:
    """Everything that was ever sent comes again, to services that remember nothing of it."""
    hazard = await found(platform, "twice")
    hazard = await act(platform, hazard, "submit", OFFICE, result="已改")
    await act(platform, hazard, "fail", INSPECTOR, why="仍有")
    before = await content(platform)
    await platform.forget_what_was_taken()
    topics = [HAZARDS, WORK_ORDERS]
    again = await platform.records(*topics)
    producer = await platform.bus.producer("again")
    await producer.send([Message(one.topic, one.key, one.value, one.headers) for one in again])
    await platform.drain()
    assert await content(platform) == before
