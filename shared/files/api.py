"""Files over HTTP: resumable upload as tus 1.0.0 has it (tus.io: core, creation, creation-with-upload, termination,
expiration), and the photos that were made of them."""

from base64 import b64decode
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response

from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal, Role
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.files.attach import Owner, seen_by
from shared.files.errors import FILE_LOST, FILE_NOT_FOUND, TUS_VERSION, UPLOAD_HEADER, UPLOAD_TYPE
from shared.files.store import FileStore, photo_of, thumbnail_of
from shared.files.tidy import KEPT
from shared.files.uploads import Uploads
from shared.http import problems
from shared.http.routes import StrictRoute, router
from shared.http.server.concurrency_limit import step_out
from shared.http.types import Id
from shared.units.scope import Scope

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,termination,expiration"
CHUNK: Final = "application/offset+octet-stream"
_TAGS: Final = ["照片 · Photos"]
_BYTES: Final = {"requestBody": {"content": {CHUNK: {"schema": {"type": "string", "format": "binary"}}}}}
JPEG: Final[Mapping[int | str, dict[str, Any]]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one service. `owners`: the table of each kind of thing that has photos; `scope` what a caller sees."""

    uow: Callable[[], UnitOfWork]
    table: sa.Table
    store: FileStore
    uploads: Uploads
    scope: Callable[[Principal], Scope]
    owners: Mapping[str, Owner]

    async def seen(self, caller: Principal, file: UUID, *, document: bool = False) -> sa.Row[Any]:
        """The row of a photo, or `document`, that the caller may see. Raises FILE_NOT_FOUND."""
        table = self.table
        sort = table.c.width.is_(None) if document else table.c.width.is_not(None)
        query = sa.select(table).where(
            table.c.id == file, table.c.ready_at.is_not(None), sort, seen_by(self.scope(caller), table, self.owners)
        )
        async with self.uow() as uow:
            return FILE_NOT_FOUND.unless((await uow.connection.execute(query)).one_or_none())


async def _files(request: Request) -> Files:
    files: Files = request.app.state.files
    return files


FilesDep = Annotated[Files, Depends(_files)]


class TusRoute(StrictRoute):
    """A route of the protocol: its version is asked for and answered, with errors too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                answer = await inner(request)
            except GridGovError as error:
                answer = problems.of_error(error, request.headers.get("accept-language"))
                if error.code == TUS_VERSION.code:
                    answer.headers["tus-version"] = VERSION
            answer.headers["tus-resumable"] = VERSION
            return answer

        return handle


def file_routes(*uploaders: Role) -> APIRouter:
    """The routes of a service that takes photos from `uploaders`. What they do is in `app.state.files`."""
    routes, upload = router(tags=_TAGS), router(tags=_TAGS, route_class=TusRoute)
    may_upload: Any = may(*uploaders)

    @upload.options("/files", status_code=204)
    async def about(files: FilesDep, caller: Principal = may_upload) -> Response:
        """What this server can: versions and extensions of tus, the largest size · 上传能力。"""
        most = str(files.uploads.most_bytes)
        return _answer(204, **{"tus-version": VERSION, "tus-extension": EXTENSIONS, "tus-max-size": most})

    @upload.post("/files", status_code=201, openapi_extra=_BYTES)
    async def begin(request: Request, files: FilesDep, caller: Principal = may_upload) -> Response:
        """A new upload of `Upload-Length` bytes, with its first ones where there are any; `Location` is where it goes on.
        A file that is attached to nothing within a day goes · 开始上传。"""
        _version(request)
        with_upload = "content-type" in request.headers
        if with_upload:
            _chunk(request)
        uploads = files.uploads
        length, name = _number(request, "Upload-Length", least=1), _told_name(request)
        file = await uploads.announce(caller.subject, length, name=name)
        received = 0
        if with_upload:
            step_out(request.scope)
            received = await uploads.take(file, caller.subject, 0, request.stream())
        where = f"{request.scope.get('root_path', '')}/files/{file}"
        row = await uploads.of(file, caller.subject)
        return _answer(201, location=where, **{"upload-offset": str(received), "upload-expires": _until(row)})

    @upload.head("/files/{file_id}")
    async def how_far(file_id: Id, files: FilesDep, caller: Principal = may_upload) -> Response:
        """How far an upload has come · 已上传到哪里。"""
        row = await files.uploads.of(file_id, caller.subject)
        told = {"upload-offset": str(row.received), "upload-length": str(row.length), "upload-expires": _until(row)}
        return _answer(200, **told)

    @upload.patch("/files/{file_id}", status_code=204, openapi_extra=_BYTES)
    async def go_on(file_id: Id, request: Request, files: FilesDep, caller: Principal = may_upload) -> Response:
        """More bytes, from `Upload-Offset` on. With the last ones the photo is checked · 继续上传。"""
        _version(request)
        _chunk(request)
        offset = _number(request, "Upload-Offset")
        step_out(request.scope)
        received = await files.uploads.take(file_id, caller.subject, offset, request.stream())
        return _answer(204, **{"upload-offset": str(received)})

    @upload.delete("/files/{file_id}", status_code=204)
    async def remove(file_id: Id, request: Request, files: FilesDep, caller: Principal = may_upload) -> Response:
        """Give an upload up; not once it is attached · 取消上传。"""
        _version(request)
        await files.uploads.remove(file_id, caller.subject)
        return _answer(204)

    routes.routes.extend(upload.routes)

    @routes.get("/files/{file_id}", responses=dict(JPEG))
    async def photo(file_id: Id, files: FilesDep, caller: Annotated[Principal, signed_in()]) -> Response:
        """A photo that belongs to something the caller sees · 照片。"""
        row = await files.seen(caller, file_id)
        return await image(files.store, photo_of(row.id))

    @routes.get("/files/{file_id}/thumbnail", responses=dict(JPEG))
    async def thumbnail(file_id: Id, files: FilesDep, caller: Annotated[Principal, signed_in()]) -> Response:
        """The same, small · 缩略图。"""
        row = await files.seen(caller, file_id)
        return await image(files.store, thumbnail_of(row.id))

    return routes


async def image(store: FileStore, name: str) -> Response:
    """The answer with a picture, shown in place."""
    return await stored(store, name, "image/jpeg", f'inline; filename="{name.replace("/", "-")}"')


async def stored(store: FileStore, name: str, media_type: str, disposition: str) -> Response:
    """The answer with an object, which the caller's own browser alone may keep. Raises FILE_LOST."""
    try:
        content = await store.get(name)
    except FileNotFoundError:
        raise FILE_LOST() from None
    headers = {
        "content-disposition": disposition,
        "cache-control": "private, max-age=86400, immutable",
        "vary": "Authorization, Cookie",
    }
    return Response(content, media_type=media_type, headers=headers)


def _answer(status: int, **headers: str) -> Response:
    return Response(status_code=status, headers=headers)


def _told_name(request: Request) -> str:
    """What `Upload-Metadata` calls the file (tus: `filename <base64>`); empty where it does not."""
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            with suppress(ValueError):
                return b64decode(value, validate=True).decode()
    return ""


def _version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise TUS_VERSION()


def _chunk(request: Request) -> None:
    if request.headers.get("content-type") != CHUNK:
        raise UPLOAD_TYPE()


def _number(request: Request, name: str, *, least: int = 0) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise UPLOAD_HEADER(name=name, field=name)
    return int(text)


def _until(row: sa.Row[Any]) -> str:
    until: datetime = row.created_at + KEPT
    return format_datetime(until, usegmt=True)
