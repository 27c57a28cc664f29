"""Many rows in one statement: as arrays that become rows in the database, or as a COPY.

One parse, one plan and one round trip for any number of rows; a statement per row costs ten times as much on both sides.
The statements are built once per table (`@cache`), so SQLAlchemy finds them compiled.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import asyncpg
import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

Values = tuple[Any, ...]
_BEGIN = sa.text("SELECT 1")


@cache
def insert_rows(table: sa.Table, names: tuple[str, ...]) -> postgresql.Insert:
    """INSERT of the columns `names`; give it `parameters` of these. Rows are inserted in their order."""
    source = _source(table, names)
    return postgresql.insert(table).from_select(list(names), sa.select(*_values(table, names, source)))


async def append_rows(
    connection: AsyncConnection, table: sa.Table, names: Sequence[str], rows: Sequence[Values]
) -> None:
    """COPY `rows`, each the values of `names`, into `table`, in their order: for tables whose rows never conflict.

    Half the CPU of an INSERT from arrays, at both ends, and also one round trip. Errors are the driver's own (asyncpg).
    """
    driver = await _driver(connection)
    await driver.copy_records_to_table(table.name, schema_name=table.schema, columns=names, records=rows)


async def append_new(connection: AsyncConnection, table: sa.Table, arrays: Mapping[str, list[Any]]) -> bool:
    """COPY rows, given as one list of values per column, into a table that may refuse some; False, with nothing written,
    where a constraint refuses one: an INSERT then says which, or leaves out what is there."""
    told = (
        [None if v is None else _json(v) for v in values] if _is_json(table.c[name]) else values
        for name, values in arrays.items()
    )
    driver = await _driver(connection)
    try:
        async with connection.begin_nested():
            await driver.copy_records_to_table(
                table.name, schema_name=table.schema, columns=list(arrays), records=list(zip(*told, strict=True))
            )
    except asyncpg.IntegrityConstraintViolationError:
        return False
    return True


async def _driver(connection: AsyncConnection) -> asyncpg.Connection:
    driver = cast("asyncpg.Connection", (await connection.get_raw_connection()).driver_connection)
    if not driver.is_in_transaction():  # SQLAlchemy begins with its first statement, and these are none of its
        await connection.execute(_BEGIN)
    return driver


@cache
def update_versions(table: sa.Table, names: tuple[str, ...]) -> sa.Update:
    """UPDATE of the columns `names`, by id, in the rows that still have the version `given`; give it `parameters` of id,
    `names` and given. How many rows it hit says whether all had."""
    source = _source(table, ("id", *names), guard=True)
    values = dict(zip(names, _values(table, names, source), strict=True))
    guarded = (table.c.id == source.c.id) & (table.c.version == source.c.given)
    return sa.update(table).where(guarded).values(values)


def parameters(table: sa.Table, arrays: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What the statements take, from one list of values per column, all in one order."""
    given = {}
    for name, values in arrays.items():
        text = _as_text(table.c[name]) if name in table.c else None
        given[f"b_{name}"] = [None if v is None else text(v) for v in values] if text else values
    return given


def _source(table: sa.Table, names: Sequence[str], *, guard: bool = False) -> Any:
    types = {name: sa.Text() if _as_text(table.c[name]) else table.c[name].type for name in names}
    if guard:
        types["given"] = sa.Integer()
    arrays = (sa.bindparam(f"b_{name}", type_=sa.ARRAY(kind)) for name, kind in types.items())
    return (
        sa.func.unnest(*arrays)
        .table_valued(*(sa.column(name, kind) for name, kind in types.items()), name="given")
        .render_derived()
    )


def _values(table: sa.Table, names: Sequence[str], source: Any) -> list[sa.ColumnElement[Any]]:
    return [
        sa.cast(source.c[name], table.c[name].type) if _as_text(table.c[name]) else source.c[name] for name in names
    ]


def _as_text(column: sa.Column[Any]) -> Callable[[Any], str] | None:
    """How a value goes as text: unnest would take nested arrays apart, and JSON's null is not NULL."""
    if isinstance(column.type, sa.ARRAY):
        return _literal
    return _json if _is_json(column) else None


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


def _literal(items: Sequence[Any]) -> str:
    """PostgreSQL's text form of an array."""
    quoted = (str(item).replace("\\", r"\\").replace('"', r"\"") if item is not None else None for item in items)
    return "{" + ",".join("NULL" if item is None else f'"{item}"' for item in quoted) + "}"


def _json(value: Any) -> str:
    return to_json(value).decode()
