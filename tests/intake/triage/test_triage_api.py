"""A person's triage over HTTP: what comes back, what is needed, what is refused."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.city import COMMUNITY, ELSEWHERE, STREET

TRIAGE = {"decision": "triage", "unit": COMMUNITY, "category": "民政", "why": "打过电话"}


async def waiting(intake: Intake, key: str, **more: Any) -> str:
    return await intake.reported("说不清是什么事", key, role=Role.SERVICE, unit=STREET, **more)


async def test_a_decision_answers_with_the_report_as_it_is_now(intake: Intake) -> None:
    report = await waiting(intake, "decided")
    answer = await intake.post(f"/reports/{report}/triage", TRIAGE, version=2)
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"3"'
    shown = answer.json()
    assert (shown["status"], shown["unit"], shown["category"], shown["version"]) == ("triaged", COMMUNITY, "民政", 3)
    assert (shown["place_method"], shown["place_confidence"], shown["category_model"]) == ("person", 1.0, None)
    assert shown["review_reasons"] == []
    assert await intake.get(f"/reports/{report}") == shown


async def test_a_rejection_needs_a_reason_and_ends_it(intake: Intake) -> None:
    report = await waiting(intake, "rejected")
    path = f"/reports/{report}/triage"
    assert (await intake.post(path, {"decision": "reject"}, version=2)).status_code == 422
    rejected = await intake.post(path, {"decision": "reject", "why": "请向省公路局反映"}, version=2)
    assert (rejected.status_code, rejected.json()["status"]) == (200, "rejected")
    again = await intake.post(path, TRIAGE, version=3)
    assert (again.status_code, again.json()["code"]) == (409, "report_action_not_possible")
    assert again.json()["data"] == {"state": "rejected", "action": "triage", "possible": []}


@pytest.mark.parametrize(
    "body, missing",
    [({"unit": COMMUNITY}, "单位和类别"), ({"category": "民政"}, "单位和类别"), ({"decision": "reject"}, "原因")],
)
async def test_an_incomplete_decision_says_what_is_missing(intake: Intake, body, missing) -> None:
    report = await waiting(intake, "incomplete")
    answer = await intake.post(f"/reports/{report}/triage", body, version=2)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, missing in error["zh"]) == (422, True), error


@pytest.mark.parametrize(
    "version, status, code",
    [
        (None, 428, "if_match_required"),
        (1, 412, "version_mismatch"),
        (9, 412, "version_mismatch"),
        ("2", 422, "if_match_invalid"),
        ('"0"', 422, "if_match_invalid"),
        ("*", 422, "if_match_invalid"),
    ],
)
async def test_a_decision_is_about_the_report_as_it_was_read(intake: Intake, version, status, code) -> None:
    report = await waiting(intake, "versions")
    before = await intake.counts()
    answer = await intake.post(f"/reports/{report}/triage", TRIAGE, version=version)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await intake.counts() == before


@pytest.mark.parametrize(
    "body, role, unit, status, code",
    [
        ({**TRIAGE, "unit": "A7-QT-99"}, Role.INTAKE_CLERK, STREET, 422, "area_unknown"),
        ({**TRIAGE, "unit": "A7-D-CJ"}, Role.INTAKE_CLERK, STREET, 422, "area_unknown"),
        ({**TRIAGE, "category": "天文"}, Role.INTAKE_CLERK, STREET, 422, "category_unknown"),
        ({**TRIAGE, "unit": ELSEWHERE}, Role.INTAKE_CLERK, STREET, 403, "outside_reach"),
        (TRIAGE, Role.INTAKE_CLERK, ELSEWHERE, 404, "report_not_found"),
        (TRIAGE, Role.GRID_WORKER, STREET, 403, "role_not_permitted"),
        ({"decision": "triage"}, Role.INTAKE_CLERK, STREET, 422, "validation"),
        ({**TRIAGE, "status": "closed"}, Role.INTAKE_CLERK, STREET, 422, "validation"),
    ],
)
async def test_what_is_refused_changes_nothing(intake: Intake, body, role, unit, status, code) -> None:
    report = await waiting(intake, "refused")
    before = await intake.counts()
    answer = await intake.post(f"/reports/{report}/triage", body, role=role, unit=unit, version=2)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await intake.counts() == before
