"""The reporter behind a report: masked, unmasked for a reason, unreadable without the key; and residents' own trails."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.intake.reports.table import reports
from services.intake.schema import tables
from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.city import COMMUNITY, ELSEWHERE, STREET

REPORTER = {"name": "王小明", "phone": "13812345678", "anonymous": False}
UNMASKED = {**REPORTER, "phone_told": "13812345678", "phone_unread": False, "unreadable": None}


async def waiting(intake: Intake, key: str, **more: Any) -> str:
    return await intake.reported("说不清是什么事", key, unit=STREET, **more)


async def test_who_unmasked_the_reporter_can_triage_with_the_etag_that_came_with_it(intake: Intake) -> None:
    report = await waiting(intake, "unmask", reporter=REPORTER)
    unmasked = await intake.post(f"/reports/{report}/reporter", {"why": "回访"})
    assert unmasked.headers["etag"] == '"3"'
    body = {"decision": "triage", "unit": COMMUNITY, "category": "民政"}
    triaged = await intake.post(f"/reports/{report}/triage", body, version=unmasked.headers["etag"])
    assert (triaged.status_code, triaged.headers["etag"]) == (200, '"4"')


async def test_who_looks_at_the_reporter_or_says_the_same_makes_nobody_elses_decision_stale(intake: Intake) -> None:
    report = await waiting(intake, "read", reporter=REPORTER)
    assert (await intake.post(f"/reports/{report}/reporter", {"why": "回访"}, role=Role.ADMIN)).status_code == 200
    headers = {**intake.caller(Role.INTAKE_CLERK, STREET), "idempotency-key": "same"}
    assert (await intake.client.post(f"/reports/{report}/joined", json={}, headers=headers)).status_code == 201
    body = {"decision": "triage", "unit": COMMUNITY, "category": "民政"}
    triaged = await intake.post(f"/reports/{report}/triage", body, version=2)
    assert (triaged.status_code, triaged.headers["etag"]) == (200, '"5"')
    correction = {"category": "环境保护", "why": "核对"}
    for version in (2, 3, 4, 6):
        stale = await intake.post(f"/reports/{report}/correction", correction, version=version)
        assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch"), version


async def test_a_reporter_whose_key_is_missing_takes_nothing_else_along(intake: Intake, tmp_path: Path) -> None:
    lost = await waiting(intake, "lost", reporter=REPORTER)
    (key,) = (tmp_path / "fields").iterdir()
    kept = key.rename(tmp_path / key.name)
    intake.service.api.state.intake.seal._cipher._keys.clear()  # as after a restart that found other keys
    fine = await waiting(intake, "fine")
    shown = {item["id"]: item["reporter"] for item in (await intake.get("/reports"))["items"]}
    assert shown[fine] is None
    assert shown[lost] == (await intake.get(f"/reports/{lost}"))["reporter"]
    assert (shown[lost]["name"], shown[lost]["phone"], shown[lost]["anonymous"]) == (None, None, None)
    assert all(key.name in words for words in shown[lost]["unreadable"].values())
    refused = await intake.post(f"/reports/{lost}/reporter", {"why": "回访"})
    assert (refused.status_code, refused.json()["code"]) == (503, "reporter_key_missing")
    assert [entry["action"] for entry in await intake.trail(UUID(lost))] == ["submit", "ask_review"], (
        "nobody saw anything"
    )
    kept.rename(key)
    assert (await intake.post(f"/reports/{lost}/reporter", {"why": "回访"})).json() == UNMASKED


async def test_a_damaged_reporter_is_told_apart_from_a_missing_key_and_counted(intake: Intake) -> None:
    lost = await waiting(intake, "damaged", reporter=REPORTER)
    async with intake.engine.begin() as connection:
        await connection.execute(sa.update(reports).values(reporter=reports.c.reporter.concat(b"x")))
    unreadable = (await intake.get(f"/reports/{lost}"))["reporter"]["unreadable"]
    assert "损坏" in unreadable["zh"]
    refused = await intake.post(f"/reports/{lost}/reporter", {"why": "回访"})
    assert (refused.status_code, refused.json()["code"]) == (503, "reporter_damaged")
    assert "gridgov_reporters_unreadable_total 2.0" in (await intake.client.get("/metrics")).text


async def test_a_resident_reads_their_own_trail_in_plain_words_without_anybodys_name(intake: Intake) -> None:
    sent = await intake.send("说不清", "own", role=Role.RESIDENT, unit=COMMUNITY, reporter=REPORTER)
    report, path = sent.json()["id"], f"/reports/{sent.json()['id']}/trail"
    await intake.triage_by_rule(UUID(report))
    await intake.post(f"/reports/{report}/reporter", {"why": "机密备注"})
    await intake.post(f"/reports/{report}/triage", {"decision": "reject", "why": "请向省公路局反映"}, version=3)
    whole = await intake.get(path, role=Role.RESIDENT, unit=COMMUNITY)
    assert [(step["who"]["zh"], step["why"]) for step in whole["told"]] == [
        ("您", None), ("系统", None), ("街道工作人员", None), ("街道工作人员", "请向省公路局反映"),
    ]  # fmt: skip
    inner = (COMMUNITY, STREET, "intake_clerk", "triage", "hash", "机密")
    assert not [word for word in inner if word in str(whole)]
    staff = await intake.get(path)
    assert staff["entries"][-1]["by"] == f"intake_clerk@{STREET}"


async def test_unmasking_shows_the_reporter_and_stays_on_the_trail(intake: Intake) -> None:
    report = await waiting(intake, "unmask", reporter=REPORTER)
    path = f"/reports/{report}/reporter"
    assert (await intake.post(path, {})).status_code == 422
    assert (await intake.post(path, {"why": "回访"}, role=Role.SUPERVISOR)).status_code == 403
    assert (await intake.post(path, {"why": "回访"}, unit=ELSEWHERE)).status_code == 404
    answer = await intake.post(path, {"why": "回访"})
    assert (answer.status_code, answer.json()) == (200, UNMASKED)
    entries = (await intake.get(f"/reports/{report}/trail"))["entries"]
    assert [entry["action"] for entry in entries] == ["submit", "ask_review", "reveal_reporter"]
    assert (entries[-1]["by"], entries[-1]["why"]) == (f"intake_clerk@{STREET}", "回访")
    assert "王小明" not in str(entries)
    assert "13812345678" not in str(entries)
    shown = await intake.get(f"/reports/{report}")
    assert shown["reporter"] == {
        "name": "王**",
        "phone": "138****5678",
        "phone_told": None,
        "phone_unread": False,
        "anonymous": False,
        "unreadable": None,
    }


async def test_an_anonymous_reporter_is_shown_to_nobody_but_who_must_ask(intake: Intake) -> None:
    report = await waiting(intake, "anonymous", reporter={**REPORTER, "anonymous": True})
    shown = await intake.get(f"/reports/{report}")
    assert shown["reporter"] == {
        "name": None,
        "phone": None,
        "phone_told": None,
        "phone_unread": False,
        "anonymous": True,
        "unreadable": None,
    }
    answer = await intake.post(f"/reports/{report}/reporter", {"why": "核实险情"})
    assert answer.json() == {**UNMASKED, "anonymous": True}


async def test_a_report_without_a_reporter_says_so(intake: Intake) -> None:
    report = await waiting(intake, "nobody")
    assert (await intake.get(f"/reports/{report}"))["reporter"] is None
    before = await intake.counts()
    answer = await intake.post(f"/reports/{report}/reporter", {"why": "回访"})
    assert (answer.status_code, answer.json()["code"]) == (404, "reporter_missing")
    assert await intake.counts() == before


async def test_names_and_phones_are_unreadable_in_the_database(intake: Intake) -> None:
    report = await waiting(intake, "sealed", reporter=REPORTER)
    stored = await intake.content(reports) + await intake.content(tables.trail) + await intake.content(tables.outbox)
    (row,) = [row for row in stored if str(row.get("id")) == report]
    assert row["reporter"]
    for secret in ("王小明", "13812345678"):
        assert secret.encode() not in row["reporter"]
        assert secret not in str(stored)


@pytest.mark.parametrize(
    "told, masked, number",
    [
        ("138-1234-5678", "138****5678", "13812345678"),
        ("＋８６ １３８ １２３４ ５６７８", "138****5678", "13812345678"),
        (13812345678, "138****5678", "13812345678"),
        ("0731-88888888转801", "073**********-801", "0731-88888888-801"),
    ],
)
async def test_a_phone_is_read_however_it_is_written_and_kept_as_told(intake: Intake, told, masked, number) -> None:
    report = await waiting(intake, "phone", reporter={"phone": told})
    shown = (await intake.get(f"/reports/{report}"))["reporter"]
    assert (shown["phone"], shown["phone_told"], shown["phone_unread"]) == (masked, None, False)
    unmasked = (await intake.post(f"/reports/{report}/reporter", {"why": "回访"})).json()
    assert (unmasked["phone"], unmasked["phone_told"]) == (number, str(told))


@pytest.mark.parametrize("told", ["13812345678/13912345678", "没有", "微信\u0007 wang", "1" * 5000, "+"])
async def test_a_phone_that_cannot_be_read_costs_nobody_the_report(intake: Intake, told: str) -> None:
    report = await waiting(intake, "phone", reporter={"phone": told, "name": "王小明"})
    shown = (await intake.get(f"/reports/{report}"))["reporter"]
    assert (shown["name"], shown["phone"], shown["phone_unread"]) == ("王**", "***", True)
    unmasked = (await intake.post(f"/reports/{report}/reporter", {"why": "回访"})).json()
    assert unmasked["phone_told"] == told.replace("\x07", "")[:200]


@pytest.mark.parametrize("reporter", [{"phone": "", "name": " "}, {"phone": "\u3000"}, {"phone": None}])
async def test_a_blank_reporter_is_nobody(intake: Intake, reporter: dict[str, Any]) -> None:
    report = await waiting(intake, "blank", reporter=reporter)
    shown = (await intake.get(f"/reports/{report}"))["reporter"]
    assert (shown["name"], shown["phone"], shown["phone_unread"]) == (None, None, False)
