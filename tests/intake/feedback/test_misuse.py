"""Those who are up to no good: guessing, replaying, flooding, and text that is not meant to be read."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from uuid import uuid4

import httpx2
import pytest
import sqlalchemy as sa
import structlog

from services.intake.feedback.table import ratings
from services.intake.reports.follow_code import ALPHABET
from services.intake.reports.table import reports
from shared.auth.principal import Role
from shared.telemetry import logs
from tests.intake.conftest import Intake
from tests.intake.feedback.conftest import BODY, Resident
from tests.support.asgi import send
from tests.support.bad_input import Target, assert_refused, rows_for

pytestmark = pytest.mark.anyio


async def test_a_wrong_code_and_an_unknown_number_are_answered_alike(resident: Resident) -> None:
    wrong = await resident.look(secret="22222-22222")
    unknown = await resident.look(number=resident.number[:-1] + "x")
    alike = [(a.status_code, {**a.json(), "correlation_id": None}) for a in (wrong, unknown)]
    assert alike[0] == alike[1]
    assert alike[0][0] == 404
    assert alike[0][1]["code"] == "follow_code_wrong"
    for what, body in (
        ("rating", {"contacted": True, "solved": "not", "satisfied": "not"}),
        ("reopening", {"why": "x"}),
    ):
        stranger = Resident(resident.intake, resident.number, "22222-22222")
        assert (await stranger.say(what, **body)).status_code == 404
    qr = await resident.intake.client.get(
        f"/public/reports/{resident.number}/qr", headers={"follow-code": "22222-22222"}
    )
    assert qr.status_code == 404


@pytest.mark.parametrize("code", ["é" * 10, "２３４５６７８９ＡＢ", "\x00", "-", " - ", "2" * 41])
async def test_a_code_in_strange_letters_is_wrong_and_breaks_nothing(resident: Resident, code: str) -> None:
    headers = {"follow-code": code.encode()}
    try:
        answer = await resident.intake.client.get(f"/public/reports/{resident.number}", headers=headers)
    except ValueError:  # the client does not send it
        return
    assert answer.status_code in (404, 422, 400)


async def test_a_report_that_nobody_was_given_a_code_for_cannot_be_followed(intake: Intake) -> None:
    number = (await intake.send("路边井盖不见了", "k")).json()["number"]
    for code in ("", "-", "22222-22222"):
        answer = await intake.client.get(f"/public/reports/{number}", headers={"follow-code": code})
        assert answer.status_code in (404, 422)


async def test_who_guesses_is_stopped_by_address_and_even_the_right_code_must_wait_then(resident: Resident) -> None:
    guesses = [await resident.look(secret=ALPHABET[n : n + 10]) for n in range(21)]
    assert [guess.status_code for guess in guesses] == [404] * 20 + [429]
    assert 1 <= int(guesses[-1].headers["retry-after"]) <= 30
    assert "秒" in guesses[-1].json()["title_zh"]
    assert (await resident.look()).status_code == 429, "else the answer would tell which code is right"
    other = Resident(resident.intake, resident.number, resident.secret, address="198.51.100.9")
    assert (await other.look()).status_code == 200


async def test_who_walks_through_the_numbers_meets_the_same_limit(resident: Resident) -> None:
    head, _, serial = resident.number.rpartition("-")
    for n in range(1, 21):
        assert (await resident.look(number=f"{head}-{int(serial) + n:06d}")).status_code == 404
    assert (await resident.look(number=f"{head}-999999")).status_code == 429


async def test_who_has_the_code_may_look_as_often_as_they_like(resident: Resident) -> None:
    assert {(await resident.look()).status_code for _ in range(40)} == {200}


async def test_one_address_floods_nobody(intake: Intake) -> None:
    flooder = Resident(intake)
    answers = [await flooder.send() for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert len(await intake.content(reports)) == 20
    assert (await Resident(intake, address="198.51.100.9").send()).status_code == 201


async def test_many_addresses_meet_the_limit_of_all(intake: Intake) -> None:
    feedback = intake.service.api.state.feedback
    for _ in range(300):
        feedback.reports_of_all.take("everybody")
    assert (await Resident(intake, address="198.51.100.9").send()).status_code == 429


async def test_who_has_the_code_does_not_fill_the_trail(resident: Resident) -> None:
    await resident.closed()
    answers = [
        await resident.say("rating", contacted=True, solved="not", satisfied="not", words=f"第{n}次") for n in range(11)
    ]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert len(await resident.intake.content(ratings)) == 1


async def test_a_replay_of_somebody_elses_request_gives_what_that_one_was_given_and_makes_nothing(
    intake: Intake,
) -> None:
    key = str(uuid4())
    first = await Resident(intake).send(key=key)
    again = await Resident(intake, address="198.51.100.9").send(key=key)
    assert again.json()["secret"] == first.json()["secret"]
    assert len(await intake.content(reports)) == 1


HOSTILE = "<script>alert(1)</script> & \"'</p> 👩‍👩‍👧‍👦🕳️ \u202e反 'DROP TABLE reports; -- {{7*7}}"


async def test_hostile_text_and_emoji_are_kept_as_they_are_and_given_as_data(resident: Resident) -> None:
    await resident.report(text=HOSTILE, address=HOSTILE)
    seen = await resident.look()
    assert seen.json()["text"] == HOSTILE
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in seen.headers["content-security-policy"]


@pytest.mark.parametrize(
    "text, status",
    [("路" * 10_000, 201), ("路" * 10_001, 422), ("路" * 100_000, 413), ("", 422), (" \u200b ", 422), ("a\x00b", 400)],
)
async def test_texts_are_taken_up_to_their_length(intake: Intake, text: str, status: int) -> None:
    assert (await Resident(intake).send({"text": text})).status_code == status


@pytest.mark.parametrize(
    "more",
    [
        {"channel": "hotline"},
        {"title": "x"},
        {"id": str(uuid4())},
        {"home": "A7"},
        {"status": "closed"},
    ],
)
async def test_nothing_else_can_be_said(intake: Intake, more: dict[str, object]) -> None:
    answer = await Resident(intake).send({**BODY, **more})
    assert (answer.status_code, answer.json()["field"]) == (422, next(iter(more)))


async def test_every_row_of_bad_input_is_refused_and_changes_nothing(intake: Intake) -> None:
    target = Target(
        path="/public/reports", body=BODY, token="none", text="text", longest_text=10_000,
        headers=((b"idempotency-key", b"bad-input-of-a-public-report"),),
    )  # fmt: skip
    intake.service.api.state.feedback.reports._ahead = float("inf")
    app = intake.service.api
    assert (await send(app, target.sent())).status == 201, "the request is good as long as nothing is changed in it"
    before = await intake.counts()
    # Who has no token is let in.
    rows = [bad for bad in rows_for(target) if bad.status not in (401, 403) and "outside the BMP" not in bad.name]
    assert len(rows) > 60
    for bad in rows:
        assert_refused(await send(app, bad.make(target)), bad)
    assert await intake.counts() == before


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that is logged, to the last line of each library, whatever tests before this one had lines go to.

    It must come before what writes lines: a logger keeps the place that it wrote its first line to.
    """
    root, ours = logging.getLogger(), structlog.get_config()
    level, handlers = root.level, root.handlers[:]
    written = StringIO()
    logs.configure(written, level="debug", noisy_lines=1000)
    root.setLevel(logging.DEBUG)
    yield written
    structlog.configure(**ours)
    root.setLevel(level)
    root.handlers[:] = handlers


async def test_neither_code_nor_address_is_logged(log: StringIO, resident: Resident, capsys) -> None:
    await resident.look()
    await resident.look(secret="33333-33333")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["status"] for line in lines if line["event"] == logs.HTTP_REQUEST] == [201, 200, 404]
    assert any(line["event"] == logs.FOREIGN for line in lines), "libraries are heard too"
    written = log.getvalue() + "".join(capsys.readouterr())
    for hidden in (resident.secret, resident.secret.replace("-", ""), "33333-33333", resident.address):
        assert hidden not in written


async def test_a_key_file_that_is_gone_makes_following_unavailable_and_says_nothing_of_the_inside(
    resident: Resident, tmp_path
) -> None:
    cipher = resident.intake.service.api.state.intake.codes._cipher
    (file,) = (tmp_path / "fields").glob("field-*.key")
    cipher._keys.clear()
    file.unlink()
    answer = await resident.look()
    assert (answer.status_code, answer.json()["code"]) == (503, "following_unavailable")
    assert "field-" not in answer.text


async def test_a_repeat_gets_its_receipt_though_the_key_of_its_code_is_gone(resident: Resident) -> None:
    """It is stored: a refusal makes every queue send it again for ever, and its sender believe it lost."""
    staff = {**resident.intake.caller(Role.SERVICE), "idempotency-key": "hotline-1"}
    call = {"text": "井盖", "channel": "hotline", "reporter": {"name": "王"}}
    form = {"text": (None, "井盖"), "key": (None, "0123456789abcdef")}

    async def sent() -> list[httpx2.Response]:
        return [
            await resident.send(key="0123456789-resident"),
            await resident.intake.client.post("/reports", json=call, headers=staff),
            await resident.intake.client.post("/public/report", files=form),
        ]

    first = await sent()
    other_key = sa.literal(b"\xde\xad\xbe\xef").op("||")(sa.func.substring(reports.c.follow_code, 5))
    async with resident.intake.engine.begin() as connection:
        await connection.execute(sa.update(reports).values(follow_code=other_key))
    public, report, page = await sent()
    assert [answer.status_code for answer in (public, report, page)] == [201] * 3, public.text + report.text
    number = first[0].json()["number"]
    assert public.json() == {"number": number, "secret": None, "link": None, "repeated": True}
    assert report.json() == {**first[1].json(), "repeated": True, "follow": None}
    assert "查询码暂时无法显示" in page.text
    assert "查询码" in first[2].text
    assert "暂时无法显示" not in first[2].text
