"""What the endpoints for inspections take and give."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.hazards.hazard import Grade
from services.registry.hazards.items import ITEMS, Item
from services.registry.inspections.answers import Answer, Result, Verdict
from services.registry.inspections.checklists import Checklist
from services.registry.inspections.inspection import KINDS, Finding, Kind, Told
from services.registry.inspections.make_inspection import PHOTO, Sent
from services.registry.inspections.reading import Opened, Placed
from shared.auth.principal import STAFF, Principal
from shared.files.attach import PhotoOut
from shared.files.table import MOST_OF_A_THING
from shared.http.days import Day
from shared.http.types import Code, Id, MediumText, StrictModel, Text, ToldInstant
from shared.ids import new_id

Remark = Annotated[str, Text(0, 1_000)]
Short = Annotated[str, Text(0, 100)]
ChecklistCode = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
QuestionNo = Annotated[str, Field(pattern=r"^[0-9]{1,3}(\.[0-9])?$")]
Photos = Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)]
_MOST_ANSWERS = 200


class AnswerIn(StrictModel):
    """`verdict` is `noted` for a question that is answered in words alone."""

    question: QuestionNo
    verdict: Verdict
    text: Remark = ""


class FindingIn(StrictModel):
    """What is wrong; it opens a hazard. `question` is the failed one, left out for what no question asked about; the
    deadline is a local day; a major one names `edition` and `element` of the criteria."""

    item: Item
    text: MediumText
    question: QuestionNo | None = None
    grade: Grade = Grade.GENERAL
    fixed_on_spot: bool = False
    rectify_by: Day | None = None
    edition: Short = ""
    element: Short = ""
    photos: Photos = ()


class InspectionIn(StrictModel):
    """At `premises_id`, or without it in `unit`. `made_at` is when, as the phone's clock had it. Signatures and photos are
    files that the caller uploaded to `/registry/files`; where nobody signed for the place, `unsigned_why` says why."""

    premises_id: Id | None = None
    unit: Code | None = None
    kind: Kind
    checklist: ChecklistCode
    checklist_version: Annotated[int, Field(ge=1, le=10_000)]
    made_at: ToldInstant
    at_night: bool = False
    answers: Annotated[tuple[AnswerIn, ...], Field(max_length=_MOST_ANSWERS)]
    findings: Annotated[tuple[FindingIn, ...], Field(max_length=50)] = ()
    companions: Remark = ""
    inspected_person: Short = ""
    unsigned_why: Remark = ""
    remark: Remark = ""
    photos: Photos = ()
    inspector_signature: Id | None = None
    inspected_signature: Id | None = None

    def sent(self) -> Sent:
        """What it asks, each finding with the id of the hazard that it will open."""
        told = Told(
            kind=self.kind, checklist=self.checklist, checklist_version=self.checklist_version, told_at=self.made_at,
            at_night=self.at_night, companions=self.companions,
            inspected_person=self.inspected_person, unsigned_why=self.unsigned_why, remark=self.remark,
            answers=tuple(Answer(one.question, one.verdict, one.text) for one in self.answers),
            findings=tuple(
                Finding(
                    hazard_id=new_id(), item=one.item, question=one.question or "", text=one.text, grade=one.grade,
                    fixed_on_spot=one.fixed_on_spot, rectify_by=one.rectify_by, edition=one.edition,
                    element=one.element, photos=one.photos,
                )
                for one in self.findings
            ),
        )  # fmt: skip
        return Sent(self.premises_id, self.unit, told, self.photos, self.inspector_signature, self.inspected_signature)


class InspectionReceipt(BaseModel):
    """`repeated` when the same was sent before under the same key."""

    id: UUID
    number: str
    repeated: bool


class ListedInspection(BaseModel):
    """`failed` where an answer failed or something was found; `results` of the seven items; `inspector` is a subject, with
    what that person is called. That and `companions` are for staff, and for nobody else."""

    id: UUID
    number: str
    kind: Kind
    kind_zh: str
    checklist: str
    checklist_zh: str
    premises_id: UUID | None
    premises: str
    premises_number: str
    unit: str
    unit_name: str
    made_at: datetime
    doubtful: bool
    at_night: bool
    inspector: str | None
    inspector_name: str | None
    by_unit: str | None
    companions: str
    results: dict[Item, Result]
    failed: bool
    findings: int
    imported: bool


class AnswerOut(BaseModel):
    """A question with its answer; `said` is the answer in the checklist's own word, "" where none was chosen."""

    question: str
    group: str
    asked: str
    item: str
    verdict: Verdict
    said: str
    text: str


class FindingOut(BaseModel):
    """A finding with the hazard that it opened, as that is now."""

    hazard_id: UUID
    hazard_number: str
    hazard_state: str
    item: Item
    item_zh: str
    question: str
    text: str
    grade: Grade
    fixed_on_spot: bool
    rectify_by: date | None
    edition: str
    element: str
    photos: list[PhotoOut]


class InspectionOut(ListedInspection):
    """One inspection whole. `told_at` is when it was as the phone's clock had it."""

    checklist_version: int
    edition: str
    source: str
    told_at: datetime
    sent_at: datetime
    inspected_person: str
    unsigned_why: str
    remark: str
    answers: list[AnswerOut]
    found: list[FindingOut]
    photos: list[PhotoOut]
    signatures: list[PhotoOut]
    version: int


def listed(placed: Placed, checklist: Checklist, caller: Principal, names: Mapping[str, str]) -> ListedInspection:
    return ListedInspection(**_head(placed, checklist, caller, names))


def shown(
    placed: Placed,
    checklist: Checklist,
    caller: Principal,
    opened: Mapping[UUID, Opened],
    photos: Sequence[PhotoOut],
    photos_of_hazards: Mapping[UUID, Sequence[PhotoOut]],
    names: Mapping[str, str],
) -> InspectionOut:
    one = placed.inspection
    told = one.told
    return InspectionOut(
        **_head(placed, checklist, caller, names), checklist_version=checklist.version, edition=checklist.contents.edition,
        source=checklist.contents.source,
        told_at=told.told_at, sent_at=one.sent_at, inspected_person=told.inspected_person,
        unsigned_why=told.unsigned_why, remark=told.remark, version=one.version,
        answers=[_answer_out(answer, checklist) for answer in told.answers],
        found=[_finding_out(finding, opened, photos_of_hazards) for finding in told.findings],
        photos=[photo for photo in photos if photo.use == PHOTO],
        signatures=[photo for photo in photos if photo.use != PHOTO],
    )  # fmt: skip


def _head(placed: Placed, checklist: Checklist, caller: Principal, names: Mapping[str, str]) -> dict[str, Any]:
    one = placed.inspection
    told, where = one.told, one.where
    return {
        "id": one.id, "number": one.number, "kind": told.kind, "kind_zh": KINDS[told.kind][0],
        "checklist": told.checklist, "checklist_zh": checklist.zh,
        "premises_id": where.premises_id, "premises": placed.premises, "premises_number": placed.premises_number,
        "unit": where.unit, "unit_name": placed.unit_name, "made_at": one.made_at, "doubtful": one.doubtful,
        "at_night": told.at_night, "inspector": caller.meets(one.inspector), "inspector_name": names.get(one.inspector),
        "by_unit": one.by_unit, "companions": told.companions if caller.role in STAFF else "",
        "results": dict(one.results), "failed": one.failed, "findings": len(told.findings), "imported": one.imported,
    }  # fmt: skip


def _answer_out(answer: Answer, checklist: Checklist) -> AnswerOut:
    question = checklist.questions[answer.question]
    said = {Verdict.PASS: question.good, Verdict.FAIL: question.bad, Verdict.NOT_APPLICABLE: "不涉及"}
    return AnswerOut(
        question=question.no, group=question.group, asked=question.text, item=question.item, verdict=answer.verdict,
        said=said.get(answer.verdict, ""), text=answer.text,
    )  # fmt: skip


def _finding_out(
    finding: Finding, opened: Mapping[UUID, Opened], photos: Mapping[UUID, Sequence[PhotoOut]]
) -> FindingOut:
    hazard = opened[finding.hazard_id]
    return FindingOut(
        hazard_id=finding.hazard_id, hazard_number=hazard.number, hazard_state=hazard.state, item=finding.item,
        item_zh=ITEMS[finding.item][0], question=finding.question, text=finding.text, grade=finding.grade,
        fixed_on_spot=finding.fixed_on_spot, rectify_by=finding.rectify_by, edition=finding.edition,
        element=finding.element, photos=[photo for photo in photos.get(finding.hazard_id, ()) if photo.id in finding.photos],
    )  # fmt: skip
