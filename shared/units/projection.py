"""Keeping the units projection, reading what changed in it, and the row condition that limits a query to a part of it."""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.auth.principal import Reach
from shared.bus.batch import Batch
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.restructuring import UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.units.passing import Passing
from shared.units.staging import Staging
from shared.units.succession import passing_of
from shared.units.table import UnitTables
from shared.units.tree import Unit, UnitTree


class UnitProjection:
    """One service's projection. The tree is cached; when the revision has moved, only the rows above it are read."""

    def __init__(self, tables: UnitTables) -> None:
        self._tables = tables
        self._facts = tuple(column.name for column in tables.units.c if column.name != "revision")
        self._staging = Staging(tables)
        self._cached = _Cached(0, "", UnitTree(()))
        # Made once: every transaction asks it. `xmin` is the transaction that wrote the number.
        own = "coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false)"
        self._state = sa.select(
            tables.revision.c.revision,
            sa.literal_column("xmin::text", sa.Text),
            sa.literal_column(own, sa.Boolean),
        )
        self._take_number = (
            insert(tables.revision)
            .values(only=True, revision=1)
            .on_conflict_do_update(
                index_elements=[tables.revision.c.only], set_={"revision": tables.revision.c.revision + 1}
            )
            .returning(tables.revision.c.revision)
        )

    async def keep(self, batch: Batch[UnitChanged], uow: UnitOfWork) -> None:
        """Handler of UnitChanged: the highest version per code stays; an older one that comes late changes nothing. What
        belongs to a restructuring waits for the whole of it, and so does what comes after it."""
        connection = uow.connection
        # First, so that no row with this number is seen before, or after, one with another transaction's.
        number = await connection.scalar(self._take_number)
        pending = self._tables.pending
        waits = any(event.restructuring for event in batch.events) or await connection.scalar(
            sa.select(sa.exists(sa.select(pending.c.code)))
        )
        if waits:
            rows = [
                {name: _plain(getattr(event, name)) for name in (*self._facts, "restructuring")}
                for event in batch.events
            ]
            await connection.execute(insert(pending).on_conflict_do_nothing(), rows)
            await self._staging.settle(uow, number)
            return
        newest: dict[str, UnitChanged] = {}
        for event in batch.events:
            known = newest.get(event.code)
            if known is None or known.version < event.version:
                newest[event.code] = event
        rows = [
            {name: _plain(getattr(newest[code], name)) for name in self._facts} | {"revision": number}
            for code in sorted(newest)
        ]
        await connection.execute(self._staging.upsert(insert(self._tables.units)), rows)

    async def restructure(self, batch: Batch[UnitsRestructured], uow: UnitOfWork) -> None:
        """Handler of UnitsRestructured: note the parts; where one makes a restructuring whole, all of it is seen."""
        number = await uow.connection.scalar(self._take_number)
        await self._staging.note(uow.connection, batch.events)
        await self._staging.settle(uow, number)

    async def tree(self, connection: AsyncConnection) -> UnitTree:
        """The tree as of this transaction; one small query when nothing changed since the last call."""
        state = (await connection.execute(self._state)).one_or_none()
        number, writer, own = state if state is not None else (0, "", False)
        cached = self._cached
        if (number, writer) == (cached.number, cached.writer):
            return cached.tree
        # A number that is lower, or another's, is of tables that were emptied meanwhile: nothing of the cache counts.
        base = cached if number > cached.number else _Cached(0, "", UnitTree(()))
        units = self._tables.units
        rows = await connection.execute(sa.select(units).where(units.c.revision > base.number))
        tree = base.tree.changed(_unit(row) for row in rows.mappings())
        # What this transaction wrote itself may be rolled back, and the number then comes again for other units.
        if not own:
            self._cached = _Cached(number, writer, tree)
        return tree

    async def succeeded(self, uow: UnitOfWork, tree: UnitTree, codes: Iterable[str | None]) -> Passing:
        """Who succeeds those of `codes` that do not exist any more today; no query while all of them do."""
        day = local_day(uow.now)
        known = {unit.code: unit for code in codes if (unit := tree.get(code)) is not None}
        ended = [code for code, unit in known.items() if not unit.valid_on(day)]
        return await passing_of(uow, self._tables.successions, ended)

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


class _Cached(NamedTuple):
    """A tree that holds every change up to `number`, which the committed transaction `writer` took."""

    number: int
    writer: str
    tree: UnitTree


def _plain(fact: object) -> object:
    return list(fact) if isinstance(fact, tuple) else fact


def _unit(row: sa.RowMapping) -> Unit:
    return Unit(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        aliases=tuple(row["aliases"]),
        parent=row["parent"],
        boundary=row.get("boundary"),
        functions=tuple(row["functions"]),
        serves=tuple(row["serves"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )
