"""What the endpoints that keep checklists take and give."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.hazards.items import Item
from services.registry.inspections.checklist_schemas import ChecklistOut, ContentsOut, checklist_out, contents_out
from services.registry.inspections.checklists import Checklist, Contents, Inspector, Question
from services.registry.inspections.kept_checklist import KeptChecklist
from services.registry.premises.kinds import Category
from shared.http.types import Code, MediumText, QueryModel, ShortText, StrictModel, Text

ChecklistCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Answered = Annotated[str, Text(0, 20)]


class QuestionBody(StrictModel):
    """`item` is one of the seven or `management`; without `good` and `bad` it is answered in words and fails nobody."""

    no: Annotated[str, Text(1, 10)]
    group: ShortText
    text: MediumText
    item: Item | Literal["management"]
    good: Answered = ""
    bad: Answered = ""

    def question(self) -> Question:
        return Question(**{name: str(getattr(self, name)) for name in QuestionBody.model_fields})


class HeadBody(StrictModel):
    """What a list says besides its questions: its edition and source, who inspects by it (`inspectors`), at which kinds of
    premises (`categories`, null for all) and whether also in a part of the street without any (`areas`)."""

    zh: ShortText
    en: ShortText
    edition: ShortText
    source: MediumText
    certainty: Literal["S", "W", "A"] = "A"
    inspectors: Annotated[tuple[Inspector, ...], Field(min_length=1, max_length=3)]
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=20)] | None = None
    areas: bool = False

    def contents(self, questions: Iterable[Question]) -> Contents:
        """With its questions."""
        told = {name: getattr(self, name) for name in HeadBody.model_fields}
        told |= {"inspectors": frozenset(self.inspectors), "questions": tuple(questions)}
        return Contents(**told | {"categories": None if self.categories is None else frozenset(self.categories)})


class DraftBody(HeadBody):
    """The whole next version. `area`: in and below which the list is offered, for ever; null everywhere. `why` goes on the
    trail."""

    area: Code | None = None
    questions: Annotated[tuple[QuestionBody, ...], Field(min_length=1, max_length=200)]
    why: MediumText | None = None

    def drafted(self) -> Contents:
        return self.contents(one.question() for one in self.questions)


class PublishBody(StrictModel):
    why: MediumText | None = None


class KeptListed(BaseModel):
    """One list: `newest` is the number of its newest version (0: none yet); `drafted` whether the next one is begun.
    `version` is what a change wants as If-Match, null where the list was never changed."""

    code: str
    area: str | None
    zh: str
    en: str
    newest: int
    drafted: bool
    inspectors: list[Inspector]
    categories: list[str] | None
    questions: int
    version: int | None


class KeptLists(BaseModel):
    items: list[KeptListed]


class KeptOut(BaseModel):
    """One list with the draft of its next version, and all its versions, the newest first."""

    id: UUID | None
    code: str
    area: str | None
    draft: ContentsOut | None
    versions: list[ChecklistOut]
    version: int | None


class ChecklistFilter(QueryModel):
    """One list, or all."""

    code: ChecklistCode | None = None


def kept_listed(kept: KeptChecklist | None, newest: Checklist | None) -> KeptListed:
    """Of a list that is kept, was published, or both."""
    contents = newest.contents if newest else kept.draft if kept else None
    one = kept or newest
    if one is None or contents is None:
        raise TypeError("neither kept nor published")
    return KeptListed(
        code=one.code, area=one.area, zh=contents.zh, en=contents.en, newest=newest.version if newest else 0,
        drafted=kept is not None and kept.draft is not None, inspectors=sorted(contents.inspectors),
        categories=None if contents.categories is None else sorted(contents.categories),
        questions=len(contents.questions), version=kept.version if kept else None,
    )  # fmt: skip


def kept_out(code: str, kept: KeptChecklist | None, versions: list[Checklist]) -> KeptOut:
    return KeptOut(
        id=kept.id if kept else None, code=code, area=kept.area if kept else None,
        draft=contents_out(kept.draft) if kept and kept.draft else None,
        versions=[checklist_out(one) for one in versions], version=kept.version if kept else None,
    )  # fmt: skip
