"""Where the bytes are: a directory or a bucket of S3, both as obstore's own ObjectStore, by the service's name.

An object is written once and never changed; in a directory it is on the disk before anybody is told that it is there.
Names: `<file id>/photo.jpg` and `<file id>/thumbnail.jpg`, or `<file id>/document.pdf`; while it comes `<file id>/<piece>.part`.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Final
from uuid import UUID

import obstore
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from shared.settings import S3

PHOTO: Final = "photo.jpg"
THUMBNAIL: Final = "thumbnail.jpg"
DOCUMENT: Final = "document.pdf"


def photo_of(file: UUID) -> str:
    return f"{file}/{PHOTO}"


def thumbnail_of(file: UUID) -> str:
    return f"{file}/{THUMBNAIL}"


def document_of(file: UUID) -> str:
    return f"{file}/{DOCUMENT}"


class FileStore:
    """The objects of one service; opened when it is first used, since not every process of a service needs them."""

    def __init__(self, open_objects: Callable[[], ObjectStore], directory: Path | None = None) -> None:
        self._open = open_objects
        self._directory = directory

    @cached_property
    def _objects(self) -> ObjectStore:
        return self._open()

    async def put(self, name: str, content: bytes) -> None:
        await obstore.put_async(self._objects, name, content)
        if self._directory is not None:
            await asyncio.to_thread(_settle, self._directory / name)

    async def get(self, name: str) -> bytes:
        """Raises FileNotFoundError."""
        found = await obstore.get_async(self._objects, name)
        return bytes(await found.bytes_async())

    async def size(self, name: str) -> int | None:
        """None where there is no such object."""
        try:
            return (await obstore.head_async(self._objects, name))["size"]
        except FileNotFoundError:
            return None

    async def delete(self, names: Iterable[str]) -> None:
        """What is gone already is no trouble."""
        for name in names:
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._objects, name)

    async def pages(self, prefix: str = "") -> AsyncIterator[list[str]]:
        """All names that begin with the whole path segment `prefix`, some at a time."""
        async for page in obstore.list(self._objects, prefix or None, chunk_size=500):
            yield [found["path"] for found in page]

    async def delete_all(self, file: UUID) -> None:
        async for names in self.pages(str(file)):
            await self.delete(names)


def open_store(where: str | None, service: str) -> FileStore:
    """The objects of `service` in `where`: a directory, or `s3://bucket/prefix`. In memory without one, as tests have it."""
    if where is None:
        return FileStore(MemoryStore)
    if where.startswith(S3):
        return FileStore(partial(S3Store.from_url, f"{where.rstrip('/')}/{service}"))
    directory = Path(where) / service

    def opened() -> LocalStore:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(directory, automatic_cleanup=True)

    return FileStore(opened, directory)


def _settle(path: Path) -> None:
    """Bytes and names are on the disk: a machine that loses power after this has the file."""
    for settled in (path, path.parent, path.parent.parent):
        descriptor = os.open(settled, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
