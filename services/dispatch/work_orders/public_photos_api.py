"""What residents see of the work: small pictures of how it is now, by a link that intake hands to whoever follows a report."""

from typing import Annotated, Any, Final

import sqlalchemy as sa
from fastapi import Path, Response

from services.dispatch.deps import DispatchDep
from services.dispatch.schema import files
from services.dispatch.work_orders.store import WorkOrders
from shared.auth.permissions import anyone
from shared.files.api import FilesDep, image
from shared.files.errors import FILE_NOT_FOUND
from shared.files.public_link import Seal
from shared.files.store import thumbnail_of
from shared.http.routes import router

routes = router(prefix="/public/photos", tags=["照片 · Photos"])

_PICTURE: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"image/jpeg": {}}}}


@routes.get("/{seal}", response_class=Response, responses=_PICTURE)
async def after(
    _: Annotated[None, anyone()], seal: Annotated[Seal, Path()], dispatch: DispatchDep, photos: FilesDep
) -> Response:
    """A photo of after the work, small; never one of before it or of a check · 办理后照片缩略图。"""
    file = dispatch.public_links.opened(seal)
    shown = sa.select(files.c.id).where(
        files.c.id == file, files.c.thing_kind == WorkOrders.kind, files.c.use == "after", files.c.ready_at.is_not(None)
    )
    async with dispatch.uow() as uow:
        FILE_NOT_FOUND.unless(await uow.connection.scalar(shown))
    return await image(photos.store, thumbnail_of(file))
