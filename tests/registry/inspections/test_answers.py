"""Checklists and their data, and what answers say of the seven items."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.hazards.hazard import Grade
from services.registry.hazards.items import ITEMS, Item
from services.registry.inspections.answers import Answer, Result, Verdict, results_of
from services.registry.inspections.checklists import FIRST, MANAGEMENT, Inspector, check, offered
from services.registry.inspections.inspection import Finding, Kind, Told, Where, enter, make
from services.registry.premises.kinds import Category
from shared.change import Actor
from shared.errors import GridGovError
from shared.ids import new_id

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
BY = Actor(id="P1", role="grid_worker", unit="R1-S-01-001")
SHOP = Where(new_id(), "R1-S-01-001", "R1-S", Category.SHOP)
SEVEN = FIRST["seven_items"]
GAS = "6"


def answers(**failed: Verdict) -> tuple[Answer, ...]:
    """All seven passed, but for what is said otherwise (`q6=Verdict.FAIL`)."""
    return tuple(Answer(no, failed.get(f"q{no}", Verdict.PASS)) for no in SEVEN.questions)


def told(**more: Any) -> Told:
    return replace(Told(Kind.ROUTINE, "seven_items", 1, NOW, at_night=False, answers=answers()), **more)


def finding(**more: Any) -> Finding:
    made = Finding(
        new_id(), Item.GAS, GAS, "胶管老化", Grade.GENERAL, fixed_on_spot=False, rectify_by=date(2026, 11, 25)
    )
    return replace(made, **more)


def refused(told: Told, where: Where = SHOP, signatures: int = 2) -> str:
    with pytest.raises(GridGovError) as error:
        make(new_id(), "R1-S-J1", where, told, FIRST.get(told.checklist), signatures=signatures, by=BY, now=NOW)
    return error.value.code


def test_every_list_says_where_it_is_from_and_each_question_what_it_is_about() -> None:
    known = {*ITEMS, MANAGEMENT}
    for one in FIRST.values():
        contents = one.contents
        check(contents)
        assert contents.source and contents.edition and contents.certainty in ("S", "W") and one.inspectors
        for question in one.questions.values():
            assert question.item in known and bool(question.good) == bool(question.bad), (one.code, question.no)
    asked = {question.item for one in FIRST.values() for question in one.questions.values()}
    assert asked == known


@pytest.mark.parametrize("category", Category)
def test_everybody_has_a_list_for_every_kind_of_premises(category: Category) -> None:
    for inspector in Inspector:
        assert offered(FIRST.values(), category=category, inspector=inspector)


def test_an_item_is_failed_by_one_answer_and_not_applicable_where_nothing_was_looked_at() -> None:
    given = answers(q6=Verdict.FAIL, q7=Verdict.NOT_APPLICABLE)
    results = results_of(SEVEN, given, ["electricity"])
    assert (results[Item.GAS], results[Item.OIL], results[Item.ELECTRICITY]) == (
        Result.FAILED, Result.NOT_APPLICABLE, Result.FAILED
    )  # fmt: skip
    assert results[Item.EVACUATION] == Result.OK
    patrol = FIRST["unit_daily_patrol"]
    passed = [Answer(no, Verdict.PASS) for no, question in patrol.questions.items() if question.judged]
    assert results_of(patrol, passed, [])[Item.GAS] == Result.NOT_APPLICABLE


def test_a_failed_item_needs_a_finding_and_a_finding_a_failed_answer() -> None:
    failed = answers(q6=Verdict.FAIL)
    made = make(
        new_id(), "R1-S-J1", SHOP, told(answers=failed, findings=(finding(),)), SEVEN, signatures=2, by=BY, now=NOW
    ).after
    assert made.failed and made.results[Item.GAS] == Result.FAILED
    assert refused(told(answers=failed)) == "inspection_finding_missing"
    assert refused(told(findings=(finding(),))) == "inspection_finding_unfounded"
    assert refused(told(answers=failed, findings=(finding(item=Item.OIL),))) == "inspection_finding_unfounded"
    # Beside the list anything may be found.
    beside = told(findings=(finding(question="", item=Item.OIL),))
    assert make(new_id(), "R1-S-J1", SHOP, beside, SEVEN, signatures=2, by=BY, now=NOW).after.failed


def test_what_is_refused() -> None:
    failed = answers(q6=Verdict.FAIL)
    assert refused(told(answers=answers()[1:])) == "inspection_unanswered"
    assert refused(told(answers=(*answers(), Answer("1", Verdict.PASS)))) == "inspection_answer_unfit"
    assert refused(told(checklist="nobody_knows")) == "inspection_checklist_unknown"
    assert refused(told(checklist="police_committee_form")) == "inspection_checklist_unfit"
    assert refused(told(checklist="unit_daily_patrol")) == "inspection_checklist_others"
    late = finding(rectify_by=date(2026, 11, 17))
    assert refused(told(answers=failed, findings=(late,))) == "inspection_deadline_past"
    assert refused(told(answers=failed, findings=(finding(grade=Grade.MAJOR),))) == "inspection_criteria"


def test_both_sign_or_it_says_why_not() -> None:
    assert refused(told(), signatures=1) == "inspection_unsigned"
    alone = Where(None, "R1-S-01-001", "R1-S")
    for where, why in ((SHOP, "拒签"), (alone, "")):
        make(new_id(), "R1-S-J1", where, told(unsigned_why=why), SEVEN, signatures=1, by=BY, now=NOW)
        assert refused(told(unsigned_why=why), where, signatures=0) == "inspection_unsigned"


def test_a_phone_whose_clock_is_wrong_loses_nothing() -> None:
    for told_at, doubtful in ((NOW - timedelta(days=3), False), (datetime(1970, 1, 1, tzinfo=UTC), True)):
        made = make(new_id(), "R1-S-J1", SHOP, told(told_at=told_at), SEVEN, signatures=2, by=BY, now=NOW).after
        assert (made.doubtful, made.told.told_at) == (doubtful, told_at)
        assert made.made_at == (NOW if doubtful else told_at)
    past = told(told_at=datetime(2024, 3, 5, tzinfo=UTC), answers=answers(q6=Verdict.FAIL))
    assert enter(new_id(), "R1-S-J1", SHOP, past, SEVEN, inspector="P9", by=BY, now=NOW).after.made_at.year == 2024
