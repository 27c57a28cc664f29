"""After triage a person puts area and category right: over HTTP, on the trail, and told to those who act on it."""

from typing import Any
from uuid import UUID

import pytest

from services.intake.reports.report import Category, Placing
from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.city import COMMUNITY, COUNTY_URBAN, ELSEWHERE, OTHER_COMMUNITY, STREET

WHY = "打过电话，是隔壁社区的事"


async def triaged(intake: Intake, key: str = "k", text: str = "星湖社区井盖不见了", **more: Any) -> str:
    return await intake.reported(text, key, **{"unit": STREET, **more})


async def test_a_correction_answers_with_the_report_as_it_is_now_and_is_told(intake: Intake) -> None:
    report = await triaged(intake)
    body = {"area": OTHER_COMMUNITY, "category": "民政", "why": WHY}
    answer = await intake.post(f"/reports/{report}/correction", body, version=2)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"3"')
    shown = answer.json()
    assert (shown["status"], shown["unit"], shown["category"]) == ("triaged", OTHER_COMMUNITY, "民政")
    stored = await intake.report(UUID(report))
    assert stored.place == Placing(OTHER_COMMUNITY, "person", 1.0)
    assert stored.category == Category("民政", 1.0, None)
    kind, value = (await intake.events())[-1]
    assert kind == "gridgov.report.corrected.v1"
    assert (value["report_id"], value["unit"], value["category"]) == (report, OTHER_COMMUNITY, "民政")
    assert (value["why"], value["by"], value["version"]) == (WHY, f"intake_clerk@{STREET}", 3)
    entry = (await intake.trail(UUID(report)))[-1]
    assert (entry["action"], entry["why"]) == ("correct", WHY)
    assert (entry["what"]["was"]["unit"], entry["what"]["was"]["category"]) == (COMMUNITY, "城乡建设")
    assert await intake.violations() == ()


async def test_what_is_left_out_stays_as_it_was_found(intake: Intake) -> None:
    report = await triaged(intake)
    before = await intake.report(UUID(report))
    only_what = {"category": "民政", "why": WHY}
    assert (await intake.post(f"/reports/{report}/correction", only_what, version=2)).status_code == 200
    after = await intake.report(UUID(report))
    assert (after.place, after.street) == (before.place, before.street)
    only_where = {"area": OTHER_COMMUNITY, "why": WHY}
    assert (await intake.post(f"/reports/{report}/correction", only_where, version=3)).status_code == 200
    assert (await intake.report(UUID(report))).category == after.category


async def test_a_report_that_moves_to_another_street_takes_the_street_along(intake: Intake) -> None:
    report = await triaged(intake)
    moved = {"area": ELSEWHERE, "why": WHY}
    answer = await intake.post(f"/reports/{report}/correction", moved, role=Role.DISPATCHER, unit="A", version=2)
    assert (answer.status_code, answer.json()["street"]) == (200, ELSEWHERE)


@pytest.mark.parametrize(
    "body, role, unit, status, code",
    [
        ({"area": COMMUNITY, "why": WHY}, Role.INTAKE_CLERK, STREET, 422, "report_nothing_to_correct"),
        ({"category": "城乡建设", "why": WHY}, Role.INTAKE_CLERK, STREET, 422, "report_nothing_to_correct"),
        ({"why": WHY}, Role.INTAKE_CLERK, STREET, 422, "validation"),
        ({"area": OTHER_COMMUNITY}, Role.INTAKE_CLERK, STREET, 422, "validation"),
        ({"area": "A7-QT-99", "why": WHY}, Role.INTAKE_CLERK, STREET, 422, "area_unknown"),
        ({"area": COUNTY_URBAN, "why": WHY}, Role.INTAKE_CLERK, STREET, 422, "area_unknown"),
        ({"category": "天文", "why": WHY}, Role.INTAKE_CLERK, STREET, 422, "category_unknown"),
        ({"area": ELSEWHERE, "why": WHY}, Role.INTAKE_CLERK, STREET, 403, "outside_reach"),
        ({"area": OTHER_COMMUNITY, "why": WHY}, Role.INTAKE_CLERK, ELSEWHERE, 404, "report_not_found"),
        ({"area": OTHER_COMMUNITY, "why": WHY}, Role.GRID_WORKER, STREET, 403, "role_not_permitted"),
    ],
)
async def test_what_is_refused_changes_nothing(intake: Intake, body, role, unit, status, code) -> None:
    report = await triaged(intake)
    before = await intake.counts()
    answer = await intake.post(f"/reports/{report}/correction", body, role=role, unit=unit, version=2)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await intake.counts() == before


async def test_who_only_sent_it_from_their_street_may_not_draw_it_there(intake: Intake) -> None:
    report = await triaged(intake, text="东塘社区井盖不见了")
    assert (await intake.get(f"/reports/{report}", role=Role.INTAKE_CLERK, unit=STREET))["unit"] == "A3-LW-01"
    answer = await intake.post(f"/reports/{report}/correction", {"area": COMMUNITY, "why": WHY}, version=2)
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_reach")


async def test_what_waits_for_a_person_is_triaged_not_corrected(intake: Intake) -> None:
    report = await triaged(intake, text="说不清是什么事")
    answer = await intake.post(f"/reports/{report}/correction", {"category": "民政", "why": WHY}, version=2)
    assert (answer.status_code, answer.json()["code"]) == (409, "report_action_not_possible")
