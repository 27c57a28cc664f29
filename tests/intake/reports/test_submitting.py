"""POST /reports: the receipt, the idempotency key, and that everybody who may read sees it at once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.city import GRID, INSIDE, STREET

WHOLE: dict[str, Any] = {
    "channel": "window",
    "title": "井盖",
    "category": "城乡建设",
    "address": "星湖社区三栋",
    "point": INSIDE,
    "occurred_at": "2026-11-18T09:30:00+08:00",
    "recorded_at": "2026-11-18T09:31:00+08:00",
    "reporter": {"name": "王小明", "phone": "13812345678", "anonymous": False},
}


async def test_the_receipt_has_id_and_number_and_every_read_shows_the_report(intake: Intake) -> None:
    answer = await intake.send("路边井盖不见了", "whole", role=Role.GRID_WORKER, unit=GRID, **WHOLE)
    assert answer.status_code == 201
    receipt = answer.json()
    assert set(receipt) == {"id", "number", "repeated", "follow"}
    assert receipt["repeated"] is False
    assert receipt["number"].startswith(f"{STREET}-20261118-")
    assert "idempotent-replay" not in answer.headers
    one = await intake.client.get(f"/reports/{receipt['id']}", headers=intake.caller(Role.ADMIN))
    assert one.headers["etag"] == '"1"'
    assert one.json() == {
        "id": receipt["id"],
        "number": receipt["number"],
        "status": "received",
        "channel": "window",
        "title": "井盖",
        "text": "路边井盖不见了",
        "address": "星湖社区三栋",
        "longitude": 113.05,
        "latitude": 28.05,
        "point_radius": None,
        "point_system": "WGS-84",
        "home": GRID,
        "unit": None,
        "street": "A7-QT",
        "place_method": None,
        "place_confidence": None,
        "category": None,
        "category_confidence": None,
        "category_model": None,
        "review_reasons": [],
        "work_order": None,
        "hazard_id": None,
        "joined": 0,
        "same_as": None,
        "unread": {},
        "reporter": {
            "name": "王**",
            "phone": "138****5678",
            "phone_told": None,
            "phone_unread": False,
            "anonymous": False,
            "unreadable": None,
        },
        "occurred_at": "2026-11-18T01:30:00Z",
        "recorded_at": "2026-11-18T01:31:00Z",
        "doubtful_times": [],
        "claim": None,
        "submitted_at": "2026-11-18T02:00:00Z",
        "triaged_at": None,
        "photos": [],
        "version": 1,
    }
    for query in ({"id": receipt["id"]}, {"number": receipt["number"]}, {"number": receipt["number"][-6:]}):
        assert (await intake.get("/reports", **query))["items"] == [one.json()]


async def test_triage_shows_in_the_same_fields(intake: Intake) -> None:
    report = await intake.reported("路边井盖不见了", "triaged", role=Role.GRID_WORKER, unit=GRID, **WHOLE)
    shown = await intake.get(f"/reports/{report}")
    assert (shown["status"], shown["unit"], shown["place_method"], shown["place_confidence"]) == (
        "triaged", GRID, "point", 1.0,
    )  # fmt: skip
    assert (shown["category"], shown["category_confidence"], shown["category_model"]) == ("城乡建设", 1.0, None)
    assert shown["triaged_at"] == "2026-11-18T02:00:00Z"
    assert shown["version"] == 2


async def test_the_same_key_and_body_get_the_first_answer_again_and_say_so(intake: Intake) -> None:
    first = (await intake.send("井盖", "again")).json()
    intake.clock.advance(timedelta(days=3))
    again = await intake.send("井盖", "again")
    assert again.status_code == 201
    assert again.headers["idempotent-replay"] == "true"
    assert again.json() == {**first, "repeated": True}


async def test_the_order_of_fields_makes_no_other_body(intake: Intake) -> None:
    first = await intake.send("井盖", "spelling", occurred_at="2026-11-18T09:30:00+08:00", title="题")
    again = await intake.send("井盖", "spelling", title="题", occurred_at="2026-11-18T09:30:00+08:00")
    assert again.json() == {**first.json(), "repeated": True}


@pytest.mark.parametrize("change", [{"title": "别的"}, {"channel": "window"}, {"reporter": {"name": "李"}}], ids=str)
async def test_another_body_under_the_key_is_refused_and_names_the_first(intake: Intake, change: Any) -> None:
    first = (await intake.send("井盖", f"other {change}".replace(" ", "-").encode().hex())).json()
    refused = await intake.send("井盖", f"other {change}".replace(" ", "-").encode().hex(), **change)
    assert refused.status_code == 422
    problem = refused.json()
    assert (problem["code"], problem["field"]) == ("idempotency_key_reused", "Idempotency-Key")
    assert problem["data"] == {"id": first["id"], "number": first["number"]}


async def test_twenty_requests_at_once_under_one_key_get_one_answer(intake: Intake) -> None:
    answers = await asyncio.gather(*(intake.send("井盖", "burst") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.json()["id"], answer.json()["number"]) for answer in answers}) == 1
    assert sum(answer.headers.get("idempotent-replay") == "true" for answer in answers) == 19


async def test_neighbours_of_a_refused_request_are_stored(intake: Intake) -> None:
    await intake.send("井盖", "taken")
    answers = await asyncio.gather(
        intake.send("井盖", "left"),
        intake.send("别的内容", "taken"),
        intake.send("井盖", "right"),
    )
    assert [answer.status_code for answer in answers] == [201, 422, 201]


async def test_a_position_in_another_system_is_kept_as_wgs84(intake: Intake) -> None:
    point = {"longitude": 116.39754118159271, "latitude": 39.90890127616531, "system": "GCJ-02"}
    report = (await intake.send("井盖", "gcj", point=point)).json()
    shown = await intake.get(f"/reports/{report['id']}")
    assert shown["longitude"] == pytest.approx(116.3913, abs=1e-5)
    assert shown["latitude"] == pytest.approx(39.9075, abs=1e-5)


@pytest.mark.parametrize(
    "more, code, field",
    [
        ({"channel": "pigeon"}, "enum", "channel"),
        ({"reporter": {"phone": ["+"]}}, "string_type", "reporter.phone"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(intake: Intake, more: Any, code: str, field: str) -> None:
    before = await intake.counts()
    answer = await intake.send("井盖", "refused", **more)
    problem = answer.json()
    assert answer.status_code == 422
    assert problem["field"] == field
    assert code in (problem["code"], *(error["code"] for error in problem.get("errors", ())))
    assert await intake.counts() == before


@pytest.mark.parametrize(
    "field, told, kept",
    [
        ("category", "天文", "天文"),
        ("category", ["a", 1], '["a", 1]'),
        ("title", "长" * 101, "长" * 101),
        ("address", "址" * 1001, "址" * 1001),
        ("occurred_at", "昨天下午", "昨天下午"),
        ("point", {"longitude": 28.05, "latitude": 113.05}, '{"longitude": 28.05, "latitude": 113.05}'),
        ("point", {**INSIDE, "system": "mars"}, None),
        ("point", "东门口", "东门口"),
        ("recorded_at", 1700000000, "1700000000"),
    ],
)
async def test_an_optional_field_that_cannot_be_read_never_costs_the_report(
    intake: Intake, field: str, told: Any, kept: str | None
) -> None:
    answer = await intake.send("路边井盖不见了", "told", **{field: told})
    assert answer.status_code == 201, answer.text
    shown = await intake.get(f"/reports/{answer.json()['id']}")
    assert list(shown["unread"]) == [field]
    assert kept is None or shown["unread"][field] == kept
    await intake.triage_by_rule(UUID(answer.json()["id"]))
    assert (await intake.get(f"/reports/{answer.json()['id']}"))["category"] == "城乡建设", "the words decide"


async def test_too_long_a_title_goes_on_with_the_words(intake: Intake) -> None:
    await intake.reported("路边井盖不见了", "long", title="星湖社区" + "长" * 100, unit=STREET)
    told = [value for kind, value in await intake.events() if kind == "gridgov.report.triaged.v1"]
    assert [(value["title"], value["text"][:4], value["text"][-7:]) for value in told] == [
        ("", "星湖社区", "路边井盖不见了")
    ]


@pytest.mark.parametrize(
    "told",
    [
        "1970-01-01T00:00:00+08:00",
        "1999-08-22T08:00:00+08:00",
        "2080-01-06T00:00:00+08:00",
        "0001-01-01T00:00:00+08:00",
    ],
)
async def test_a_phone_with_a_wrong_clock_does_not_lose_its_report(intake: Intake, told: str) -> None:
    answer = await intake.send("井盖", "phone", occurred_at=told, recorded_at=told)
    assert answer.status_code == 201, answer.text
    shown = await intake.get(f"/reports/{answer.json()['id']}")
    assert shown["doubtful_times"] == ["occurred_at", "recorded_at"]
    assert shown["occurred_at"] == shown["recorded_at"]
    kept = datetime.fromisoformat(told)
    assert kept.year == 1 or datetime.fromisoformat(shown["occurred_at"]) == kept


async def test_a_point_without_its_system_is_marked_with_how_far_it_may_be_off(intake: Intake) -> None:
    point = {"longitude": 113.05, "latitude": 28.05}
    answer = await intake.send("井盖", "vague", point=point)
    shown = await intake.get(f"/reports/{answer.json()['id']}")
    assert shown["point_system"] == "unknown"
    assert 500 < shown["point_radius"] < 1500
    by_standard = await intake.send("井盖", "open311", point=point, channel="open311")
    shown = await intake.get(f"/reports/{by_standard.json()['id']}")
    assert (shown["point_system"], shown["point_radius"], shown["longitude"]) == ("WGS-84", None, 113.05)


async def test_a_residents_report_belongs_where_they_live_and_only_they_see_it_there(intake: Intake) -> None:
    mine = await intake.send("楼道井盖", "mine", role=Role.RESIDENT, unit="A7-QT-01")
    report = mine.json()["id"]
    assert (await intake.get(f"/reports/{report}", role=Role.RESIDENT, unit="A7-QT-01"))["home"] == "A7-QT-01"
    neighbour = intake.caller(Role.RESIDENT, "A7-QT-01", subject="a neighbour")
    client = intake.client
    assert (await client.get(f"/reports/{report}", headers=neighbour)).status_code == 404
    assert (await client.get("/reports", headers=neighbour)).json() == {"items": [], "next": None}
    assert (await client.get(f"/reports/{report}/trail", headers=neighbour)).status_code == 404
