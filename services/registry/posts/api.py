"""Posts over HTTP: who holds which role where, on any day; giving and ending posts. Callers see their part of the tree."""

from typing import Annotated

from fastapi import Query

from services.registry.deps import Keeper, Registry, RegistryDep, Staff, trail_route
from services.registry.errors import POST_NOT_FOUND
from services.registry.posts.end_post import end_post
from services.registry.posts.post import Post
from services.registry.posts.put_post import put_post
from services.registry.posts.reading import PostQuery, PostReader
from services.registry.posts.schemas import EndBody, ListedPost, PostBody, PostOut, listed, shown
from shared.clock import local_day
from shared.http.call import Call
from shared.http.days import AsOf
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
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


posts = Things(routes, "/posts/{post_id}", RegistryDep)


@posts.get(Staff)
async def read(post_id: Id, query: Annotated[AsOf, Query()], call: Call[Registry]) -> PostOut:
    """One post; its ETag is what ending it wants. With `as_of` only if it was held on that day · 单个任职。"""
    post = await PostReader(call.uow, call.caller).one(post_id)
    if post is None or (query.as_of is not None and not post.held_on(query.as_of)):
        raise POST_NOT_FOUND()
    return await _shown(post, call)


trail_route(routes, "/posts/{post_id}", PostReader, "the post")


@posts.post(Keeper)
async def give(body: PostBody, call: Call[Registry]) -> PostOut:
    """Give somebody a post within your part of the tree · 任命。"""
    wanted = body.post(new_id(), local_day(call.uow.now))
    return await _shown(await put_post(wanted, call.caller, call.uow, premises=body.premises, why=body.why), call)


@posts.act(Keeper, "end")
async def end(post_id: Id, version: ExpectedVersion, body: EndBody, call: Call[Registry]) -> PostOut:
    """End the post as you read it (If-Match) · 结束任职。"""
    return await _shown(await end_post(post_id, version, body.on, call.caller, call.uow, why=body.why), call)


async def _shown(post: Post, call: Call[Registry]) -> PostOut:
    return shown(post, (await call.service.names(call.uow, [post.person])).get(post.person))
