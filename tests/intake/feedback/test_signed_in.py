"""The same for those who have signed in: a resident about their own report, a clerk for somebody who was asked."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from services.intake.feedback.table import ratings
from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.intake.feedback.conftest import Resident
from tests.support.city import ELSEWHERE, GRID, STREET

pytestmark = pytest.mark.anyio
GOOD = {"contacted": True, "solved": "solved", "satisfied": "satisfied"}
ASKED = {"channel": "phone", "evidence": "录音 2026-0017"}


async def closed(
    intake: Intake, *, role: Role = Role.RESIDENT, unit: str = STREET, subject: str = "li.lei"
) -> dict[str, Any]:
    """The receipt of a report that is closed by now."""
    answer = await intake.client.post(
        "/reports",
        json={"text": "路边井盖不见了", "reporter": {"phone": "13812345678"}},
        headers={**intake.caller(role, unit, subject), "idempotency-key": "k"},
    )
    assert answer.status_code == 201, answer.text
    resident = Resident(intake, answer.json()["number"])
    await resident.closed()
    return dict(answer.json())


async def say(
    intake: Intake, receipt: dict[str, Any], what: str, *, role: Role, unit: str = STREET, subject: str = "li.lei",
    version: int | None = None, **body: Any,
) -> httpx2.Response:  # fmt: skip
    if version is None:
        version = (await intake.report(UUID(receipt["id"]))).version
    headers = {**intake.caller(role, unit, subject), "if-match": f'"{version}"'}
    return await intake.client.post(f"/reports/{receipt['id']}/{what}", json=body, headers=headers)


async def test_a_resident_rates_and_reopens_their_own(intake: Intake) -> None:
    receipt = await closed(intake)
    rated = await say(intake, receipt, "rating", role=Role.RESIDENT, **GOOD)
    assert rated.status_code == 200, rated.text
    assert rated.json()["told"][-1]["who"]["en"] == "you"
    (row,) = await intake.content(ratings)
    assert (row["channel"], row["rated_by"], row["evidence"]) == ("account", "li.lei", None)
    opened = await say(intake, receipt, "reopening", role=Role.RESIDENT, why="又坏了")
    assert opened.json()["status"] == "reopened"
    assert opened.headers["etag"] == f'"{(await intake.report(UUID(receipt["id"]))).version}"'


async def test_somebody_elses_is_not_to_be_seen(intake: Intake) -> None:
    receipt = await closed(intake)
    for what, body in (("rating", GOOD), ("reopening", {"why": "x"})):
        answer = await say(intake, receipt, what, role=Role.RESIDENT, subject="han.mei", **body)
        assert (answer.status_code, answer.json()["code"]) == (404, "report_not_found")
        answer = await say(intake, receipt, what, role=Role.INTAKE_CLERK, unit=ELSEWHERE, subject="wu", **body, **ASKED)
        assert (answer.status_code, answer.json()["code"]) == (404, "report_not_found")


async def test_a_clerk_writes_down_how_the_reporter_was_asked_and_what_shows_it(intake: Intake) -> None:
    receipt = await closed(intake)
    for missing in ({}, {"channel": "phone"}, {"evidence": "录音"}):
        answer = await say(intake, receipt, "rating", role=Role.INTAKE_CLERK, subject="wang.fang", **GOOD, **missing)
        assert (answer.status_code, answer.json()["code"]) == (422, "call_back_incomplete")
    rated = await say(intake, receipt, "rating", role=Role.INTAKE_CLERK, subject="wang.fang", **GOOD, **ASKED)
    assert rated.status_code == 200, rated.text
    (row,) = await intake.content(ratings)
    assert (row["channel"], row["evidence"], row["rated_by"]) == ("phone", "录音 2026-0017", "wang.fang")
    opened = await say(intake, receipt, "reopening", role=Role.INTAKE_CLERK, subject="wang.fang", why="又坏了", **ASKED)
    assert opened.json()["told"][-1]["who"]["en"] == "street staff"
    assert "wang" not in opened.text
    assert (await intake.trail(UUID(receipt["id"])))[-1]["what"]["evidence"] == "录音 2026-0017"


async def test_who_saw_an_older_version_is_told_so(intake: Intake) -> None:
    receipt = await closed(intake)
    answer = await say(intake, receipt, "rating", role=Role.RESIDENT, version=1, **GOOD)
    assert (answer.status_code, answer.json()["code"]) == (412, "version_mismatch")


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.DISPATCHER, Role.DEPARTMENT_HANDLER])
async def test_who_does_the_work_does_not_rate_it(intake: Intake, role: Role) -> None:
    receipt = await closed(intake)
    answer = await say(intake, receipt, "rating", role=role, **GOOD, **ASKED)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")


@pytest.mark.parametrize("role, unit", [(Role.RESIDENT, STREET), (Role.INTAKE_CLERK, STREET), (Role.GRID_WORKER, GRID)])
async def test_where_a_reporter_is_named_the_receipt_has_a_code_to_hand_over(
    intake: Intake, role: Role, unit: str
) -> None:
    receipt = await closed(intake, role=role, unit=unit, subject="somebody")
    follow = receipt["follow"]
    assert set(follow) == {"secret", "link"}
    seen = await Resident(intake, receipt["number"], follow["secret"]).seen()
    assert seen["status"] == "closed"
    again = await intake.client.post(
        "/reports",
        json={"text": "路边井盖不见了", "reporter": {"phone": "13812345678"}},
        headers={**intake.caller(role, unit, "somebody"), "idempotency-key": "k"},
    )
    assert again.json()["follow"] == follow


async def test_where_nobody_is_named_there_is_nothing_to_hand_over(intake: Intake) -> None:
    assert (await intake.send("路边井盖不见了", "k")).json()["follow"] is None


async def test_progress_shows_whoever_may_see_the_report_what_its_reporter_is_told(intake: Intake) -> None:
    receipt = await closed(intake)
    for role, unit in ((Role.RESIDENT, STREET), (Role.INTAKE_CLERK, STREET)):
        answer = await intake.client.get(
            f"/reports/{receipt['id']}/progress", headers=intake.caller(role, unit, "li.lei")
        )
        assert (answer.status_code, answer.json()["result"]) == (200, "已安装新井盖。")
        assert answer.headers["etag"]
