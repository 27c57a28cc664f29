"""The conditions of a filter: each gives none where nothing was asked for, so that a reader yields one after the other.

yield from equal({rows.kind: wanted.kind, rows.state: wanted.state})
yield from on_days(rows.starts_at, wanted.since, wanted.until)
yield from containing(wanted.q, rows.title, rows.number)
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from shared.worktime.days import end_of_day, instant_of

Conditions = Iterator[sa.ColumnElement[bool]]


def equal(wanted: Mapping[sa.ColumnElement[Any], Any]) -> Conditions:
    """True where each column has the value that is wanted of it; None: any."""
    for column, value in wanted.items():
        if value is not None:
            yield column == value


def on_days(at: sa.ColumnElement[datetime], since: date | None, until: date | None) -> Conditions:
    """True for the instants of local days (Asia/Shanghai) from `since` to `until`, both included."""
    if since is not None:
        yield at >= instant_of(since)
    if until is not None:
        yield at < end_of_day(until)


def containing(text: str | None, *columns: sa.ColumnElement[str]) -> Conditions:
    """True where one of the columns contains the text, in capitals or not."""
    if text is not None:
        yield sa.or_(*(column.icontains(text, autoescape=True) for column in columns))
