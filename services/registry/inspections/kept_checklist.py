"""One checklist as it is kept: which version is the newest, and the draft of the next. Pure.

Who inspects uses the newest; what was inspected keeps the version that it was inspected by.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registry.inspections.checklists import Contents, check
from services.registry.inspections.errors import CHECKLIST_WITHOUT_DRAFT
from shared.change import Actor, Change


@dataclass(frozen=True, slots=True)
class KeptChecklist:
    """`code` is its own for ever, and so is the `area` in and below which it is offered (None: everywhere). `newest` is the
    number of the newest version, 0 before the first."""

    id: UUID
    code: str
    area: str | None
    newest: int
    draft: Contents | None
    version: int


def draft(
    before: KeptChecklist, contents: Contents, *, by: Actor, now: datetime, why: str | None
) -> Change[KeptChecklist]:
    """The list with `contents` as the draft of its next version; `before` has version 0 where it is new. Raises Invalid."""
    check(contents)
    after = replace(before, draft=contents, version=before.version + 1)
    return Change(after, "draft", by, now, why, {"code": before.code, "questions": len(contents.questions)})


def publish(before: KeptChecklist, *, by: Actor, now: datetime, why: str | None) -> Change[KeptChecklist]:
    """The list with its draft as the newest version. Raises Conflict where there is no draft."""
    if before.draft is None:
        raise CHECKLIST_WITHOUT_DRAFT()
    after = replace(before, newest=before.newest + 1, draft=None, version=before.version + 1)
    return Change(after, "publish", by, now, why, {"code": before.code, "published": after.newest})
