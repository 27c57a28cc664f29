"""Uploading: a file that comes in pieces, over any number of connections and to any api, until it is whole and checked.

What must hold: what was answered as received is stored; a crash at any moment leaves a row that says how far it came;
a file is ready only when all its bytes were there, were a photo or (where it takes them) a document, and what is kept of
them is stored.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from starlette.requests import ClientDisconnect

from shared.db.unit_of_work import UnitOfWork
from shared.errors import Invalid
from shared.failpoints import failpoint
from shared.files.document import check_document, is_document, name_of_document
from shared.files.errors import (
    FILE_ATTACHED,
    FILE_NOT_FOUND,
    FILE_TOO_LARGE,
    FILES_TOO_MANY,
    UPLOAD_OFFSET,
    UPLOAD_STALLED,
    UPLOAD_TOO_LONG,
    UPLOADS_TOO_MANY,
)
from shared.files.store import FileStore, document_of, photo_of, thumbnail_of
from shared.ids import new_id, new_id_text

PIECE: Final = 1024 * 1024
"""Bytes that are held in memory per upload, and that a lost connection may cost."""
QUIET_SECONDS: Final = 30.0
MOST_LOOSE: Final = 100
"""Files of one uploader that belong to nothing yet."""
MOST_AT_ONCE: Final = 64
"""Uploads that one process takes at a time."""


class Uploads:
    """Of one service. Pixels are worked on one photo at a time per process, in a thread: that bounds the memory."""

    def __init__(
        self, uow: Callable[[], AbstractAsyncContextManager[UnitOfWork]], table: sa.Table, store: FileStore, *, most_bytes: int
    ) -> None:  # fmt: skip
        self._uow, self._table, self._store = uow, table, store
        self.most_bytes = most_bytes
        self._documents = "name" in table.c
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="photos")
        self._turn = asyncio.Semaphore(1)
        self._running = 0

    async def announce(self, uploader: str, length: int, *, most: int | None = None, name: str = "") -> UUID:
        """The id of a new file of `length` bytes; `most` (MOST_LOOSE) may belong to nothing yet. `name` is what a document
        is called. Raises FILE_TOO_LARGE, FILES_TOO_MANY."""
        if length > self.most_bytes:
            raise FILE_TOO_LARGE(most=self.most_bytes // 1_000_000, data={"limit_bytes": self.most_bytes})
        files = self._table.c
        loose = sa.select(sa.func.count()).where(files.uploader == uploader, files.thing_id.is_(None))
        async with self._uow() as uow:
            count = await uow.connection.scalar(loose) or 0
            if count >= (most or MOST_LOOSE):
                raise FILES_TOO_MANY(count=count)
            file = new_id()
            row = {
                "id": file,
                "uploader": uploader,
                "created_at": uow.now,
                "length": length,
                "received": 0,
                "pieces": [],
                **({"name": name_of_document(name)} if self._documents else {}),
            }
            await uow.connection.execute(sa.insert(self._table), row)
        return file

    async def of(self, file: UUID, uploader: str) -> sa.Row[Any]:
        """The row of a file of `uploader`. One whose bytes are all there is checked now, if it was not: whoever reads
        that it is whole may rely on it. Raises FILE_NOT_FOUND, and what `take` raises of what is no photo."""
        row = await self._row(file, uploader)
        if row.ready_at is None and row.received == row.length:
            async with self._turn:
                await self._finish(await self._row(file, uploader))
            row = await self._row(file, uploader)
        return row

    async def take(self, file: UUID, uploader: str, offset: int, body: AsyncIterator[bytes]) -> int:
        """How far the file has come with `body`, which begins at `offset`. What came before the connection ended is kept.
        Raises FILE_NOT_FOUND, UPLOAD_OFFSET, UPLOAD_TOO_LONG, UPLOAD_STALLED, and the errors of a file that is no photo,
        which is gone then."""
        if self._running >= MOST_AT_ONCE:
            raise UPLOADS_TOO_MANY()
        self._running += 1
        try:
            row = await self._row(file, uploader)
            if row.received != offset:
                raise UPLOAD_OFFSET(received=row.received, data={"received": row.received})
            async for piece in _pieces(body):
                if offset + len(piece) > row.length:
                    raise UPLOAD_TOO_LONG(data={"length": row.length})
                if offset == 0:
                    await self._look(row, piece)
                await self._keep(row, offset, piece)
                offset += len(piece)
        finally:
            self._running -= 1
        if offset == row.length:
            await self.of(file, uploader)
        return offset

    async def remove(self, file: UUID, uploader: str) -> None:
        """Raises FILE_NOT_FOUND, FILE_ATTACHED."""
        await self._row(file, uploader)
        if not await self._forget(file):
            raise FILE_ATTACHED()

    async def _row(self, file: UUID, uploader: str) -> sa.Row[Any]:
        mine = sa.select(self._table).where(self._table.c.id == file, self._table.c.uploader == uploader)
        async with self._uow() as uow:
            return FILE_NOT_FOUND.unless((await uow.connection.execute(mine)).one_or_none())

    async def _look(self, row: sa.Row[Any], head: bytes) -> None:
        """Refuse what is neither photo nor document with its first bytes, before all of it is sent."""
        if self._documents and is_document(head):
            return
        from shared.files.image import HEAD_BYTES, format_of  # noqa: PLC0415 - a start pays for no codecs

        if len(head) >= min(HEAD_BYTES, row.length):
            try:
                format_of(head)
            except Invalid:
                await self._forget(row.id)
                raise

    async def _keep(self, row: sa.Row[Any], offset: int, piece: bytes) -> None:
        """Store the piece, then say so. A name of its own: two who send the same do not write over each other."""
        name, files = f"{row.id}/{new_id_text()}.part", self._table.c
        await self._store.put(name, piece)
        async with self._uow() as uow:
            grown = await uow.connection.execute(
                sa.update(self._table)
                .where(files.id == row.id, files.received == offset)
                .values(received=offset + len(piece), pieces=sa.func.array_append(files.pieces, name))
            )
        if grown.rowcount == 0:
            await self._store.delete([name])
            received = (await self._row(row.id, row.uploader)).received
            raise UPLOAD_OFFSET(received=received, data={"received": received})

    async def _finish(self, row: sa.Row[Any]) -> None:
        if row.ready_at is not None:  # by another request, while this one waited for its turn
            return
        try:
            content = b"".join([await self._store.get(name) for name in row.pieces])
        except FileNotFoundError:
            if (await self._row(row.id, row.uploader)).ready_at is None:  # else another process has just finished it
                await self._forget(row.id)
            return
        try:
            if self._documents and is_document(content):
                check_document(content)
                await self._store.put(document_of(row.id), content)
                found: dict[str, Any] = {}
            else:
                content, found = await self._photo(row.id, content)
        except Invalid:
            await self._forget(row.id)
            raise
        failpoint("files.before_ready")
        await self._ready(row.id, content, found)
        await self._store.delete(row.pieces)

    async def _photo(self, file: UUID, content: bytes) -> tuple[bytes, dict[str, Any]]:
        """Store the photo that is made of `content`: what is kept, and what is known of it. Nothing else of the file is."""
        from shared.files.image import made_of  # noqa: PLC0415 - the same

        photo = await asyncio.get_running_loop().run_in_executor(self._worker, made_of, content)
        await self._store.put(photo_of(file), photo.content)
        await self._store.put(thumbnail_of(file), photo.thumbnail)
        known = ("width", "height", "taken_at", "longitude", "latitude")
        found = {name: getattr(photo, name) for name in known}
        return photo.content, found | ({"name": None} if self._documents else {})

    async def _ready(self, file: UUID, content: bytes, found: dict[str, Any]) -> None:
        async with self._uow() as uow:
            await uow.connection.execute(
                sa.update(self._table)
                .where(self._table.c.id == file, self._table.c.ready_at.is_(None))
                .values(ready_at=uow.now, pieces=[], bytes=len(content), digest=sha256(content).digest(), **found)
            )

    async def _forget(self, file: UUID) -> bool:
        """Row first, then objects: what a crash leaves in between, housekeeping finds. False where it is attached."""
        files = self._table.c
        async with self._uow() as uow:
            gone = await uow.connection.execute(
                sa.delete(self._table).where(files.id == file, files.thing_id.is_(None))
            )
        if gone.rowcount:
            await self._store.delete_all(file)
        return bool(gone.rowcount)


async def _pieces(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """`body` in pieces of about PIECE bytes; when its sender leaves or falls silent, first what has come until then."""
    held = bytearray()
    lost: Exception | None = None
    try:
        while True:
            async with asyncio.timeout(QUIET_SECONDS):
                held += await anext(body)
            if len(held) >= PIECE:
                yield bytes(held)
                held.clear()
    except StopAsyncIteration:
        pass
    except ClientDisconnect as gone:
        lost = gone
    except TimeoutError:
        lost = UPLOAD_STALLED(seconds=int(QUIET_SECONDS))
    if held:
        yield bytes(held)
    if lost is not None:
        raise lost
