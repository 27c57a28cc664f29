"""Keeping the units projection, reading it whole, and the row condition that limits a query to a part of the tree."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.auth.principal import Reach
from shared.bus.batch import Batch
from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.units import UnitChanged
from shared.units.table import UnitTables
from shared.units.tree import Unit, UnitTree

_COLUMNS = (
    "code", "kind", "name", "aliases", "parent", "boundary", "functions", "serves", "valid_from", "valid_to", "version",
)  # fmt: skip


class UnitProjection:
    """One service's projection; the tree is cached and read again when the revision has moved."""

    def __init__(self, tables: UnitTables) -> None:
        self._tables = tables
        self._tree = UnitTree(())
        self._seen: tuple[int, str] | None = None
        # Made once: every transaction asks it. With the transaction that wrote the number, since one that was seen in a
        # transaction that was rolled back comes again, for other units.
        self._state = sa.select(tables.revision.c.revision, sa.literal_column("xmin::text", sa.Text))

    async def keep(self, batch: Batch[UnitChanged], uow: UnitOfWork) -> None:
        """Handler of UnitChanged: the highest version per code stays; an older one that comes late changes nothing."""
        newest: dict[str, UnitChanged] = {}
        for event in batch.events:
            known = newest.get(event.code)
            if known is None or known.version < event.version:
                newest[event.code] = event
        rows = [{name: getattr(newest[code], name) for name in _COLUMNS} for code in sorted(newest)]
        for row in rows:
            row.update({name: list(row[name]) for name in ("aliases", "functions", "serves")})
        units, revision = self._tables.units, self._tables.revision
        statement = insert(units)
        await uow.connection.execute(
            statement.on_conflict_do_update(
                index_elements=[units.c.code],
                set_={name: statement.excluded[name] for name in _COLUMNS[1:]},
                where=units.c.version < statement.excluded.version,
            ),
            rows,
        )
        counter = insert(revision).values(only=True, revision=1)
        await uow.connection.execute(
            counter.on_conflict_do_update(index_elements=[revision.c.only], set_={"revision": revision.c.revision + 1})
        )

    async def tree(self, connection: AsyncConnection) -> UnitTree:
        """The tree as of this transaction; one small query when nothing changed since the last call."""
        row = (await connection.execute(self._state)).one_or_none()
        seen = (row[0], row[1]) if row is not None else (0, "")
        if seen != self._seen:
            units = self._tables.units
            rows = await connection.execute(sa.select(units).order_by(units.c.code))
            self._tree, self._seen = UnitTree((_unit(row) for row in rows.mappings()), seen[0]), seen
        return self._tree

    def condition(self, reach: Reach, *columns: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """True for rows where one of `columns` names a unit that `reach` covers."""
        if reach.everything:
            return sa.true()
        if reach.unit is None:
            return sa.false()
        units = self._tables.units
        # Without a name of its own: one statement may hold this condition twice, for two parts of the tree.
        below = sa.select(units.c.code).where(units.c.code == reach.unit).cte(recursive=True)
        below = below.union(sa.select(units.c.code).join(below, units.c.parent == below.c.code))
        codes = sa.select(below.c.code)
        return sa.or_(*(column.in_(codes) for column in columns))


def _unit(row: Any) -> Unit:
    return Unit(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        aliases=tuple(row["aliases"]),
        parent=row["parent"],
        boundary=row["boundary"],
        functions=tuple(row["functions"]),
        serves=tuple(row["serves"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )
