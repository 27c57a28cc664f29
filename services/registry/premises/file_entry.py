"""One entry in a premises' fire-safety file. Pure. What is struck out stays readable with its day."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry.errors import FILE_ENTRY_STRUCK_OUT
from services.registry.premises.file_items import ITEMS, Values
from shared.change import Actor, Change


@dataclass(frozen=True, slots=True)
class FileEntry:
    """`due_on` is the local day by which something must be done. Who sees the premises sees the entry."""

    id: UUID
    premises_id: UUID
    item: str
    values: dict[str, Any]
    due_on: date | None
    struck_out_on: date | None
    version: int


def write(id: UUID, premises_id: UUID, item: str, values: Values, *, by: Actor, now: datetime) -> Change[FileEntry]:
    """A new entry of what was checked against the item's columns."""
    entry = FileEntry(id, premises_id, item, dict(values), ITEMS[item].due(values), None, 1)
    return Change(entry, "write", by, now, what={"premises": str(premises_id), "item": item})


def rewrite(
    before: FileEntry, values: Values, documents: int, *, by: Actor, now: datetime, why: str | None
) -> Change[FileEntry]:
    """The entry with other values, and so many more documents. Raises Conflict for one that was struck out."""
    if before.struck_out_on is not None:
        raise FILE_ENTRY_STRUCK_OUT()
    after = replace(before, values=dict(values), due_on=ITEMS[before.item].due(values), version=before.version + 1)
    changed = sorted(name for name in {**before.values, **values} if before.values.get(name) != values.get(name))
    what: dict[str, Any] = {"changed": changed, **({"documents": documents} if documents else {})}
    return Change(after, "rewrite", by, now, why, what)


def strike_out(before: FileEntry, today: date, *, by: Actor, now: datetime, why: str | None) -> Change[FileEntry]:
    """The entry, which does not hold any more: nothing is due for it. Raises Conflict the second time."""
    if before.struck_out_on is not None:
        raise FILE_ENTRY_STRUCK_OUT()
    after = replace(before, struck_out_on=today, due_on=None, version=before.version + 1)
    return Change(after, "strike_out", by, now, why)
