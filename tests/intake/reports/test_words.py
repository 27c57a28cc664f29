"""Personal data in what was told: masked in every answer and event, whole for the writer, and for a reason on the trail."""

from uuid import UUID

import pytest

from shared.auth.principal import STAFF, Role
from tests.intake.conftest import Intake
from tests.support.city import COMMUNITY, ELSEWHERE, STREET

TEXT = "星湖社区井盖坏了，找13812345678，身份证11010519491231002X，订单号13912345678"
SHOWN = "星湖社区井盖坏了，找138********，身份证110***************，订单号13912345678"
TOLD = {"title": "速回138-1234-5678", "address": "星湖社区0731-88888888旁"}


async def told(intake: Intake, **more: object) -> str:
    return await intake.reported(TEXT, "k", **{"unit": STREET, **TOLD, **more})


@pytest.mark.parametrize("role", sorted(STAFF - {Role.SERVICE}))
async def test_lists_and_details_are_masked_for_all_staff(intake: Intake, role: Role) -> None:
    report = await told(intake)
    shown = await intake.get(f"/reports/{report}", role=role, unit=STREET)
    assert shown["text"] == SHOWN
    assert (shown["title"], shown["address"]) == ("速回138**********", "星湖社区073**********旁")
    (item,) = (await intake.get("/reports", role=role, unit=STREET))["items"]
    assert item == shown


async def test_who_wrote_it_reads_it_as_it_is(intake: Intake) -> None:
    report = await told(intake, role=Role.RESIDENT)
    assert (await intake.get(f"/reports/{report}", role=Role.RESIDENT, unit=STREET))["text"] == TEXT


async def test_events_carry_masked_words(intake: Intake) -> None:
    report = await told(intake)
    kind, value = (await intake.events())[-1]
    assert (kind, value["text"]) == ("gridgov.report.triaged.v1", SHOWN)
    body = {"category": "民政", "why": "住户13812345678说的"}
    assert (await intake.post(f"/reports/{report}/correction", body, version=2)).status_code == 200
    assert (await intake.events())[-1][1]["why"] == "住户138********说的"
    assert not any("13812345678" in str(value) or "88888888" in str(value) for _, value in await intake.events())


async def test_the_place_is_found_and_the_report_answered_from_the_whole_words(intake: Intake) -> None:
    assert (await intake.report(UUID(await told(intake)))).contents.text == TEXT


async def test_whole_words_are_read_for_a_reason_that_stays_on_the_trail(intake: Intake) -> None:
    report = await told(intake)
    path = f"/reports/{report}/words"
    assert (await intake.post(path, {})).status_code == 422
    assert (await intake.post(path, {"why": "回访"}, role=Role.GRID_WORKER)).status_code == 403
    assert (await intake.post(path, {"why": "回访"}, unit=ELSEWHERE)).status_code == 404
    answer = await intake.post(path, {"why": "回访"}, unit=COMMUNITY)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"3"')
    assert answer.json() == {"text": TEXT, **TOLD}
    entry = (await intake.trail(UUID(report)))[-1]
    assert (entry["action"], entry["why"]) == ("reveal_words", "回访")
    assert "138" not in str(entry)
