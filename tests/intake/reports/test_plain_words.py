"""What a reporter is told of a trail: every action has words, and none is about a person or a unit."""

import pytest

from services.intake.reports.lifecycle import Action
from services.intake.reports.plain_words import PLATFORM, STAFF, WORDS, YOU, in_plain_words


def test_every_action_has_words() -> None:
    assert WORDS.keys() == set(Action)


def test_staff_units_and_notes_stay_inside() -> None:
    staff = {"by": "wang.fang", "role": "dispatcher", "unit": "A7-QT", "device": "pc", "what": {"unit": "A7"}}
    platform = {"by": "dispatch", "role": "service"}
    told = in_plain_words(
        [
            {"action": "submit", "at": "t0", "why": None, "by": "me", "role": "resident"},
            {"action": "ask_review", "at": "t1", "why": None, **platform},
            *(
                {"action": action, "at": "t2", "why": "写给谁", **staff}
                for action in ("triage", "reveal_reporter", "reject")
            ),
            {"action": "resolve", "at": "t3", "why": None, **platform},
        ]
    )
    assert [step.who for step in told] == [YOU, PLATFORM, STAFF, STAFF, STAFF, STAFF]
    assert [step.why for step in told] == [None, None, None, None, "写给谁", None]
    assert not any(inner in str(told) for inner in ("wang", "A7", "dispatcher"))


@pytest.mark.parametrize("action", ["reject", "reopen"])
def test_why_is_told_without_the_number_of_a_person_and_with_that_of_a_hotline(action: str) -> None:
    why = "请联系供电公司王强 13812345678，或拨打 12345、95598"
    (told,) = in_plain_words([{"action": action, "at": "t0", "why": why, "by": "wang.fang", "role": "dispatcher"}])
    assert told.why == "请联系供电公司王强 138********，或拨打 12345、95598"
