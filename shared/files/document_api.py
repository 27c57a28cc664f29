"""Documents over HTTP: uploaded as photos are (`shared/files/api.py`), and downloaded here; no browser shows them in place."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Response

from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.files.api import FilesDep, stored
from shared.files.store import document_of
from shared.http.routes import router
from shared.http.types import Id

routes: Final[APIRouter] = router(tags=["照片 · Photos"])
"""Of a service whose table of files takes documents."""
_PDF: Final = "application/pdf"


@routes.get("/files/{file_id}/document", response_class=Response, responses={200: {"content": {_PDF: {}}}})
async def document(file_id: Id, files: FilesDep, caller: Annotated[Principal, signed_in()]) -> Response:
    """A PDF that belongs to something the caller sees, to be saved · 下载附件。"""
    row = await files.seen(caller, file_id, document=True)
    return await stored(files.store, document_of(row.id), _PDF, f"attachment; filename*=UTF-8''{quote(row.name)}")
