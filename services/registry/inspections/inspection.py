"""One inspection (检查) and what must be true of it. Pure. It is made once and never changed.

What it found lives on as hazards, one for each finding; the inspection keeps what was seen that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registry.hazards.hazard import Grade
from services.registry.hazards.items import Item
from services.registry.inspections.answers import Answer, Result, Verdict, check_answers, results_of
from services.registry.inspections.checklists import MANAGEMENT, Checklist, Inspector
from services.registry.inspections.errors import (
    INSPECTION_CHECKLIST_OTHERS,
    INSPECTION_CHECKLIST_UNFIT,
    INSPECTION_CHECKLIST_UNKNOWN,
    INSPECTION_CRITERIA,
    INSPECTION_DEADLINE_PAST,
    INSPECTION_FINDING_MISSING,
    INSPECTION_FINDING_UNFOUNDED,
    INSPECTION_UNSIGNED,
)
from services.registry.premises.kinds import Category
from shared.change import Actor, Change
from shared.clock import local_day
from shared.events.registry.inspections import Found, InspectionMade


class Kind(StrEnum):
    ROUTINE = "routine"
    FOCUSED = "focused"
    SPOT_CHECK = "spot_check"
    JOINT = "joint"
    SELF = "self"


KINDS: Final = {
    Kind.ROUTINE: ("日常检查", "routine"),
    Kind.FOCUSED: ("专项检查", "focused"),
    Kind.SPOT_CHECK: ("抽查", "spot check"),
    Kind.JOINT: ("联合检查", "joint"),
    Kind.SELF: ("单位自查", "by the place itself"),
}

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""What a phone's clock may be ahead without doubt."""
KEPT_ON_A_PHONE: Final = timedelta(days=366)
"""An inspection that a phone dates earlier was not then: its clock had lost the date."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was wrong, and the hazard that it opened. `question` is "" for what no question asked about. `rectify_by` is a
    local day; `edition` and `element` name the criteria that made it a major hazard."""

    hazard_id: UUID
    item: Item
    question: str
    text: str
    grade: Grade
    fixed_on_spot: bool
    rectify_by: date | None = None
    edition: str = ""
    element: str = ""
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the inspector wrote down. `told_at` is when, as their clock had it; `inspected_person` stood for the place, and
    `unsigned_why` says why nobody signed for it."""

    kind: Kind
    checklist: str
    checklist_version: int
    told_at: datetime
    at_night: bool
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...] = ()
    companions: str = ""
    inspected_person: str = ""
    unsigned_why: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Premises, or (without) a part of the street. `category` is what the premises were on that day."""

    premises_id: UUID | None
    unit: str
    street: str
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """`made_at` is when it was, as told or, where that cannot be (`doubtful`), when it came; `inspector` the subject of
    who made it, `by_unit` where they act. `imported` came from a table of past ones, which has no signatures."""

    id: UUID
    number: str
    where: Where
    told: Told
    made_at: datetime
    doubtful: bool
    inspector: str
    by_unit: str | None
    sent_at: datetime
    results: Mapping[str, Result]
    imported: bool
    version: int

    @property
    def asked(self) -> tuple[str, int]:
        """Code and version of its checklist."""
        return self.told.checklist, self.told.checklist_version

    @property
    def failed(self) -> bool:
        return bool(self.told.findings) or any(answer.verdict is Verdict.FAIL for answer in self.told.answers)


def make(
    id: UUID, number: str, where: Where, told: Told, checklist: Checklist | None, *, signatures: int, by: Actor,
    now: datetime,
) -> Change[Inspection]:  # fmt: skip
    """A new inspection by the `checklist` that was told (None where there is none such), with `signatures` of two people,
    of one where nobody else was there to sign: in the street, and when the place checked itself. Raises Invalid for what
    cannot be."""
    alone = where.premises_id is None or told.kind is Kind.SELF
    if signatures < (1 if told.unsigned_why or alone else 2):
        raise INSPECTION_UNSIGNED()
    fitting = _fitting(checklist, told, where.category)
    _check_findings(fitting, told)
    doubtful = not now - KEPT_ON_A_PHONE <= told.told_at <= now + CLOCKS_DIFFER
    made_at = now if doubtful else told.told_at
    return _made(id, number, where, told, fitting, made_at=made_at, doubtful=doubtful, imported=False, by=by, now=now)


def enter(
    id: UUID, number: str, where: Where, told: Told, checklist: Checklist, *, inspector: str, by: Actor, now: datetime
) -> Change[Inspection]:
    """A past inspection from a table, of any age and without signatures and findings. Raises Invalid for what cannot be."""
    return _made(
        id,
        number,
        where,
        told,
        _fitting(checklist, told, where.category),
        made_at=told.told_at,
        doubtful=False,
        imported=True,
        inspector=inspector,
        by=by,
        now=now,
    )


def _made(
    id: UUID, number: str, where: Where, told: Told, checklist: Checklist, *,
    made_at: datetime, doubtful: bool, imported: bool, by: Actor, now: datetime, inspector: str | None = None,
) -> Change[Inspection]:  # fmt: skip
    check_answers(checklist, told.answers)
    results = results_of(checklist, told.answers, (finding.item for finding in told.findings))
    made = Inspection(
        id=id, number=number, where=where, told=told, made_at=made_at, doubtful=doubtful,
        inspector=inspector or by.id, by_unit=by.unit, sent_at=now, results=results, imported=imported, version=1,
    )  # fmt: skip
    what = {
        "number": number, "kind": told.kind, "checklist": told.checklist, "made_at": made_at.isoformat(),
        "unit": where.unit, "findings": [str(finding.hazard_id) for finding in told.findings],
    }  # fmt: skip
    return Change(made, "make", by, now, what=what, events=(_event(made, checklist),))


def _fitting(checklist: Checklist | None, told: Told, category: Category | None) -> Checklist:
    if checklist is None:
        raise INSPECTION_CHECKLIST_UNKNOWN()
    if not checklist.fits(category):
        raise INSPECTION_CHECKLIST_UNFIT(checklist=checklist.zh, checklist_en=checklist.en)
    own = told.kind is Kind.SELF
    if not (Inspector.UNIT in checklist.inspectors if own else checklist.inspectors - {Inspector.UNIT}):
        raise INSPECTION_CHECKLIST_OTHERS(checklist=checklist.zh, checklist_en=checklist.en)
    return checklist


def _check_findings(checklist: Checklist, told: Told) -> None:
    """Each failed question of the seven items has a finding, and a finding to a question says what failed there."""
    day = local_day(told.told_at)
    failed = {answer.question for answer in told.answers if answer.verdict is Verdict.FAIL}
    for finding in told.findings:
        if finding.rectify_by is not None and finding.rectify_by < day:
            raise INSPECTION_DEADLINE_PAST()
        if (finding.grade is Grade.MAJOR) != bool(finding.edition and finding.element):
            raise INSPECTION_CRITERIA()
        if not finding.question:
            continue
        question = checklist.questions.get(finding.question)
        if question is None or finding.question not in failed or question.item not in (finding.item, MANAGEMENT):
            raise INSPECTION_FINDING_UNFOUNDED(question=finding.question, data={"question": finding.question})
    opened = {finding.question for finding in told.findings}
    wanted = [no for no in failed - opened if checklist.questions[no].item != MANAGEMENT]
    if wanted:
        raise INSPECTION_FINDING_MISSING(questions=sorted(wanted), data={"questions": sorted(wanted)})


def _event(made: Inspection, checklist: Checklist) -> InspectionMade:
    told = made.told
    return InspectionMade(
        inspection_id=made.id, number=made.number, kind=told.kind, premises_id=made.where.premises_id,
        unit=made.where.unit, street=made.where.street, checklist=checklist.code, checklist_version=checklist.version,
        made_at=made.made_at, at_night=told.at_night, inspector=made.inspector, inspector_unit=made.by_unit,
        results=dict(made.results), imported=made.imported, version=made.version,
        findings=tuple(
            Found(hazard_id=one.hazard_id, item=one.item, grade=one.grade, fixed_on_spot=one.fixed_on_spot)
            for one in told.findings
        ),
    )  # fmt: skip
