"""A report's photos for whoever handles the hazard that was made of it: by links that registry seals, for the hazard decides
who sees it, and intake keeps the photos."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Path, Response

from services.intake.reports.deps import IntakeDep
from services.intake.reports.store import Reports
from services.intake.schema import files
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.files.api import JPEG, FilesDep, image
from shared.files.errors import FILE_NOT_FOUND
from shared.files.public_link import Seal
from shared.files.store import photo_of, thumbnail_of
from shared.http.routes import router

routes = router(prefix="/linked-photos", tags=["照片 · Photos"])

SignedIn = Annotated[Principal, signed_in()]


@routes.get("/{seal}", response_class=Response, responses=dict(JPEG))
async def photo(_: SignedIn, seal: Annotated[Seal, Path()], intake: IntakeDep, photos: FilesDep) -> Response:
    """A photo of the report that became a hazard which you see · 隐患来源照片。"""
    return await image(photos.store, photo_of(await _opened(seal, intake)))


@routes.get("/{seal}/thumbnail", response_class=Response, responses=dict(JPEG))
async def thumbnail(_: SignedIn, seal: Annotated[Seal, Path()], intake: IntakeDep, photos: FilesDep) -> Response:
    """The same, small · 缩略图。"""
    return await image(photos.store, thumbnail_of(await _opened(seal, intake)))


async def _opened(seal: Seal, intake: IntakeDep) -> UUID:
    file = intake.staff_links.opened(seal)
    shown = sa.select(files.c.id).where(
        files.c.id == file, files.c.thing_kind == Reports.kind, files.c.ready_at.is_not(None)
    )
    async with intake.uow() as uow:
        FILE_NOT_FOUND.unless(await uow.connection.scalar(shown))
    return file
