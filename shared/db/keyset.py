"""Lists of any order, whole or by pages that begin behind the values the page before ended with: nothing is skipped or
shown twice when rows come in between.

    order = (reports.c.submitted_at, reports.c.id)
    page = await Paged(connection, scope.select(reports), order, Reports.codec.of).page(50, cursor)

The last column of the order must be unique. NULLs sort last in either direction. `next` is None only at the end: a page
of long texts ends before its limit.
"""

import base64
import binascii
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import operators

from shared.errors import Invalid

T = TypeVar("T")

CURSOR_INVALID: Final = Invalid.row(
    "cursor_invalid",
    "翻页标记无效，请从第一页重新读取。",
    "The cursor is not one of this list; read again from the first page.",
    field="after",
)
LARGEST_PAGE: Final = 1_000_000
"""Bytes of text in one page; beyond that it ends after the first row that leads there."""
_READ: Final[Mapping[type, Callable[[Any], Any]]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
    Decimal: Decimal,
}
_INT64: Final = range(-(2**63), 2**63)
_AT_ONCE: Final = 200
"""Rows that are held of a list that is read whole; minutes of meetings are long."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is the cursor of the page behind it, None at the end."""

    rows: Sequence[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """What `read` makes of each row of `select`, in `order` (columns, or `desc()` of them)."""

    connection: AsyncConnection
    select: sa.Select[Any]
    order: Sequence[sa.ColumnElement[Any]]
    read: Callable[[sa.RowMapping], T]

    async def page(self, limit: int, after: str | None = None) -> Page[T]:
        """At most `limit` rows behind the cursor `after`. Raises Invalid for a cursor of another list."""
        columns = [_column(step) for step in self.order]
        select = self.select.add_columns(*(column.label(f"_key{at}") for at, column in enumerate(columns)))
        if after is not None:
            select = select.where(_behind(self.order, columns, _read(after, _mark(self.order), columns)))
        select = select.order_by(*_sorted(self.order)).limit(limit + 1)
        rows = (await self.connection.execute(select)).mappings().all()
        count = min(limit, _that_fit(rows))
        following = None
        if len(rows) > count:
            last = [rows[count - 1][f"_key{at}"] for at in range(len(columns))]
            following = _cursor(_mark(self.order), last)
        return Page([self.read(row) for row in rows[:count]], following)

    async def whole(self) -> AsyncIterator[Sequence[T]]:
        """All of it, some hundred rows at a time, while other statements may run in between. One statement of a cursor of
        the database: a statement per page would filter the whole list anew."""
        rows = self.select.order_by(*_sorted(self.order))
        async with self.connection.stream(rows, execution_options={"yield_per": _AT_ONCE}) as result:
            async for part in result.mappings().partitions():
                yield [self.read(row) for row in part]


def _that_fit(rows: Sequence[sa.RowMapping]) -> int:
    """How many of the first rows a page may have: one at the least."""
    size = 0
    for count, row in enumerate(rows, 1):
        size += sum(len(text) * (1 if text.isascii() else 3) for text in row.values() if isinstance(text, str))
        if size >= LARGEST_PAGE:
            return count
    return len(rows)


def _column(step: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return step.element if _descending(step) else step


def _sorted(order: Sequence[sa.ColumnElement[Any]]) -> list[sa.ColumnElement[Any]]:
    """NULLs last only where there may be any: an index of `x DESC` has them first, and would not be used."""
    return [step.nulls_last() if _nullable(_column(step)) else step for step in order]


def _descending(step: sa.ColumnElement[Any]) -> bool:
    return getattr(step, "modifier", None) is operators.desc_op


def _behind(
    order: Sequence[sa.ColumnElement[Any]], columns: Sequence[sa.ColumnElement[Any]], values: Sequence[Any]
) -> sa.ColumnElement[bool]:
    """True for rows that come after the one with `values`."""
    if None not in values and not any(map(_descending, order)) and not any(map(_nullable, columns)):
        # One comparison of rows: an index of the same columns answers it directly.
        return sa.tuple_(*columns) > sa.tuple_(*values)
    behind: list[sa.ColumnElement[bool]] = []
    same: sa.ColumnElement[bool] = sa.true()
    for step, column, value in zip(order, columns, values, strict=True):
        if value is not None:
            further = column < value if _descending(step) else column > value
            behind.append(same & (further | column.is_(None) if _nullable(column) else further))
        same &= column == value if value is not None else column.is_(None)
    first, value = columns[0], values[0]
    if value is None or _nullable(first):
        return sa.or_(sa.false(), *behind)
    # Implied by the rest, but only so does an index begin where the page does.
    begin: sa.ColumnElement[bool] = first <= value if _descending(order[0]) else first >= value
    return begin & sa.or_(sa.false(), *behind)


def _nullable(column: sa.ColumnElement[Any]) -> bool:
    return bool(getattr(column, "nullable", True))


def _mark(order: Sequence[sa.ColumnElement[Any]]) -> int:
    """What tells the cursors of one order from those of another."""
    return crc32("|".join(map(str, order)).encode())


def _cursor(mark: int, values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    text = json.dumps([mark, *plain], default=str, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(cursor: str, mark: int, columns: Sequence[sa.ColumnElement[Any]]) -> list[Any]:
    try:
        found, *values = json.loads(base64.urlsafe_b64decode(cursor))
        if found != mark or len(values) != len(columns):
            raise ValueError(cursor)
        return [_typed(value, column) for value, column in zip(values, columns, strict=True)]
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, binascii.Error):
        raise CURSOR_INVALID() from None


def _typed(value: Any, column: sa.ColumnElement[Any]) -> Any:
    """The value as the database takes it. Whoever made up a cursor is told so; the database need not refuse it."""
    if value is None:
        if not _nullable(column):
            raise TypeError(value)
        return None
    kind = column.type.python_type
    made = _READ[kind](value) if kind in _READ else value
    if not isinstance(made, kind) or isinstance(made, bool) is not (kind is bool):
        raise TypeError(value)
    match made:
        case datetime() if made.tzinfo is None:
            raise ValueError(value)
        case datetime():
            return made.astimezone(UTC)
        case int() if made not in _INT64:
            raise ValueError(value)
        case str() if "\x00" in made:
            raise ValueError(value)
        case str():
            made.encode()  # refuses half a pair of surrogates
    return made
