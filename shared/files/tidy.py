"""Housekeeping of files: what belongs to nothing after a day goes, and so do objects that no row knows."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from shared.db.transient import is_transient
from shared.db.unit_of_work import UnitOfWork
from shared.files.store import FileStore

KEPT: Final = timedelta(days=1)
"""How long a file waits for the thing that it is for."""
LOOK_SECONDS: Final = 600.0
_SWEEP: Final = timedelta(days=1)
_CHUNK: Final = 500


class FilesHousekeeping:
    """Of one service. May run in several workers at once."""

    def __init__(self, uow: Callable[[], UnitOfWork], table: sa.Table, store: FileStore) -> None:
        self._uow, self._table, self._store = uow, table, store
        self._swept_at: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                now = await self.expire()
                if self._swept_at is None or now - self._swept_at > _SWEEP:
                    await self.sweep()
                    self._swept_at = now
            except Exception as error:
                if not (is_transient(error) or isinstance(error, OSError)):
                    raise
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await stop.wait()

    async def expire(self) -> datetime:
        """Remove what has belonged to nothing for longer than KEPT; the instant of this look."""
        files = self._table.c
        while True:
            async with self._uow() as uow:
                old = (
                    sa.select(files.id)
                    .where(files.thing_id.is_(None), files.created_at < uow.now - KEPT)
                    .limit(_CHUNK)
                    .with_for_update(skip_locked=True)
                )
                gone = await uow.connection.execute(sa.delete(self._table).where(files.id.in_(old)).returning(files.id))
                ids = list(gone.scalars())
            for file in ids:
                await self._store.delete_all(file)
            if len(ids) < _CHUNK:
                return uow.now

    async def sweep(self) -> int:
        """Delete objects of files that no row knows, and pieces of files that are ready; how many. What came within KEPT
        is left alone: its row may be about to be written."""
        swept = 0
        async for names in self._store.pages():
            left_over = await self._left_over(names)
            await self._store.delete(left_over)
            swept += len(left_over)
        return swept

    async def _left_over(self, names: Sequence[str]) -> list[str]:
        files = self._table.c
        async with self._uow() as uow:
            before = int((uow.now - KEPT).timestamp() * 1000)
            old = {name: file for name in names if (file := _file_of(name)) and file.int >> 80 < before}
            query = sa.select(files.id, files.ready_at).where(files.id.in_(set(old.values())))
            ready = {row.id: row.ready_at is not None for row in await uow.connection.execute(query)}
        return [name for name, file in old.items() if file not in ready or (ready[file] and name.endswith(".part"))]


def _file_of(name: str) -> UUID | None:
    """The file of an object, whose id begins with the milliseconds of its making (UUIDv7); None for what is not ours."""
    with contextlib.suppress(ValueError):
        return UUID(name.partition("/")[0])
    return None
