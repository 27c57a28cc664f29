"""Posts as Excel: what `GET /posts` finds, an empty template, and an import of all or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.registry.deps import Keeper, RegistryDep, Staff
from services.registry.posts.import_sheet import import_posts
from services.registry.posts.reading import PostReader
from services.registry.posts.schemas import PostFilter
from services.registry.posts.sheet import POSTS, row_of
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.clock import local_day
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.streaming import exported

routes = router(tags=["任职 · Posts"])

LARGEST: Final = 16 * 1024 * 1024
_PAGE: Final = 500


class PostsImportedOut(BaseModel):
    """How many posts were given, how many ended, and how many were there already as the table says."""

    given: int
    ended: int
    same: int


class PostImportQuery(QueryModel):
    """`why` goes on the trail of each post that is given or ended."""

    why: MediumText | None = None


@routes.get("/posts.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[PostFilter, Query()], caller: Staff, registry: RegistryDep) -> Response:
    """All posts that `GET /posts` finds with the same filter, as a workbook · 导出任职。"""
    async with registry.uow() as uow:
        reader, day = PostReader(uow, caller), query.as_of or local_day(uow.now)

        async def rows() -> AsyncIterator[Sequence[Mapping[str, Any]]]:
            after: str | None = None
            while True:
                found, after = await reader.find(
                    unit=query.unit, below=query.below, person=query.person, role=query.role, on=day, limit=_PAGE,
                    after=after,
                )  # fmt: skip
                names = await registry.names(uow, [one.post.person for one in found])
                yield [row_of(one, names.get(one.post.person)) for one in found]
                if after is None:
                    return

        content = await exported(POSTS, rows())
    return download(content, "任职 posts.xlsx")


@routes.get("/posts/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Staff) -> Response:
    """An empty table of posts with drop-downs and notes · 任职导入模板。"""
    return download(await asyncio.to_thread(POSTS.template), "任职模板 posts.xlsx")


@routes.post(
    "/posts/import",
    max_body_size=LARGEST,
    response_model=PostsImportedOut,
    openapi_extra=FILE_BODY,
    responses=REFUSED_ROWS,
)
async def import_(
    query: Annotated[PostImportQuery, Query()], request: Request, caller: Keeper, registry: RegistryDep
) -> PostsImportedOut | Response:
    """Give and end the posts of a table, all or nothing. Refused rows come back as a file like the one sent, with a
    column that says why; nothing was changed then · 导入任职。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(POSTS.read, content)
    try:
        async with registry.uow() as uow:
            imported = await import_posts(reading, caller, uow, why=query.why)
    except RowsRefused as refused:
        return await refused_file(POSTS, content, reading, refused, "任职")
    return PostsImportedOut(**asdict(imported))
