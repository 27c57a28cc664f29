"""What a reporter is told of a trail: every action has words or is an inner matter, and no word is about staff."""

from services.intake.reports.lifecycle import Action
from services.intake.reports.plain_words import WORDS, in_plain_words


def test_every_action_is_decided() -> None:
    assert set(Action) - WORDS.keys() == {Action.REVEAL_REPORTER}


def test_staff_units_and_notes_stay_inside() -> None:
    inner = {"by": "wang.fang", "role": "dispatcher", "unit": "A7-QT", "device": "pc", "what": {"unit": "A7"}}
    actions = ["submit", "triage", "reveal_reporter", "dispatch", "reject"]
    told = in_plain_words({"action": a, "at": f"t{n}", "why": "写给谁", **inner} for n, a in enumerate(actions))
    assert [(step.at, step.why) for step in told] == [("t0", None), ("t1", None), ("t3", None), ("t4", "写给谁")]
    assert not any(word in f"{step.zh}{step.en}" for step in told for word in ("wang", "A7", "dispatcher"))
