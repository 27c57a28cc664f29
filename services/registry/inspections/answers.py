"""What was answered to a checklist, and what that says of the seven items. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.registry.hazards.items import ITEMS
from services.registry.inspections.checklists import Checklist
from services.registry.inspections.errors import INSPECTION_ANSWER_UNFIT, INSPECTION_UNANSWERED


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOTED = "noted"
    """Answered in words: the question judges nobody."""


class Result(StrEnum):
    """Of one of the seven items. What no question was about was not looked at, which is not applicable too."""

    OK = "ok"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


RESULTS: Final = {Result.OK: "合格", Result.FAILED: "不合格", Result.NOT_APPLICABLE: "不涉及"}


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    verdict: Verdict
    text: str = ""


def check_answers(checklist: Checklist, answers: Iterable[Answer]) -> None:
    """Raise Invalid unless every question that judges is answered once, as it can be, and no other is."""
    given: set[str] = set()
    questions = checklist.questions
    for answer in answers:
        question = questions.get(answer.question)
        fits = question is not None and question.judged == (answer.verdict is not Verdict.NOTED)
        if not fits or answer.question in given:
            raise INSPECTION_ANSWER_UNFIT(question=answer.question, data={"question": answer.question})
        given.add(answer.question)
    if missing := [no for no, question in questions.items() if question.judged and no not in given]:
        raise INSPECTION_UNANSWERED(missing=missing, data={"missing": missing})


def results_of(checklist: Checklist, answers: Iterable[Answer], found: Iterable[str]) -> Mapping[str, Result]:
    """The seven items: failed where one question about it failed or something was `found` beside the list, else ok where
    one was passed."""
    results: dict[str, Result] = dict.fromkeys(ITEMS, Result.NOT_APPLICABLE)
    questions = checklist.questions
    for answer in answers:
        item = questions[answer.question].item
        if item in results and answer.verdict is Verdict.FAIL:
            results[item] = Result.FAILED
        elif results.get(item) is Result.NOT_APPLICABLE and answer.verdict is Verdict.PASS:
            results[item] = Result.OK
    return results | {item: Result.FAILED for item in found if item in results}
