"""The versioned store of one kind of aggregate: rows, trail and events of its changes in one transaction.

    class Posts(Aggregates[Post]):
        kind = "post"
        codec = RowCodec(Post, posts)

    found = await Posts.of(uow).load(ids)          # locked, in id order
    Posts.of(uow).put(end(found[id], day, ...))    # written with the transaction

What stays true: nothing is written over a version that this transaction has not seen (Conflict, all rolled back); one
INSERT and one UPDATE write any number of changes; a load never reads behind what was put before.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, Final, Generic, NamedTuple, Protocol, Self, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from shared.change import Change
from shared.db.bulk import append_new, insert_rows, parameters, update_versions
from shared.db.rowcodec import RowCodec
from shared.db.unit_of_work import UnitOfWork
from shared.errors import VERSION_MISMATCH
from shared.telemetry import context


class Versioned(Protocol):
    """An aggregate: an id for ever, and a version that counts its changes, 1 when new."""

    @property
    def id(self) -> UUID: ...

    @property
    def version(self) -> int: ...


T = TypeVar("T", bound=Versioned)
COPY_FROM: Final = 8
"""So many new rows are copied, which costs half of an INSERT; for fewer the savepoint costs more than that saves."""
_OURS = sa.literal_column("xmin = pg_current_xact_id()::xid", sa.Boolean).label("ours")
"""Whether this transaction wrote the row: the version alone does not say so, another may have made the same step."""


class _New(NamedTuple):
    after: Any
    beside: Mapping[str, Any]


class _Put(NamedTuple):
    given: int
    """The version that the row has before this transaction's write."""
    after: Any
    columns: tuple[str, ...]


class Aggregates(Generic[T]):
    """`natural` names the columns of a unique key: what is added under a key that exists is dropped, with its trail and
    events. Derive from this; read with `Posts.of(uow)`."""

    kind: ClassVar[str]
    codec: RowCodec[T]
    natural: ClassVar[tuple[str, ...]] = ()

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._new: dict[UUID, _New] = {}
        self._changed: dict[UUID, _Put] = {}
        self._given: list[tuple[Change[T], context.Trace | None]] = []
        uow.before_commit(self.flush)

    @classmethod
    def of(cls, uow: UnitOfWork) -> Self:
        """This transaction's store."""
        return uow.part(cls)

    async def get(self, id: UUID) -> T | None:
        """One aggregate as it is now; others may change it until this transaction writes it, which then fails."""
        await self.flush()
        row = (await self._uow.connection.execute(_load(self.codec), {"ids": [id]})).one_or_none()
        return None if row is None else self.codec.of_values(row)

    async def where(self, *conditions: sa.ColumnElement[bool]) -> list[T]:
        """Those that fulfil all of these, with what this transaction wrote: what writers look at, whoever asks."""
        await self.flush()
        rows = await self._uow.connection.execute(sa.select(*self.codec.columns).where(*conditions))
        return [self.codec.of_values(row) for row in rows]

    async def load(self, ids: Iterable[UUID]) -> dict[UUID, T]:
        """Aggregates by id, locked until the transaction ends, always in id order (no deadlocks)."""
        await self.flush()
        rows = await self._uow.connection.execute(_lock(self.codec), {"ids": list(set(ids))})
        return {found.id: found for found in map(self.codec.of_values, rows)}

    def add(self, *changes: Change[T], trace: context.Trace | None = None, **beside: Any) -> None:
        """Store new aggregates with this transaction. `trace` is what caused them, if not the present work; `beside` the
        values of columns that are no fields."""
        if beside and (foreign := beside.keys() - set(self.codec.beside)):
            raise TypeError(
                f"{self.codec.table.name} has nothing beside its fields called {', '.join(sorted(foreign))}"
            )
        for change in changes:
            self._new[change.after.id] = _New(change.after, beside)
            self._give(change, trace)

    def put(self, *changes: Change[T], trace: context.Trace | None = None, only: tuple[str, ...] | None = None) -> None:
        """Write the new states of aggregates with this transaction. `trace` is what caused them, if not the present work;
        `only` names the fields that changed, for hot paths: their columns, the version and all derived ones are written."""
        columns = self.codec.names if only is None else self.codec.columns_of(only)
        for change in changes:
            after = change.after
            if new := self._new.get(after.id):
                self._new[after.id] = new._replace(after=after)
            elif before := self._changed.get(after.id):
                both = columns if columns == before.columns else self.codec.names
                self._changed[after.id] = _Put(before.given, after, both)
            else:
                self._changed[after.id] = _Put(after.version - 1, after, columns)
            self._give(change, trace)

    async def flush(self) -> set[UUID]:
        """Write what was added and put so far; the ids of what was added and stored. The commit does so by itself."""
        new, changed, given = self._new, self._changed, self._given
        if not given:
            return set()
        self._new, self._changed, self._given = {}, {}, []
        stored = await self._insert(new) if new else set()
        if changed:
            await self._update(changed.values())
        dropped = new.keys() - stored
        kept = [(change, trace) for change, trace in given if change.after.id not in dropped] if dropped else given
        if self.natural:
            for change, trace in kept:
                self._uow.record(self.kind, change, trace=trace, places=self.codec.places(change.after))
        await self.written([change for change, _ in kept])
        return stored

    async def written(self, changes: Sequence[Change[T]]) -> None:
        """For a store that keeps more than the newest state, such as its history: called after the rows were written."""

    def _give(self, change: Change[T], trace: context.Trace | None) -> None:
        trace = trace or context.current()
        self._given.append((change, trace))
        if not self.natural:  # else it is not known yet whether it will be
            self._uow.record(self.kind, change, trace=trace, places=self.codec.places(change.after))

    async def _insert(self, new: Mapping[UUID, _New]) -> set[UUID]:
        rows = list(new.values())
        beside = tuple(sorted({name for row in rows for name in row.beside}))
        arrays = self.codec.arrays(self.codec.names, [row.after for row in rows])
        arrays |= {name: [row.beside[name] for row in rows] for name in beside}
        # In the order of the key that may exist already: two transactions then wait for each other in one direction.
        keys = list(zip(*(arrays[name] for name in self.natural or ("id",)), strict=True))
        order = sorted(range(len(rows)), key=keys.__getitem__)
        if order != list(range(len(rows))):
            arrays = {name: [values[at] for at in order] for name, values in arrays.items()}
        if len(rows) >= COPY_FROM and await append_new(self._uow.connection, self.codec.table, arrays):
            return set(new)
        given = parameters(self.codec.table, arrays)
        statement = _insert(self.codec.table, (*self.codec.names, *beside), self.natural)
        result = await self._uow.connection.execute(statement, given)
        return set(result.scalars()) if self.natural else set(new)

    async def _update(self, changed: Iterable[_Put]) -> None:
        by_columns: dict[tuple[str, ...], list[_Put]] = {}
        for put in changed:
            by_columns.setdefault(put.columns, []).append(put)
        for names, puts in by_columns.items():
            puts.sort(key=attrgetter("after.id.int"))
            written = tuple(name for name in names if name != "id")
            arrays = self.codec.arrays(("id", *written), [put.after for put in puts])
            arrays["given"] = [put.given for put in puts]
            statement = update_versions(self.codec.table, written)
            result = await self._uow.connection.execute(statement, parameters(self.codec.table, arrays))
            if result.rowcount != len(puts):
                await self._refuse(puts)

    async def _refuse(self, puts: Sequence[_Put]) -> None:
        """Raise Conflict for the first aggregate that was not written."""
        table = self.codec.table
        rows = await self._uow.connection.execute(
            sa.select(table.c.id, table.c.version, _OURS).where(table.c.id.in_([put.after.id for put in puts]))
        )
        stored = {row.id: row for row in rows}
        for put in puts:
            row = stored.get(put.after.id)
            if row is None or not row.ours or row.version != put.after.version:
                current = row.version if row is not None else None
                raise VERSION_MISMATCH(data={"id": put.after.id, "expected": put.given, "current": current})
        raise RuntimeError("a row was written more often than it was put")


@cache
def _load(codec: RowCodec[Any]) -> sa.Select[Any]:
    ids = codec.table.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)))
    return sa.select(*codec.columns).where(ids)


@cache
def _lock(codec: RowCodec[Any]) -> sa.Select[Any]:
    return _load(codec).order_by(codec.table.c.id).with_for_update()


@cache
def _insert(table: sa.Table, names: tuple[str, ...], natural: tuple[str, ...]) -> postgresql.Insert:
    statement = insert_rows(table, names)
    if not natural:
        return statement
    return statement.on_conflict_do_nothing(index_elements=list(natural)).returning(table.c.id)  # type: ignore[return-value]
