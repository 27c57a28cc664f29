"""Photos of a report without an account. They belong to whoever has the draft's key, which nobody else knows, until the
report is sent; how many come from one address, of one draft and in all is bounded."""

from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Request
from pydantic import BaseModel

from services.intake.feedback.deps import FeedbackDep
from services.intake.feedback.schemas import MOST_PHOTOS
from services.intake.reports.deps import IntakeDep
from shared.auth.permissions import anyone
from shared.files.api import Files, FilesDep
from shared.files.errors import UPLOAD_HEADER
from shared.http.routes import router
from shared.http.server.concurrency_limit import step_out

routes = router(prefix="/public/photos", tags=["居民反馈 · Without an account"])

_TRIED: Final = 3 * MOST_PHOTOS
"""Files of one draft that belong to nothing yet, those included whose connection was lost."""
_KEY: Final = Header(
    alias="Upload-Key",
    pattern=r"^[\x21-\x7e]{16,100}$",
    min_length=16,
    max_length=100,
    description="草稿的随机键，上报时带上同一个 · the draft's key, drawn by chance; the report is sent with the same",
)
UploadKey = Annotated[str, _KEY]
PerhapsUploadKey = Annotated[str | None, _KEY]


class UploadedOut(BaseModel):
    """What the photo is called in the report's `photos`."""

    id: UUID


@routes.post(
    "",
    status_code=201,
    openapi_extra={
        "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def upload(
    _: Annotated[None, anyone()],
    key: UploadKey,
    request: Request,
    intake: IntakeDep,
    feedback: FeedbackDep,
    files: FilesDep,
) -> UploadedOut:
    """A photo as the body, for a report that is sent within a day with the same Upload-Key · 无需账号上传照片。"""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and 0 < len(length) < 10):
        raise UPLOAD_HEADER(name="Content-Length", field="Content-Length")
    feedback.take_photo(intake.network.caller(request))
    step_out(request.scope)
    return UploadedOut(id=await keep_photo(files, key, int(length), request.stream()))


async def keep_photo(files: Files, key: str, length: int, content: AsyncIterator[bytes]) -> UUID:
    """The id of a photo of the draft with this key. Raises what `shared.files.uploads` does."""
    file = await files.uploads.announce(uploader_of(key), length, most=_TRIED)
    await files.uploads.take(file, uploader_of(key), 0, content)
    return file


def uploader_of(key: str) -> str:
    """Whose the draft's photos are: no subject of a token has a space in it."""
    return f"public upload {key}"
