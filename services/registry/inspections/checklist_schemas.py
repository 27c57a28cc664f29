"""What the endpoint for checklists takes and gives."""

from collections.abc import Sequence

from pydantic import BaseModel

from services.registry.hazards.items import ITEMS, Item
from services.registry.inspections.checklists import INSPECTORS, Checklist, Inspector
from shared.http.types import Id, QueryModel


class ChecklistQuery(QueryModel):
    """All lists, or those that fit `premises_id`; of one kind of inspector where named."""

    premises_id: Id | None = None
    inspector: Inspector | None = None


class QuestionOut(BaseModel):
    """`item` is one of the seven or `management`; `good` and `bad` name the two answers, both "" where it is answered in
    words."""

    no: str
    group: str
    text: str
    item: str
    good: str
    bad: str


class ChecklistOut(BaseModel):
    """`categories` of premises that it fits, null for all; `areas` whether it fits without premises. `certainty`: S is a
    law's own text, W was read second hand."""

    code: str
    version: int
    zh: str
    en: str
    edition: str
    source: str
    certainty: str
    inspectors: list[Inspector]
    categories: list[str] | None
    areas: bool
    questions: list[QuestionOut]


class ChecklistsOut(BaseModel):
    """`items_zh` and `inspectors_zh` say in words what the codes are."""

    items: list[ChecklistOut]
    items_zh: dict[Item, str]
    inspectors_zh: dict[Inspector, str]


def checklists_out(found: Sequence[Checklist]) -> ChecklistsOut:
    return ChecklistsOut(
        items=[_checklist_out(one) for one in found],
        items_zh={item: zh for item, (zh, _) in ITEMS.items()},
        inspectors_zh=dict(INSPECTORS),
    )


def _checklist_out(one: Checklist) -> ChecklistOut:
    return ChecklistOut(
        code=one.code, version=one.version, zh=one.zh, en=one.en, edition=one.edition, source=one.source,
        certainty=one.certainty, inspectors=sorted(one.inspectors), areas=one.areas,
        categories=None if one.categories is None else sorted(one.categories),
        questions=[
            QuestionOut(
                no=each.no, group=each.group, text=each.text, item=each.item, good=each.good, bad=each.bad
            )
            for each in one.questions.values()
        ],
    )  # fmt: skip
