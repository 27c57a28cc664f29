"""What the endpoint for checklists takes and gives."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pydantic import BaseModel

from services.registry.hazards.items import ITEMS, Item
from services.registry.inspections.checklists import INSPECTORS, PATROL, Checklist, Contents, Inspector, Question
from shared.http.types import Id, QueryModel


class ChecklistQuery(QueryModel):
    """All lists, or those that fit `premises_id`; of one kind of inspector where named."""

    premises_id: Id | None = None
    inspector: Inspector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOut(Question):
    """`item` is one of the seven or `management`; `good` and `bad` name the two answers, both "" where it is answered in
    words."""

    good: str
    bad: str


class ContentsOut(BaseModel):
    """`categories` of premises that it fits, null for all; `areas` whether it fits without premises. `certainty`: S is a
    law's own text, W was read second hand, A is the area's own."""

    zh: str
    en: str
    edition: str
    source: str
    certainty: str
    inspectors: list[Inspector]
    categories: list[str] | None
    areas: bool
    questions: list[QuestionOut]


class ChecklistOut(ContentsOut):
    """A version. It is offered in `area` and below, null: everywhere. A check by a `patrol` list is a patrol alone: it
    stands for no check of the month."""

    code: str
    version: int
    area: str | None
    patrol: bool


class ChecklistsOut(BaseModel):
    """`items_zh` and `inspectors_zh` say in words what the codes are."""

    items: list[ChecklistOut]
    items_zh: dict[Item, str]
    inspectors_zh: dict[Inspector, str]


def checklists_out(found: Sequence[Checklist]) -> ChecklistsOut:
    return ChecklistsOut(
        items=[checklist_out(one) for one in found],
        items_zh={item: zh for item, (zh, _) in ITEMS.items()},
        inspectors_zh=dict(INSPECTORS),
    )


def checklist_out(one: Checklist) -> ChecklistOut:
    contents = contents_out(one.contents).model_dump()
    return ChecklistOut(code=one.code, version=one.version, area=one.area, patrol=one.code == PATROL, **contents)


def contents_out(contents: Contents) -> ContentsOut:
    told = {name: getattr(contents, name) for name in ("zh", "en", "edition", "source", "certainty", "areas")}
    return ContentsOut(
        **told, inspectors=sorted(contents.inspectors),
        categories=None if contents.categories is None else sorted(contents.categories),
        questions=[QuestionOut(**asdict(question)) for question in contents.questions],
    )  # fmt: skip
