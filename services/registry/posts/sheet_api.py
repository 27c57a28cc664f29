"""Posts as Excel: what `GET /posts` finds, an empty template, and an import of all or nothing."""

from collections.abc import Awaitable

from services.registry.deps import Keeper, Registry, RegistryDep, Staff
from services.registry.posts.import_sheet import MOST, import_posts
from services.registry.posts.reading import Listed, PostReader
from services.registry.posts.schemas import PostFilter
from services.registry.posts.sheet import POSTS, row_of
from shared.clock import local_day
from shared.db.keyset import Page, every_page
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["任职 · Posts"])

_PAGE = 500


async def _rows(query: PostFilter, call: Call[Registry]) -> Pages:
    reader, day = PostReader(call.uow, call.caller), query.as_of or local_day(call.uow.now)

    def find(after: str | None) -> Awaitable[Page[Listed]]:
        return reader.find(
            unit=query.unit, below=query.below, person=query.person, role=query.role, on=day, limit=_PAGE, after=after
        )

    async for page in every_page(find):
        names = await call.service.names(call.uow, [one.post.person for one in page])
        yield [row_of(one, names.get(one.post.person)) for one in page]


sheet_routes(
    routes, POSTS, "/posts", service=RegistryDep, sees=Staff, filter=PostFilter, rows=_rows, keeps=Keeper, most=MOST,
    take=lambda rows, call: import_posts(rows, call.caller, call.uow, why=call.why),
)  # fmt: skip
