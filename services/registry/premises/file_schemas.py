"""What the endpoints for the files of premises take and give."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, Field, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_items import ITEMS
from services.registry.premises.file_items import Field as OfItem
from services.registry.premises.file_reading import named
from services.registry.premises.file_sections import SECTIONS, Ledger, Section
from shared.files.attach import DocumentOut
from shared.files.table import MOST_OF_A_THING
from shared.http.days import AsOf, Day
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, MediumText, StrictModel, Text

ItemCode = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
_Name = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
_WORDS = Text(0, 1_000)
_LARGEST = 2**31 - 1


def _one_kind(value: Any, _: ValidatorFunctionWrapHandler) -> str | int:
    """One reason for a value that is refused: the union itself says of a text that is too long that it is no integer, too."""
    if isinstance(value, str):
        return _WORDS.check(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise PydanticCustomError(
            "text_or_whole",
            "must be text, or an integer up to {most}",
            {"most": _LARGEST, "zh": "应是文字，或不超过 {most} 的整数"},
        )
    return value


_Value = Annotated[Annotated[str, _WORDS] | int, WrapValidator(_one_kind)]
Told = Annotated[dict[_Name, _Value], Field(max_length=20)]
"""By the names of the item's columns (`GET /premises/file-items`); days as YYYY-MM-DD."""


Documents = Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)]
"""PDF files of the caller's (`POST /files`), added to those that the entry has."""


class EntryIn(StrictModel):
    item: ItemCode
    values: Told
    documents: Documents = ()


class EntryChange(StrictModel):
    values: Told
    documents: Documents = ()
    why: MediumText | None = None


class StrikeOut(StrictModel):
    why: MediumText | None = None


class EntryOut(BaseModel):
    """`due_on` is the local day by which something must be done about it; `due_zh` and `due_en` say what. Where `ledger`
    is not empty, it is a row of that ledger (its path, with this `id`), which is changed there."""

    id: UUID
    premises_id: UUID
    item: str
    item_zh: str
    item_en: str
    ledger: str
    values: dict[str, str | int]
    due_on: date | None
    due_zh: str
    due_en: str
    struck_out_on: date | None
    documents: list[DocumentOut]
    version: int


class FileOut(BaseModel):
    """All that stands in one file."""

    entries: list[EntryOut]


class FileQuery(AsOf):
    """`struck_out` adds the entries that do not hold any more."""

    struck_out: bool = False


class DueEntry(EntryOut):
    number: str
    name: str


class DueQuery(PageQuery):
    """What is due before a local day (in a month from today where it is left out), in `area` and below."""

    before: Day | None = None
    area: Code | None = None


class FieldOut(BaseModel):
    name: str
    zh: str
    en: str
    kind: str
    required: bool
    choices: list[str]


class ItemOut(BaseModel):
    """`ledger`: where the rows come from that the file shows here (a path of the API); empty for its own entries. What is
    `of_authority` the place itself does not enter."""

    code: str
    zh: str
    en: str
    ledger: str
    of_authority: bool
    fields: list[FieldOut]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOut(Section):
    """One of the nine basic or nine management items: what is written there, or the ledger of its own that fills it."""

    items: tuple[str, ...]
    ledger: Ledger | None


class ItemsOut(BaseModel):
    """The sections of a file and the items that are written there, in the order in which it shows them."""

    sections: list[SectionOut]
    items: list[ItemOut]


def entry_out(entry: FileEntry, documents: Mapping[UUID, list[DocumentOut]]) -> EntryOut:
    return EntryOut(**_facts(entry, documents))


def due_entry(row: sa.RowMapping) -> DueEntry:
    """What is due, without its documents."""
    return DueEntry(**_facts(named(row), {}), number=row["number"], name=row["name"])


def items_out() -> ItemsOut:
    items = [
        ItemOut(
            code=item.code,
            zh=item.zh,
            en=item.en,
            ledger=item.ledger,
            of_authority=item.of_authority,
            fields=list(map(field_out, item.fields)),
        )
        for item in ITEMS.values()
    ]
    return ItemsOut(sections=[SectionOut(**asdict(section)) for section in SECTIONS], items=items)


def field_out(field: OfItem) -> FieldOut:
    return FieldOut(
        name=field.name, zh=field.zh, en=field.en, kind=field.kind, required=field.required,
        choices=list(field.choices),
    )  # fmt: skip


def _facts(entry: FileEntry, documents: Mapping[UUID, list[DocumentOut]]) -> dict[str, Any]:
    item = ITEMS[entry.item]
    return {
        "id": entry.id, "premises_id": entry.premises_id, "item": entry.item, "item_zh": item.zh, "item_en": item.en,
        "ledger": item.ledger,
        "values": entry.values, "due_on": entry.due_on, "due_zh": item.due_zh if entry.due_on else "",
        "due_en": item.due_en if entry.due_on else "", "struck_out_on": entry.struck_out_on,
        "documents": documents.get(entry.id, []), "version": entry.version,
    }  # fmt: skip
