"""Many rows in one statement: as arrays that become rows in the database, or as a COPY.

One parse, one plan and one round trip for any number of rows; a statement per row costs ten times as much on both sides.
The statements are built once per table (`@cache`), so SQLAlchemy finds them compiled.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

Row = Mapping[str, Any]
Values = tuple[Any, ...]
_BEGIN = sa.text("SELECT 1")


@cache
def insert_rows(table: sa.Table, names: tuple[str, ...]) -> postgresql.Insert:
    """INSERT of the columns `names`; give it `columns(table, names, rows)`. Rows are inserted in their order."""
    source = _source(table, names)
    return postgresql.insert(table).from_select(list(names), sa.select(*_values(table, names, source)))


async def append_rows(
    connection: AsyncConnection, table: sa.Table, names: Sequence[str], rows: Sequence[Values]
) -> None:
    """COPY `rows`, each the values of `names`, into `table`, in their order: for tables whose rows never conflict.

    Half the CPU of an INSERT from arrays, at both ends, and also one round trip. Errors are the driver's own (asyncpg).
    """
    driver = cast("asyncpg.Connection", (await connection.get_raw_connection()).driver_connection)
    if not driver.is_in_transaction():  # SQLAlchemy begins with its first statement, and this is none of its
        await connection.execute(_BEGIN)
    await driver.copy_records_to_table(table.name, schema_name=table.schema, columns=names, records=rows)


@cache
def update_rows(table: sa.Table, key: str, names: tuple[str, ...]) -> sa.Update:
    """UPDATE of the columns `names` in the rows whose `key` is named; give it `columns(table, (key, *names), rows)`."""
    source = _source(table, (key, *names))
    values = dict(zip(names, _values(table, names, source), strict=True))
    return sa.update(table).where(table.c[key] == source.c[key]).values(values)


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
