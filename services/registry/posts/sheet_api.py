"""Posts as Excel: what `GET /posts` finds, an empty template, and an import of all or nothing."""

from services.registry.deps import Keeper, Registry, RegistryDep, Staff, by_name
from services.registry.posts.import_sheet import MOST, import_posts
from services.registry.posts.reading import PostFilter, PostReader
from services.registry.posts.sheet import POSTS, row_of
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, sheet_routes

routes = router(tags=["任职 · Posts"])


async def _rows(query: PostFilter, call: Call[Registry]) -> Pages:
    async for page in PostReader(call.uow, call.caller).find(query).whole():
        names = await call.service.names(call.uow, [one.post.person for one in page])
        yield [row_of(one, names.get(one.post.person)) for one in page]


sheet_routes(
    routes, POSTS, "/posts", service=RegistryDep, sees=Staff, filter=PostFilter, rows=_rows, keeps=Keeper, most=MOST,
    take=lambda rows, call: import_posts(rows, call.caller, call.uow, why=call.why),
    by_name=by_name,
)  # fmt: skip
