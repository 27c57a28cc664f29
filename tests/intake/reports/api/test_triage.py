"""A person's triage over HTTP, and unmasking a reporter: what comes back, what is needed, what the trail keeps."""

from typing import Any

import httpx2
import pytest

from shared.auth.principal import Role
from tests.support.city import COMMUNITY, ELSEWHERE, STREET
from tests.support.gridgov import GridGov

TRIAGE = {"decision": "triage", "unit": COMMUNITY, "category": "民政", "why": "打过电话"}
REPORTER = {"name": "王小明", "phone": "13812345678", "anonymous": False}


async def waiting(platform: GridGov, key: str, **more: Any) -> str:
    return await platform.reported("说不清是什么事", key, role=Role.SERVICE, unit=STREET, **more)


async def post(
    platform: GridGov,
    path: str,
    body: Any,
    *,
    role: Role = Role.INTAKE_CLERK,
    unit: str | None = STREET,
    version: int | str | None = None,
) -> httpx2.Response:
    headers = platform.caller(role, unit)
    if version is not None:
        headers["if-match"] = version if isinstance(version, str) else f'"{version}"'
    return await platform.clients["intake"].post(path, json=body, headers=headers)


async def test_a_decision_answers_with_the_report_as_it_is_now(platform: GridGov) -> None:
    report = await waiting(platform, "decided")
    answer = await post(platform, f"/reports/{report}/triage", TRIAGE, version=2)
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"3"'
    shown = answer.json()
    assert (shown["status"], shown["unit"], shown["category"], shown["version"]) == ("triaged", COMMUNITY, "民政", 3)
    assert (shown["place_method"], shown["place_confidence"], shown["category_model"]) == ("person", 1.0, None)
    assert shown["review_reasons"] == []
    assert await platform.get("intake", f"/reports/{report}") == shown


async def test_a_rejection_needs_a_reason_and_ends_it(platform: GridGov) -> None:
    report = await waiting(platform, "rejected")
    path = f"/reports/{report}/triage"
    assert (await post(platform, path, {"decision": "reject"}, version=2)).status_code == 422
    rejected = await post(platform, path, {"decision": "reject", "why": "请向省公路局反映"}, version=2)
    assert (rejected.status_code, rejected.json()["status"]) == (200, "rejected")
    again = await post(platform, path, TRIAGE, version=3)
    assert (again.status_code, again.json()["code"]) == (409, "report_action_not_possible")
    assert again.json()["data"] == {"state": "rejected", "action": "triage", "possible": []}


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
async def test_a_decision_is_about_the_report_as_it_was_read(platform: GridGov, version, status, code) -> None:
    report = await waiting(platform, "versions")
    before = await platform.rows()
    answer = await post(platform, f"/reports/{report}/triage", TRIAGE, version=version)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await platform.rows() == before


@pytest.mark.parametrize(
    "body, role, unit, status, code",
    [
        ({**TRIAGE, "unit": "A7-QT-99"}, Role.INTAKE_CLERK, STREET, 422, "unit_unknown"),
        ({**TRIAGE, "unit": "A7-D-CJ"}, Role.INTAKE_CLERK, STREET, 422, "unit_unknown"),
        ({**TRIAGE, "category": "天文"}, Role.INTAKE_CLERK, STREET, 422, "category_unknown"),
        ({**TRIAGE, "unit": ELSEWHERE}, Role.INTAKE_CLERK, STREET, 403, "outside_reach"),
        (TRIAGE, Role.INTAKE_CLERK, ELSEWHERE, 404, "report_not_found"),
        (TRIAGE, Role.GRID_WORKER, STREET, 403, "role_not_permitted"),
        ({"decision": "triage"}, Role.INTAKE_CLERK, STREET, 422, "validation"),
        ({**TRIAGE, "status": "closed"}, Role.INTAKE_CLERK, STREET, 422, "validation"),
    ],
)
async def test_what_is_refused_changes_nothing(platform: GridGov, body, role, unit, status, code) -> None:
    report = await waiting(platform, "refused")
    before = await platform.rows()
    answer = await post(platform, f"/reports/{report}/triage", body, role=role, unit=unit, version=2)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await platform.rows() == before


async def test_unmasking_shows_the_reporter_and_stays_on_the_trail(platform: GridGov) -> None:
    report = await waiting(platform, "unmask", reporter=REPORTER)
    path = f"/reports/{report}/reporter"
    assert (await post(platform, path, {})).status_code == 422
    assert (await post(platform, path, {"why": "回访"}, role=Role.SUPERVISOR)).status_code == 403
    assert (await post(platform, path, {"why": "回访"}, unit=ELSEWHERE)).status_code == 404
    answer = await post(platform, path, {"why": "回访"})
    assert (answer.status_code, answer.json()) == (200, {**REPORTER, "unreadable": False})
    entries = (await platform.get("intake", f"/reports/{report}/trail"))["entries"]
    assert [entry["action"] for entry in entries] == ["submit", "ask_review", "reveal_reporter"]
    assert (entries[-1]["by"], entries[-1]["why"]) == (f"intake_clerk@{STREET}", "回访")
    assert "王小明" not in str(entries)
    assert "13812345678" not in str(entries)
    shown = await platform.get("intake", f"/reports/{report}")
    assert shown["reporter"] == {"name": "王**", "phone": "138****5678", "anonymous": False, "unreadable": False}


async def test_an_anonymous_reporter_is_shown_to_nobody_but_who_must_ask(platform: GridGov) -> None:
    report = await waiting(platform, "anonymous", reporter={**REPORTER, "anonymous": True})
    shown = await platform.get("intake", f"/reports/{report}")
    assert shown["reporter"] == {"name": None, "phone": None, "anonymous": True, "unreadable": False}
    answer = await post(platform, f"/reports/{report}/reporter", {"why": "核实险情"})
    assert answer.json() == {**REPORTER, "anonymous": True, "unreadable": False}


async def test_a_report_without_a_reporter_says_so(platform: GridGov) -> None:
    report = await waiting(platform, "nobody")
    assert (await platform.get("intake", f"/reports/{report}"))["reporter"] is None
    before = await platform.rows()
    answer = await post(platform, f"/reports/{report}/reporter", {"why": "回访"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_reporter")
    assert await platform.rows() == before


async def test_names_and_phones_are_unreadable_in_the_database(platform: GridGov) -> None:
    report = await waiting(platform, "sealed", reporter=REPORTER)
    content = await platform.content()
    (row,) = [row for row in content["intake.reports"] if str(row["id"]) == report]
    assert row["reporter"]
    for secret in ("王小明", "13812345678"):
        assert secret.encode() not in row["reporter"]
        assert secret not in str(content)
