"""Finding and reading reports: filters, pages, reach, the trail, and problems in both languages."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from services.intake.schema import tables
from shared.auth.principal import Role
from shared.ids import new_id
from shared.trail.entry import ORIGIN, digest
from tests.intake.conftest import Intake
from tests.support.asgi import Answer
from tests.support.bad_input import assert_problem
from tests.support.city import COMMUNITY, ELSEWHERE, OTHER_COMMUNITY, STREET


async def sent(intake: Intake, prefix: str, count: int, **more: Any) -> list[str]:
    return [(await intake.send("井盖", f"{prefix}-{n}", **more)).json()["id"] for n in range(count)]


async def walk(intake: Intake, limit: int, **query: Any) -> list[str]:
    """The ids of all pages, in order."""
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = await intake.get("/reports", limit=limit, **query, **after)
        assert len(page["items"]) <= limit
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


@pytest.mark.parametrize("limit", [1, 3, 4, 200])
async def test_pages_show_every_row_once_oldest_first(intake: Intake, limit: int) -> None:
    ids = await sent(intake, "same-instant", 6)
    intake.clock.advance(timedelta(seconds=1))
    ids += await sent(intake, "later", 3)
    assert await walk(intake, limit) == ids


async def test_rows_that_come_while_pages_are_read_are_neither_lost_nor_doubled(intake: Intake) -> None:
    ids = await sent(intake, "first", 5)
    page = await intake.get("/reports", limit=3)
    found = [item["id"] for item in page["items"]]
    while page["next"]:
        if len(ids) < 11:
            intake.clock.advance(timedelta(milliseconds=1))
            ids += await sent(intake, f"meanwhile-{len(ids)}", 2)
        page = await intake.get("/reports", limit=3, after=page["next"])
        found += [item["id"] for item in page["items"]]
    assert found == ids


async def test_by_status(intake: Intake) -> None:
    unclear = await intake.reported("说不清是什么事", "unclear")
    clear = await intake.reported("井盖", "clear", role=Role.SERVICE, unit=STREET)
    waiting = await intake.get("/reports", status="needs_review")
    assert [item["id"] for item in waiting["items"]] == [unclear]
    assert waiting["items"][0]["review_reasons"] == ["place_unknown", "category_uncertain"]
    triaged = await intake.get("/reports", status="triaged")
    assert [item["id"] for item in triaged["items"]] == [clear]


async def test_ninety_ids_come_in_one_page(intake: Intake) -> None:
    ids = await sent(intake, "many", 90)
    page = await intake.get("/reports", id=ids)
    assert [item["id"] for item in page["items"]] == ids
    assert page["next"] is None


@pytest.mark.parametrize(
    "query, code",
    [
        ({"after": "bm9uc2Vuc2U="}, "cursor_invalid"),
        ({"after": "WzEsMl0="}, "cursor_invalid"),
        ({"after": "x"}, "cursor_invalid"),
        ({"limit": 0}, "greater_than_equal"),
        ({"limit": 201}, "less_than_equal"),
        ({"status": "lost"}, "enum"),
        ({"number": "\u200b"}, "text_blank"),
        ({"id": "x"}, "uuid_parsing"),
        ({"id": [f"01a20926-91fd-7135-adf4-0000000000{n:02}" for n in range(91)]}, "too_long"),
    ],
    ids=str,
)
async def test_a_query_that_cannot_be_is_refused(intake: Intake, query: Any, code: str) -> None:
    answer = await intake.client.get("/reports", params=query, headers=intake.caller(Role.ADMIN))
    assert answer.status_code == 422
    problem = answer.json()
    assert code in (problem["code"], *(error["code"] for error in problem.get("errors", ())))


@pytest.mark.parametrize(
    "role, unit, sees",
    [
        (Role.INTAKE_CLERK, STREET, True),
        (Role.GRID_WORKER, COMMUNITY, True),
        (Role.DISPATCHER, "A7", True),
        (Role.LEADER, "A", True),
        (Role.ADMIN, None, True),
        (Role.AUDITOR, None, True),
        (Role.GRID_WORKER, OTHER_COMMUNITY, False),
        (Role.DISPATCHER, ELSEWHERE, False),
        (Role.ADMIN, ELSEWHERE, False),
        (Role.LEADER, "B", False),
        (Role.DISPATCHER, None, False),
        (Role.RESIDENT, COMMUNITY, False),
    ],
)
async def test_who_sees_a_report_of_a_community(intake: Intake, role: Role, unit: str | None, sees: bool) -> None:
    report = await intake.reported("星湖社区井盖", "reach")
    assert (await intake.get(f"/reports/{report}"))["unit"] == COMMUNITY
    headers, client = intake.caller(role, unit, subject="somebody"), intake.client
    for path in (f"/reports/{report}", f"/reports/{report}/trail"):
        assert (await client.get(path, headers=headers)).status_code == (200 if sees else 404)
    listed = (await client.get("/reports", params={"id": report}, headers=headers)).json()["items"]
    assert [item["id"] for item in listed] == ([report] if sees else [])


async def test_the_trail_can_be_checked_by_whoever_reads_it(intake: Intake) -> None:
    report = await intake.reported("星湖社区井盖", "trail")
    entries = (await intake.get(f"/reports/{report}/trail"))["entries"]
    assert [(entry["seq"], entry["action"]) for entry in entries] == [(1, "submit"), (2, "triage")]
    assert (entries[0]["by"], entries[0]["role"]) == ("service", "service")
    assert [entry["by"] for entry in entries[1:]] == ["triage"]
    stored = [row for row in await intake.content(tables.trail) if str(row["aggregate_id"]) == report]
    previous = ORIGIN
    for entry, row in zip(entries, stored, strict=True):
        assert entry["hash"] == digest(row["aggregate_id"], row["seq"], row["body"], previous).hex()
        previous = bytes.fromhex(entry["hash"])
    assert len(previous) == hashlib.sha256().digest_size
    assert tables.trail.schema == "intake"


@pytest.mark.parametrize("language, title", [("zh-CN", "title_zh"), ("en", "title_en"), (None, "title_zh")])
async def test_each_problem_speaks_the_callers_language(intake: Intake, language: str | None, title: str) -> None:
    client, headers = intake.client, intake.caller(Role.DISPATCHER, STREET)
    waiting = await intake.reported("说不清是什么事", "language", role=Role.SERVICE, unit=STREET)
    if language:
        headers["accept-language"] = language
    triage = {"decision": "triage", "unit": COMMUNITY, "category": "民政"}
    path = f"/reports/{waiting}/triage"
    answers = {
        401: await client.get("/reports", headers={"accept-language": language} if language else {}),
        403: await client.post("/reports", json={}, headers={**headers, **intake.caller(Role.AUDITOR)}),
        404: await client.get(f"/reports/{new_id()}", headers=headers),
        405: await client.delete("/reports", headers=headers),
        412: await client.post(path, json=triage, headers={**headers, "if-match": '"1"'}),
        422: await client.post(path, json={}, headers={**headers, "if-match": '"2"'}),
        428: await client.post(path, json=triage, headers=headers),
    }
    for status, answer in answers.items():
        raw = Answer(answer.status_code, [(k.encode(), v.encode()) for k, v in answer.headers.items()], answer.content)
        assert answer.status_code == status, answer.text
        problem = assert_problem(raw)
        assert problem["title"] == problem[title]
        assert answer.headers["content-language"] == ("en" if language == "en" else "zh")
