"""Changes of units that wait until the restructuring they belong to is whole; then all of them are seen at once.

A restructuring is whole when all its parts are there, and of each unit a version at least as new as it names: what a
compacted topic no longer has was replaced by something newer. Whoever calls holds the projection's revision.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.restructuring import UnitsRestructured
from shared.units.table import UnitTables


class Staging:
    def __init__(self, tables: UnitTables) -> None:
        self._tables = tables
        self._names = [column.name for column in tables.units.c if column.name != "revision"]
        self._whole = _whole(tables)
        self._settled = _settled(tables)

    def upsert(self, statement: Insert) -> Insert:
        """`statement`, an INSERT into the units, so that the highest version of each stays."""
        units = self._tables.units
        return statement.on_conflict_do_update(
            index_elements=[units.c.code],
            set_={name: statement.excluded[name] for name in (*self._names, "revision") if name != "code"},
            where=units.c.version < statement.excluded.version,
        )

    async def note(self, connection: AsyncConnection, parts: Sequence[UnitsRestructured]) -> None:
        """Keep the parts and their lines; those that are known stay as they are."""
        told = [
            {
                "id": event.restructuring_id,
                "part": event.part,
                "parts": event.parts,
                "codes": list(event.codes),
                "versions": list(event.versions),
                "applied": False,
            }
            for event in parts
        ]
        await connection.execute(insert(self._tables.restructurings).on_conflict_do_nothing(), told)
        lines = [
            line.model_dump()
            | {"restructuring": event.restructuring_id, "number": event.number, "looks": 0}
            | {"effective_from": event.effective_from}
            for event in parts
            for line in event.successions
        ]
        if lines:
            await connection.execute(insert(self._tables.successions).on_conflict_do_nothing(), lines)

    async def settle(self, uow: UnitOfWork, number: int | None) -> None:
        """Show every restructuring that is whole by now, and what waited behind it, under the revision `number`."""
        connection, (_, _, pending, parts, lines) = uow.connection, self._tables
        whole = (await connection.execute(self._whole)).scalars().all()
        if whole:
            await connection.execute(sa.update(parts).where(parts.c.id.in_(whole)).values(applied=True))
            first = lines.c.restructuring.in_(whole) & (lines.c.rank == 0)
            await connection.execute(sa.update(lines).where(first).values(look_at=uow.now))
        gone = sa.delete(pending).where(self._settled).returning(*pending.c).cte("settled")
        newest = (
            sa.select(*(gone.c[name] for name in self._names), sa.literal(number, sa.BigInteger).label("revision"))
            .ext(distinct_on(gone.c.code))
            .order_by(gone.c.code, gone.c.version.desc())
        )
        await connection.execute(
            self.upsert(insert(self._tables.units).from_select([*self._names, "revision"], newest))
        )


def _whole(tables: UnitTables) -> sa.Select[tuple[object]]:
    """The restructurings that are whole and not seen yet."""
    units, pending, parts = tables.units, tables.pending, tables.restructurings
    part = parts.alias("part")
    line = (
        sa.func.unnest(part.c.codes, part.c.versions)
        .table_valued(sa.column("code", sa.Text), sa.column("version", sa.Integer), name="line")
        .render_derived()
    )
    known, waiting = (
        sa.exists().where(rows.c.code == line.c.code, rows.c.version >= line.c.version) for rows in (units, pending)
    )
    lacking = (
        sa.select(sa.literal(1))
        .select_from(part.join(line, sa.true()))
        .where(part.c.id == parts.c.id, ~known, ~waiting)
        .exists()
    )
    return (
        sa.select(parts.c.id)
        .where(~parts.c.applied)
        .group_by(parts.c.id)
        .having(sa.func.count() == sa.func.max(parts.c.parts), ~lacking)
    )


def _settled(tables: UnitTables) -> sa.ColumnElement[bool]:
    """True for rows of `pending` that wait for no restructuring, neither their own nor one before them."""
    pending, parts = tables.pending, tables.restructurings
    before = pending.alias("before")
    seen = sa.exists().where(parts.c.id == before.c.restructuring, parts.c.applied)
    waits = sa.exists().where(
        before.c.code == pending.c.code,
        before.c.version <= pending.c.version,
        before.c.restructuring.is_not(None),
        ~seen.correlate(before),
    )
    return ~waits.correlate(pending)
