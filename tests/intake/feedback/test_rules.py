"""The rules of feedback, without a database: codes, what is told of the work, rating, reopening, masking."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.feedback.progress import STATES, progress_of, promises, result, state
from services.intake.feedback.rating import Answer, FeedbackChannel, Heard, Satisfied, Solved, rate
from services.intake.feedback.reopening import reopen, reopen_until
from services.intake.reports.follow_code import ALPHABET, LENGTH, link, spoken, typed
from services.intake.reports.lifecycle import Status
from services.intake.reports.plain_words import Words
from shared.change import Actor
from shared.errors import Conflict
from shared.events.intake.reports import ReportReopened
from shared.ids import new_id
from shared.limits import LimitState
from tests.conftest import NOON
from tests.intake.feedback.conftest import ACCEPT_BY, RESOLVE_BY, moved, running
from tests.intake.test_contracts import full

CLOSED = replace(full(), status=Status.CLOSED, closings=2, closed_at=NOON, version=7)
HEARD = Heard(Actor("wang.fang", "intake_clerk"), FeedbackChannel.PHONE, "录音 2026-0017")
ANSWER = Answer(contacted=True, solved=Solved.PARTLY, satisfied=Satisfied.BASICALLY, words="张三没来")


def test_a_code_has_no_letter_that_is_read_as_another_and_is_typed_in_any_way() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("0O1I") & set(ALPHABET)
    code = ALPHABET[:LENGTH]
    assert spoken(code) == "23456-789AB"
    for way in ("23456-789AB", " 23456 789ab ", "2-3-4-5-6-7-8-9-a-b", "２３４５６-789AB"[5:].join(["23456", ""])):
        assert typed(way) == code


def test_the_link_has_the_code_behind_the_hash_where_no_server_sees_it() -> None:
    before, _, after = link("https://grid.example.cn", "A7-1", "23456789AB").partition("#")
    assert before == "https://grid.example.cn/app/follow/"
    assert after == "number=A7-1&code=23456789AB"


def test_every_status_has_words() -> None:
    assert STATES.keys() == set(Status)


@pytest.mark.parametrize("status", Status)
def test_before_a_work_order_is_known_its_status_is_told_and_nothing_promised(status: Status) -> None:
    assert (state(status, None), promises(status, None, NOON), result(status, None)) == (STATES[status], [], None)


def told(action: str, **facts: object):
    return progress_of(moved(CLOSED.id, action, 3, **facts), CLOSED.id)


def test_what_is_due_next_is_promised_first_and_what_no_longer_runs_is_not() -> None:
    both = promises(Status.DISPATCHED, told("open"), NOON)
    assert [(p.what.zh, p.due_at, p.late) for p in both] == [
        ("责任单位接单", ACCEPT_BY, False), ("办理完成", RESOLVE_BY, False),
    ]  # fmt: skip
    nobody = promises(Status.DISPATCHED, told("open", lead_unit=None), NOON)
    assert nobody[0].what.zh == "确定责任单位"
    taken = told("accept", limits={"accept": running(ACCEPT_BY, LimitState.FULFILLED), "resolve": running(RESOLVE_BY)})
    assert [p.what.zh for p in promises(Status.DISPATCHED, taken, NOON)] == ["办理完成"]
    held = told("x", state="suspended", limits={"resolve": running(RESOLVE_BY, LimitState.SUSPENDED)})
    assert promises(Status.DISPATCHED, held, NOON) == []
    assert "暂缓" in state(Status.DISPATCHED, held).zh
    assert promises(Status.CLOSED, told("close"), NOON) == []


def test_a_promise_that_was_not_kept_is_called_late() -> None:
    late = promises(Status.DISPATCHED, told("open"), ACCEPT_BY + timedelta(seconds=1))
    assert [p.late for p in late] == [True, False]


def test_the_result_is_told_while_it_stands_and_without_personal_data() -> None:
    done = told("resolve", result="已装新盖，住户13812345678已确认")
    assert result(Status.DISPATCHED, done) is None, "after a failed check the old result no longer holds"
    for status in (Status.RESOLVED, Status.CLOSED, Status.REOPENED):
        assert result(status, done) == "已装新盖，住户138********已确认"


def test_a_rating_is_of_the_last_closing_and_keeps_the_reporters_words_off_trail_and_topic() -> None:
    change, rating = rate(CLOSED, ANSWER, HEARD, stands=CLOSED, unit="A7-CG", now=NOON)
    assert (change.after.status, change.after.version, rating.closing) == (Status.CLOSED, 8, 2)
    assert (rating.words, rating.evidence, rating.rated_by, rating.unit) == (
        "张三没来", "录音 2026-0017", "wang.fang", "A7-CG",
    )  # fmt: skip
    assert "张三" not in str(change.what) + str(change.events) + str(change.why)
    (event,) = change.events
    assert (event.closing, event.solved, event.satisfied, event.channel) == (2, "partly", "basically", "phone")
    assert change.what["evidence"] == "录音 2026-0017"


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.CLOSED, Status.DUPLICATE)])
def test_only_what_is_closed_is_rated_or_opened_again(status: Status) -> None:
    report = replace(CLOSED, status=status)
    assert reopen_until(report, 15) is None
    for act in (
        lambda: rate(report, ANSWER, HEARD, stands=report, unit=None, now=NOON),
        lambda: reopen(report, "又坏了", HEARD, days=15, now=NOON),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "report_action_not_possible"


def test_a_report_may_be_opened_again_for_so_many_days_and_not_a_second_longer() -> None:
    until = reopen_until(CLOSED, 15)
    assert until == NOON + timedelta(days=15)
    change = reopen(CLOSED, "又坏了", HEARD, days=15, now=until)
    assert (change.after.status, change.why, change.events[0].why) == (Status.REOPENED, "又坏了", "又坏了")
    with pytest.raises(Conflict) as refused:
        reopen(CLOSED, "又坏了", HEARD, days=15, now=until + timedelta(seconds=1))
    assert refused.value.code == "reopening_too_late"
    assert "15" in refused.value.zh


def test_the_reason_of_a_reopening_leaves_intake_with_its_personal_data_masked() -> None:
    change = reopen(CLOSED, "又坏了，请打13812345678", HEARD, days=15, now=NOON)
    (event,) = change.events
    assert isinstance(event, ReportReopened)
    assert "又坏了" in event.why and "13812345678" not in event.why
    assert change.why == "又坏了，请打13812345678", "whoever handles the report must be able to call"


def test_words_are_in_both_languages() -> None:
    for words in STATES.values():
        assert isinstance(words, Words)
        assert words.zh
        assert words.en.isascii()


def test_an_id_of_another_report_is_kept_apart() -> None:
    other = new_id()
    assert progress_of(moved(CLOSED.id, "open", 1), other).report_id == other
