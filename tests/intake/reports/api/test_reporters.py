"""The reporter behind a report: masked, unmasked for a reason, unreadable without the key; and residents' own trails."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.support.city import COMMUNITY, STREET
from tests.support.gridgov import GridGov

REPORTER = {"name": "王小明", "phone": "13800001234"}


async def reveal(platform: GridGov, report: str) -> Any:
    return await platform.clients["intake"].post(
        f"/reports/{report}/reporter",
        json={"why": "回访"},
        headers=platform.caller(Role.INTAKE_CLERK, STREET),
    )


async def test_who_unmasked_the_reporter_can_triage_with_the_etag_that_came_with_it(platform: GridGov) -> None:
    report = await platform.reported("说不清是什么事", "unmask", role=Role.SERVICE, unit=STREET, reporter=REPORTER)
    unmasked = await reveal(platform, report)
    assert unmasked.json() == {**REPORTER, "anonymous": False, "unreadable": False}
    triaged = await platform.clients["intake"].post(
        f"/reports/{report}/triage",
        json={"decision": "triage", "unit": COMMUNITY, "category": "民政"},
        headers={**platform.caller(Role.INTAKE_CLERK, STREET), "if-match": unmasked.headers["etag"]},
    )
    assert triaged.status_code == 200, triaged.text
    read = await platform.clients["intake"].get(f"/reports/{report}", headers=platform.caller(Role.ADMIN))
    assert read.headers["etag"] == triaged.headers["etag"]


async def test_a_reporter_whose_key_is_missing_takes_no_other_report_with_it(own_platform: GridGov) -> None:
    lost = await own_platform.reported("井盖", "lost", role=Role.SERVICE, unit=STREET, reporter=REPORTER)
    seal = own_platform.services["intake"].api.state.intake.seal
    sealed_with = seal._cipher._keys.copy()
    seal._cipher._keys.clear()
    directory, seal._cipher._directory = seal._cipher._directory, seal._cipher._directory / "nowhere"
    fine = await own_platform.reported("井盖", "fine", role=Role.SERVICE, unit=STREET)
    page = await own_platform.get("intake", "/reports")
    shown = {item["id"]: item["reporter"] for item in page["items"]}
    unreadable = {"name": None, "phone": None, "anonymous": False, "unreadable": True}
    assert shown == {lost: unreadable, fine: None}
    assert (await own_platform.get("intake", f"/reports/{lost}"))["reporter"] == unreadable
    refused = await reveal(own_platform, lost)
    assert (refused.status_code, refused.json()["code"]) == (503, "reporter_unreadable")
    counted = own_platform.metrics.registry.get_sample_value("gridgov_reporters_unreadable_total")
    assert counted == 3
    seal._cipher._keys.update(sealed_with)
    seal._cipher._directory = directory
    assert (await reveal(own_platform, lost)).json()["name"] == "王小明"


@pytest.fixture
def resident(platform: GridGov) -> dict[str, str]:
    return platform.caller(Role.RESIDENT, COMMUNITY, subject="resident-1")


async def test_a_resident_reads_their_own_trail_in_plain_words(platform: GridGov, resident: dict[str, str]) -> None:
    sent = await platform.clients["intake"].post(
        "/reports",
        json={"text": "星湖社区井盖坏了", "channel": "resident"},
        headers={**resident, "idempotency-key": "own-trail"},
    )
    await platform.drain()
    path = f"/reports/{sent.json()['id']}/trail"
    told = (await platform.clients["intake"].get(path, headers=resident)).json()
    assert [step["zh"] for step in told["told"]] == [
        "您的反映已收到。",
        "已核对，正在安排办理。",
        "已交由责任单位办理。",
    ]
    text = str(told)
    assert not any(inner in text for inner in ("triage", "dispatch", "hash", COMMUNITY, "model"))
    staff = await platform.clients["intake"].get(path, headers=platform.caller(Role.ADMIN))
    assert "entries" in staff.json()
