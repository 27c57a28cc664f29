"""Reporting and following without an account, from the first word to the second closing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.intake.feedback.table import ratings
from services.intake.reports.table import reports
from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.intake.feedback.conftest import ACCEPT_BY, BODY, RESOLVE_BY, Resident
from tests.support.city import STREET

pytestmark = pytest.mark.anyio
GOOD = {"contacted": True, "solved": "solved", "satisfied": "satisfied"}
BAD = {"contacted": False, "solved": "not", "satisfied": "not", "words": "没人来过"}


async def test_the_receipt_is_number_code_and_link_and_nothing_else(intake: Intake) -> None:
    answer = await Resident(intake).send()
    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "secret", "link", "repeated"}
    number, secret = answer.json()["number"], answer.json()["secret"]
    assert answer.json()["link"] == f"http://intake/app/follow/#number={number}&code={secret.replace('-', '')}"
    (row,) = await intake.content(reports)
    assert row["channel"] == "resident"
    assert secret.replace("-", "").encode() not in bytes(row["follow_code"])


async def test_sent_again_under_the_same_key_it_is_the_same_report_with_the_same_code(intake: Intake) -> None:
    resident, key = Resident(intake), str(uuid4())
    first, again = await resident.send(key=key), await resident.send(key=key)
    assert again.headers["idempotent-replay"] == "true"
    assert again.json() == first.json() | {"repeated": True}
    assert len(await intake.content(reports)) == 1


async def test_a_key_that_was_used_for_something_else_says_nothing_of_that(intake: Intake) -> None:
    resident, key = Resident(intake), str(uuid4())
    first = (await resident.send(key=key)).json()
    other = await resident.send({**BODY, "text": "别的事"}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert first["number"] not in other.text
    assert "data" not in other.json()


@pytest.mark.parametrize("key", [None, "1", "short-key", "钥匙" * 10])
async def test_a_key_that_others_might_choose_is_refused(intake: Intake, key: str | None) -> None:
    headers = {"idempotency-key": key.encode()} if key else {}
    answer = await intake.client.post("/public/reports", json=BODY, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["field"].lower() == "idempotency-key"


async def test_name_and_phone_are_kept_sealed_and_shown_masked_to_staff_alone(resident: Resident) -> None:
    await resident.report(reporter={"name": "王小明", "phone": "13812345678"})
    assert "王" not in (await resident.look()).text
    seen = await resident.intake.get(f"/reports/{await resident.id}")
    assert seen["reporter"]["phone"] == "138****5678"
    assert seen["reporter"]["name"] == "王**"


async def test_nobody_who_signs_in_owns_a_report_without_an_account(resident: Resident) -> None:
    for subject in ("public", "resident", ""):
        caller = resident.intake.caller(Role.RESIDENT, STREET, subject or None)
        found = await resident.intake.client.get("/reports", headers=caller)
        assert found.json()["items"] == []


async def test_its_life_in_plain_words_with_what_is_promised_next(resident: Resident) -> None:
    seen = await resident.seen()
    assert (seen["status"], seen["text"], seen["promises"], seen["unit"]) == ("received", BODY["text"], [], None)
    await resident.intake.triage_by_rule(await resident.id)
    await resident.work("open")
    seen = await resident.seen()
    assert seen["unit"] == "泉塘街道城建办"
    assert seen["state"]["zh"] == "已交责任单位，等待接单。"
    due = [promise["due_at"] for promise in seen["promises"]]
    assert due == [at.isoformat().replace("+00:00", "Z") for at in (ACCEPT_BY, RESOLVE_BY)]
    await resident.work("accept", "start")
    assert (await resident.seen())["state"]["en"] == "The unit responsible works on it."
    await resident.work("resolve", "verify", "close", result="已安装新井盖，电话13812345678", state="closed", limits={})
    seen = await resident.seen()
    assert (seen["status"], seen["result"]) == ("closed", "已安装新井盖，电话138********")
    assert (seen["may_rate"], seen["rating"], seen["promises"]) == (True, None, [])
    assert [f"{step['who']['en']} {step['what']['en']}" for step in seen["told"]][::4] == [
        "you sent the report.", "street staff closed it.",
    ]  # fmt: skip


async def test_nothing_of_staff_or_of_the_inside_is_in_the_answer(resident: Resident) -> None:
    await resident.closed()
    text = (await resident.look()).text
    for inner in (str(await resident.id), "GD-1", "A7-QT-D", 'dispatch"', "clerk", "confidence"):
        assert inner not in text, inner


async def test_an_older_telling_that_comes_late_takes_no_promise_back(resident: Resident) -> None:
    await resident.intake.triage_by_rule(await resident.id)
    await resident.work("open", "accept")
    before = await resident.seen()
    resident.version = 0
    await resident.work("open", lead_unit="A7")
    assert await resident.seen() == before


async def test_a_later_rating_replaces_the_one_before_and_the_trail_keeps_both(resident: Resident) -> None:
    await resident.closed()
    for answer in (GOOD, BAD):
        rated = await resident.say("rating", **answer)
        assert rated.status_code == 200, rated.text
        assert {name: rated.json()["rating"][name] for name in answer} == answer
        assert rated.headers["etag"]
    (row,) = await resident.intake.content(ratings)
    assert (row["solved"], row["words"], row["channel"], row["rated_by"]) == ("not", "没人来过", "link", "public")
    assert (row["unit"], row["street"], row["closing"]) == ("A7-QT-D-CJ", STREET, 1)
    trail = [entry["what"] for entry in await resident.intake.trail(await resident.id) if entry["action"] == "rate"]
    assert [what["solved"] for what in trail] == ["solved", "not"]
    types = [told for told, _ in await resident.intake.events()]
    assert types.count("gridgov.report.rated.v1") == 2
    assert rated.json()["status"] == "closed", "not solved offers reopening, and does not do it"
    assert await resident.intake.violations() == ()


async def test_the_same_rating_sent_again_changes_nothing(resident: Resident) -> None:
    await resident.closed()
    first = await resident.say("rating", **GOOD)
    before = await resident.intake.counts()
    again = await resident.say("rating", **GOOD)
    assert again.json() == first.json()
    assert await resident.intake.counts() == before


async def test_opened_again_it_is_told_to_dispatch_followed_once_more_and_rated_anew(resident: Resident) -> None:
    await resident.closed()
    await resident.say("rating", **BAD)
    opened = await resident.say("reopening", why="又松动了")
    assert (opened.status_code, opened.json()["status"], opened.json()["reopen_until"]) == (200, "reopened", None)
    (type_, event) = (await resident.intake.events())[-1]
    assert (type_, event["why"], event["work_order"]) == ("gridgov.report.reopened.v1", "又松动了", "GD-1")
    assert opened.json()["told"][-1]["why"] == "又松动了"
    before = await resident.intake.counts()
    assert (await resident.say("reopening", why="又松动了")).status_code == 200, "sent again it is done already"
    assert await resident.intake.counts() == before
    await resident.work("reopen")
    assert (await resident.seen())["status"] == "dispatched"
    await resident.work("resolve", "close", result="已加固", state="closed", limits={})
    seen = await resident.seen()
    assert (seen["status"], seen["rating"], seen["may_rate"]) == ("closed", None, True)
    await resident.say("rating", **GOOD)
    assert [row["closing"] for row in await resident.intake.content(ratings)] == [1, 2]
    assert await resident.intake.violations() == ()


async def test_after_fifteen_days_it_is_too_late_and_the_answer_says_what_to_do(resident: Resident) -> None:
    await resident.closed()
    assert (await resident.seen())["reopen_until"]
    resident.intake.clock.advance(timedelta(days=15, seconds=1))
    assert (await resident.seen())["reopen_until"] is None
    late = await resident.say("reopening", why="又松动了")
    assert (late.status_code, late.json()["code"]) == (409, "reopening_too_late")
    assert "重新提交" in late.json()["title_zh"]


async def test_what_is_not_closed_is_neither_rated_nor_opened_again(resident: Resident) -> None:
    for what, body in (("rating", GOOD), ("reopening", {"why": "快点"})):
        answer = await resident.say(what, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "report_action_not_possible")


async def test_the_qr_code_is_a_picture_of_the_link(resident: Resident) -> None:
    answer = await resident.intake.client.get(f"/public/reports/{resident.number}/qr", headers=resident.headers())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "<script" not in answer.text
