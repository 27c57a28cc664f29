"""Attaching photos to a thing, in the transaction that makes the thing or acts on it; and whose photos somebody sees.

What must hold: a photo belongs to one thing, for ever; only who uploaded it attaches it; it is seen by whoever sees
the thing (the file's row names it, and the scope is asked of that), before that by its uploader alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.unit_of_work import UnitOfWork
from shared.files.errors import (
    DOCUMENT_OF_PHOTO,
    PHOTO_ATTACHED,
    PHOTO_OF_DOCUMENT,
    PHOTO_UNFINISHED,
    PHOTO_UNKNOWN,
    PHOTOS_TOO_MANY,
)
from shared.files.table import MOST_OF_A_THING, Thing
from shared.units.scope import Scope

T = TypeVar("T")


class PhotoOut(BaseModel):
    """A photo of a thing. `use` says what it shows: `report`, `before`, `after`, `verification`. Both URLs want the
    caller's token or session."""

    id: UUID
    use: str
    width: int
    height: int
    taken_at: datetime | None
    attached_at: datetime
    url: str
    thumbnail_url: str


class DocumentOut(BaseModel):
    """A PDF of a thing; `url` downloads it, and wants the caller's token or session."""

    id: UUID
    name: str
    bytes: int
    attached_at: datetime
    url: str


class Claims:
    """The files that one transaction may attach, locked; each goes to one thing."""

    def __init__(self, uow: UnitOfWork, table: sa.Table, found: Mapping[UUID, sa.Row[Any]]) -> None:
        self._uow, self._table = uow, table
        self._found = found
        self._taken: dict[UUID, tuple[Thing, int]] = {}

    @classmethod
    async def of(cls, uow: UnitOfWork, table: sa.Table, files: Iterable[UUID]) -> "Claims":
        """Without a statement where there are no `files`. Locked in id order, as everybody does."""
        wanted = set(files)
        if not wanted:
            return cls(uow, table, {})
        query = sa.select(table).where(table.c.id.in_(wanted)).order_by(table.c.id).with_for_update()
        return cls(uow, table, {row.id: row for row in await uow.connection.execute(query)})

    def take(self, files: Sequence[UUID], thing: Thing, uploader: str, *, documents: bool = False) -> None:
        """Give `files` to `thing`, in this order: photos, or `documents`. Raises PHOTO_UNKNOWN, PHOTO_UNFINISHED,
        PHOTO_ATTACHED, PHOTOS_TOO_MANY, and what says that a file is of the other sort; has then given none."""
        if len(files) > MOST_OF_A_THING:
            raise PHOTOS_TOO_MANY(most=MOST_OF_A_THING)
        for file in files:
            row, told = self._found.get(file), {"id": file}
            if row is None or row.uploader != uploader:
                raise PHOTO_UNKNOWN(data=told)
            if row.thing_id is not None or file in self._taken or files.count(file) > 1:
                raise PHOTO_ATTACHED(data=told)
            if row.ready_at is None:
                raise PHOTO_UNFINISHED(data=told)
            if (row.width is None) is not documents:
                raise (DOCUMENT_OF_PHOTO if documents else PHOTO_OF_DOCUMENT)(data=told)
        self._taken |= {file: (thing, at) for at, file in enumerate(files)}

    async def write(self, things: Collection[UUID] | None = None) -> None:
        """Write what was given, to `things` alone where these are named: the others were not stored."""
        given = [
            {
                "b_id": file,
                "thing_kind": thing.kind,
                "thing_id": thing.id,
                "use": thing.use,
                "position": at,
                "attached_at": self._uow.now,
            }
            for file, (thing, at) in self._taken.items()
            if things is None or thing.id in things
        ]
        self._taken = {}
        if given:
            one = sa.update(self._table).where(self._table.c.id == sa.bindparam("b_id"))
            await self._uow.connection.execute(one, given)


async def attach(
    uow: UnitOfWork, table: sa.Table, files: Sequence[UUID], thing: Thing, uploader: str, *, documents: bool = False
) -> None:
    """Attach `files` to `thing` with this transaction. Raises as `Claims.take` does."""
    claims = await Claims.of(uow, table, files)
    claims.take(files, thing, uploader, documents=documents)
    await claims.write()


async def photos_of(
    connection: AsyncConnection, table: sa.Table, kind: str, things: Collection[UUID]
) -> dict[UUID, list[PhotoOut]]:
    """The photos of each of `things`, oldest first; no key for one without. Whoever asks may see these things."""
    return await _of(connection, table, kind, things, _photo, photos=True)


async def documents_of(
    connection: AsyncConnection, table: sa.Table, kind: str, things: Collection[UUID]
) -> dict[UUID, list[DocumentOut]]:
    """The documents of each of `things`, as `photos_of` gives photos; of a table that takes them."""
    return await _of(connection, table, kind, things, _document, photos=False)


@cache
def _attached(table: sa.Table, *, photos: bool) -> sa.Select[Any]:
    of_them = table.c.thing_id == sa.any_(sa.bindparam("things", type_=sa.ARRAY(sa.Uuid)))
    sort = table.c.width.is_not(None) if photos else table.c.width.is_(None)
    return (
        sa.select(table)
        .where(of_them, table.c.thing_kind == sa.bindparam("kind"), sort)
        .order_by(table.c.attached_at, table.c.use.desc(), table.c.position)
    )


async def _of(
    connection: AsyncConnection, table: sa.Table, kind: str, things: Collection[UUID],
    shown: Callable[[sa.Row[Any], str | None], T], *, photos: bool,
) -> dict[UUID, list[T]]:  # fmt: skip
    if not things:
        return {}
    rows = await connection.execute(_attached(table, photos=photos), {"things": list(things), "kind": kind})
    found: dict[UUID, list[T]] = {}
    for row in rows:
        found.setdefault(row.thing_id, []).append(shown(row, table.schema))
    return found


@dataclass(frozen=True, slots=True)
class Inside:
    """Of things that lie inside others: `column` of their `table` names the one of `outer`, which says what places it."""

    table: sa.Table
    column: str
    outer: sa.Table


Owner = sa.Table | Inside
"""The table of a kind of thing that has files, which says what places it, or inside what it lies."""


def seen_by(scope: Scope, table: sa.Table, owners: Mapping[str, Owner]) -> sa.ColumnElement[bool]:
    """True for the files that the caller sees; `owners` by the kinds of things."""
    files = table.c
    attached = (
        sa.and_(files.thing_kind == kind, sa.exists().where(*_seen(scope, files.thing_id, owner)).correlate(table))
        for kind, owner in owners.items()
    )
    return sa.or_(sa.and_(files.thing_id.is_(None), files.uploader == scope.caller.subject), *attached)


def _seen(scope: Scope, thing: sa.Column[UUID], owner: Owner) -> tuple[sa.ColumnElement[bool], ...]:
    if isinstance(owner, Inside):
        inside = owner.table.c
        return inside.id == thing, inside[owner.column] == owner.outer.c.id, scope.condition(owner.outer)
    return owner.c.id == thing, scope.condition(owner)


def _document(row: sa.Row[Any], service: str | None) -> DocumentOut:
    return DocumentOut(
        id=row.id, name=row.name, bytes=row.bytes, attached_at=row.attached_at,
        url=f"/{service}/files/{row.id}/document",
    )  # fmt: skip


def _photo(row: sa.Row[Any], service: str | None) -> PhotoOut:
    url = f"/{service}/files/{row.id}"
    return PhotoOut(
        id=row.id,
        use=row.use,
        width=row.width,
        height=row.height,
        taken_at=row.taken_at,
        attached_at=row.attached_at,
        url=url,
        thumbnail_url=f"{url}/thumbnail",
    )
