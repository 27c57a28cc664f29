"""A premises' file as one workbook, a sheet per item; and the check of an entry, the same for form and table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_items import ITEMS, Field, Item
from services.registry.premises.premises import Premises
from services.registry.premises.sheet import PREMISES, row_of
from shared.errors import GridGovError, Invalid
from shared.sheets.columns import Column
from shared.sheets.write import Heading, Page, workbook_bytes

_ZERO: Final = datetime(1899, 12, 30, tzinfo=UTC)


def column_of(field: Field) -> Column:
    choices = {words: words for words in field.choices}
    return Column(field.name, field.zh, field.en, field.kind, required=field.required, choices=choices)


COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    code: tuple(column_of(field) for field in item.fields) for code, item in ITEMS.items()
}


def checked(item: Item, told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of an entry, as it is kept. Raises Invalid, naming the field."""
    return values_of(COLUMNS[item.code], told, "values")


def values_of(columns: Iterable[Column], told: Mapping[str, Any], part: str) -> dict[str, Any]:
    """What is told, by the columns' names, as JSON keeps it; what is empty is left out. Raises Invalid, which names the
    field within `part` of the body."""
    values: dict[str, Any] = {}
    for column in columns:
        try:
            value = column.reader()(told.get(column.name), _ZERO)
        except GridGovError as error:
            raise Invalid(error.code, error.zh, error.en, field=f"{part}.{column.name}") from None
        if value not in (None, ""):
            values[column.name] = value.isoformat() if isinstance(value, date) else value
    return values


def file_workbook(one: Premises, entries: Sequence[FileEntry]) -> bytes:
    """The head of the file as the ledger exports it, and a sheet for each item with what stands there."""
    row = row_of(one)
    head = Page(
        "基本信息",
        (Heading("项目"), Heading("内容")),
        [[column.zh, column.shown(row.get(column.name))] for column in PREMISES.columns],
    )
    pages = [head]
    for item in ITEMS.values():
        own = [entry for entry in entries if entry.item == item.code]
        headings = [Heading(field.zh) for field in item.fields] + ([Heading("到期日")] if item.due_zh else [])
        rows = [
            [_cell(field, entry.values) for field in item.fields] + ([entry.due_on] if item.due_zh else [])
            for entry in own
        ]
        pages.append(Page(item.zh, headings, rows))
    return workbook_bytes(pages)


def _cell(field: Field, values: Mapping[str, Any]) -> Any:
    value = values.get(field.name)
    return date.fromisoformat(value) if field.kind == "date" and value else value
