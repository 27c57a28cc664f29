"""Posts over HTTP: who holds which role where, on any day; giving and ending posts. Callers see their part of the tree."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.deps import Keeper, RegistryDep, Staff, trail_route
from services.registry.errors import POST_NOT_FOUND
from services.registry.posts.end_post import end_post
from services.registry.posts.post import Post
from services.registry.posts.put_post import put_post
from services.registry.posts.reading import PostQuery, PostReader
from services.registry.posts.schemas import EndBody, ListedPost, PostBody, PostOut, listed, shown
from shared.clock import local_day
from shared.http.days import AsOf
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id
from shared.ids import new_id

routes = router(tags=["任职 · Posts"])


@routes.get("/posts")
async def find(query: Annotated[PostQuery, Query()], caller: Staff, registry: RegistryDep) -> PageOut[ListedPost]:
    """Who holds which post on a day · 某日的任职。"""
    async with registry.uow() as uow:
        found = await PostReader(uow, caller).find(query).page(query.limit, query.after)
        names = await registry.names(uow, [one.post.person for one in found.rows])
    return PageOut.of(found, lambda one: listed(one, names.get(one.post.person)))


@routes.get("/posts/{post_id}")
async def read(
    post_id: Id, query: Annotated[AsOf, Query()], caller: Staff, registry: RegistryDep, response: Response
) -> PostOut:
    """One post; its ETag is what ending it wants. With `as_of` only if it was held on that day · 单个任职。"""
    async with registry.uow() as uow:
        post = await PostReader(uow, caller).one(post_id)
        if post is None or (query.as_of is not None and not post.held_on(query.as_of)):
            raise POST_NOT_FOUND()
        names = await registry.names(uow, [post.person])
    answer(response, post.version)
    return shown(post, names.get(post.person))


trail_route(routes, "/posts/{post_id}", PostReader, "the post")


@routes.post("/posts", status_code=201)
async def give(body: PostBody, caller: Keeper, registry: RegistryDep, response: Response) -> PostOut:
    """Give somebody a post within your part of the tree · 任命。"""
    async with registry.uow() as uow:
        wanted = Post(
            id=new_id(),
            person=body.person,
            role=body.role,
            unit=body.unit,
            valid_from=body.valid_from or local_day(uow.now),
            valid_to=body.valid_to,
            version=1,
        )
        post = await put_post(wanted, caller, uow, premises=body.premises, why=body.why)
        names = await registry.names(uow, [post.person])
    answer(response, post.version)
    return shown(post, names.get(post.person))


@routes.post("/posts/{post_id}/end")
async def end(
    post_id: Id, body: EndBody, version: ExpectedVersion, caller: Keeper, registry: RegistryDep, response: Response
) -> PostOut:
    """End the post as you read it (If-Match) · 结束任职。"""
    async with registry.uow() as uow:
        post = await end_post(post_id, version, body.on, caller, uow, why=body.why)
        names = await registry.names(uow, [post.person])
    answer(response, post.version)
    return shown(post, names.get(post.person))
