"""Many rows in one statement: columns travel as arrays and become rows in the database.

One parse, one plan and one round trip for any number of rows; a statement per row costs ten times as much on both sides.
The statements are built once per table (`@cache`), so SQLAlchemy finds them compiled.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Row = Mapping[str, Any]


@cache
def insert_rows(table: sa.Table, names: tuple[str, ...]) -> postgresql.Insert:
    """INSERT of the columns `names`; give it `columns(table, names, rows)`. Rows are inserted in their order."""
    source = _source(table, names)
    return postgresql.insert(table).from_select(list(names), sa.select(*_values(table, names, source)))


@cache
def update_rows(table: sa.Table, key: str, names: tuple[str, ...]) -> sa.Update:
    """UPDATE of the columns `names` in the rows whose `key` is named; give it `columns(table, (key, *names), rows)`."""
    source = _source(table, (key, *names))
    values = dict(zip(names, _values(table, names, source), strict=True))
    return sa.update(table).where(table.c[key] == source.c[key]).values(values)


@cache
def parameters(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names under which `insert_rows` takes the arrays of these columns, none of which holds arrays itself."""
    return tuple(f"b_{name}" for name in names)


def columns(table: sa.Table, names: Sequence[str], rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The parameters: for each column the values of all rows, in order."""
    arrays = {f"b_{name}": [row[name] for row in rows] for name in names}
    for name in names:
        if isinstance(table.c[name].type, sa.ARRAY):
            arrays[f"b_{name}"] = [_literal(value) for value in arrays[f"b_{name}"]]
    return arrays


def _source(table: sa.Table, names: Sequence[str]) -> Any:
    types = {name: sa.Text() if isinstance(table.c[name].type, sa.ARRAY) else table.c[name].type for name in names}
    arrays = (sa.bindparam(f"b_{name}", type_=sa.ARRAY(kind)) for name, kind in types.items())
    return (
        sa.func.unnest(*arrays)
        .table_valued(*(sa.column(name, kind) for name, kind in types.items()), name="given")
        .render_derived()
    )


def _values(table: sa.Table, names: Sequence[str], source: Any) -> list[sa.ColumnElement[Any]]:
    return [
        sa.cast(source.c[name], table.c[name].type) if isinstance(table.c[name].type, sa.ARRAY) else source.c[name]
        for name in names
    ]


def _literal(words: Sequence[str]) -> str:
    """PostgreSQL's text form of an array of text: unnest would take nested arrays apart."""
    quoted = (word.replace("\\", r"\\").replace('"', r"\"") for word in words)
    return "{" + ",".join(f'"{word}"' for word in quoted) + "}"
