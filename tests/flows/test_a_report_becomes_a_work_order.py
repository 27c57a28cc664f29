"""Post, drain, assert: from a resident's words to the duty of one unit with its clocks running."""

from typing import Any

import pytest

from shared.auth.principal import Role
from shared.events import topics
from tests.support.city import CIVIL, COMMUNITY, ENVIRONMENT, GRID, INSIDE, STREET, STREET_URBAN
from tests.support.gridgov import GridGov

TRIAGE = {"decision": "triage", "unit": COMMUNITY, "category": "民政"}
ON_BOTH_BUSES = [
    "platform",
    pytest.param("platform_on_kafka", marks=pytest.mark.kafka),
]


@pytest.fixture
def anywhere(request: pytest.FixtureRequest) -> GridGov:
    """The platform on the bus that the test names."""
    platform: GridGov = request.getfixturevalue(request.param)
    return platform


async def clocks(platform: GridGov, order: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = await platform.get("supervision", "/clocks", thing_id=order["id"])
    return {clock["name"]: clock for clock in found["items"]}


@pytest.mark.parametrize("anywhere", ON_BOTH_BUSES, indirect=True)
async def test_one_work_order_in_the_right_inbox_with_its_limits_and_running_clocks(anywhere: GridGov) -> None:
    report = await anywhere.reported("路边井盖不见了", "main", point=INSIDE)
    order = await anywhere.work_order(report)
    assert (order["place"]["area"], order["lead_unit"], order["state"]) == (GRID, STREET_URBAN, "assigned")
    due = {name: limit["due_at"] for name, limit in order["limits"].items()}
    assert due == {"accept": "2026-11-18T07:30:00Z", "resolve": "2026-11-25T02:00:00Z"}
    inbox = await anywhere.get("dispatch", "/inbox", role=Role.DEPARTMENT_HANDLER, unit=STREET_URBAN)
    assert [item["id"] for item in inbox["items"] if item["sources"][0]["id"] == report] == [order["id"]]
    running = await clocks(anywhere, order)
    assert set(running) == {"accept", "resolve"}
    for kind, clock in running.items():
        assert (clock["state"], clock["unit"], clock["area"], clock["level"]) == ("running", STREET_URBAN, GRID, "none")
        assert (clock["number"], clock["due_at"]) == (order["number"], due[kind])
    shown = await anywhere.get("intake", f"/reports/{report}")
    assert (shown["status"], shown["work_order"]) == ("dispatched", order["number"])
    assert await anywhere.trail_violations() == []


@pytest.mark.parametrize(
    "text, area, lead, state",
    [
        ("星湖社区井盖坏了", COMMUNITY, STREET_URBAN, "assigned"),
        ("泉塘街道油烟扰民", STREET, ENVIRONMENT, "assigned"),
        ("映霞社区办理低保", "A7-QT-02", CIVIL, "assigned"),
        ("柳湾街道井盖坏了", "A3-LW", None, "pending"),
        ("上源街道油烟扰民", "B1-SY", None, "pending"),
    ],
)
async def test_each_goes_to_who_is_competent_there(
    platform: GridGov, text: str, area: str, lead: str | None, state: str
) -> None:
    order = await platform.work_order(await platform.reported(text, f"competent-{area}"))
    assert (order["place"]["area"], order["lead_unit"], order["state"]) == (area, lead, state)
    # Nobody leads a pending one: its clocks are the area's, whose dispatcher must find somebody.
    running = await clocks(platform, order)
    assert {clock["unit"] for clock in running.values()} == {lead or area}


async def test_a_hundred_reports_make_a_hundred_work_orders(own_platform: GridGov) -> None:
    for n in range(100):
        assert (await own_platform.report(f"星湖社区井盖 {n}", f"many-{n}")).status_code == 201
    await own_platform.drain()
    content = await own_platform.content()
    reports, orders = content["intake.reports"], content["dispatch.work_orders"]
    assert sorted(order["source_id"] for order in orders) == sorted(report["id"] for report in reports)
    assert len(content["supervision.clocks"]) == 2 * len(orders) == 200
    assert {report["status"] for report in reports} == {"dispatched"}
    sent = [record for record in await own_platform.records(topics.REPORTS) if "submitted" in record.headers["ce_type"]]
    assert len({record.headers["ce_id"] for record in sent}) == len(sent) == 100
    assert await own_platform.trail_violations() == []


async def waiting(platform: GridGov, key: str) -> dict[str, Any]:
    report = await platform.reported("说不清在哪里的井盖", key)
    shown = await platform.get("intake", f"/reports/{report}")
    assert (shown["status"], shown["review_reasons"], shown["unit"]) == ("needs_review", ["place_unknown"], None)
    assert (await platform.get("dispatch", "/work-orders", report_id=report))["items"] == []
    return dict(shown)


async def decide(platform: GridGov, report: dict[str, Any], body: dict[str, Any]) -> None:
    answer = await platform.clients["intake"].post(
        f"/reports/{report['id']}/triage",
        json=body,
        headers={**platform.caller(Role.DISPATCHER, "A"), "if-match": f'"{report["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    await platform.drain()


async def test_an_unknown_place_waits_for_a_person_and_then_goes_on(platform: GridGov) -> None:
    report = await waiting(platform, "unknown")
    await decide(platform, report, TRIAGE)
    order = await platform.work_order(report["id"])
    assert (order["place"]["area"], order["category"], order["lead_unit"]) == (COMMUNITY, "民政", CIVIL)
    assert set(await clocks(platform, order)) == {"accept", "resolve"}
    entries = (await platform.get("intake", f"/reports/{report['id']}/trail"))["entries"]
    assert [entry["action"] for entry in entries] == ["submit", "ask_review", "triage", "dispatch"]


async def test_what_is_rejected_becomes_nobodys_duty(platform: GridGov) -> None:
    report = await waiting(platform, "rejected")
    await decide(platform, report, {"decision": "reject", "why": "属省管公路，请向省公路局反映"})
    assert (await platform.get("intake", f"/reports/{report['id']}"))["status"] == "rejected"
    assert (await platform.get("dispatch", "/work-orders", report_id=report["id"]))["items"] == []


async def test_a_report_sent_again_makes_no_second_work_order(platform: GridGov) -> None:
    report = await platform.reported("星湖社区井盖", "twice")
    before = await platform.content()
    assert await platform.reported("星湖社区井盖", "twice") == report
    assert await platform.content() == before
