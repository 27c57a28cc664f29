"""Giving and ending posts: one person holds one post once at a time, within the caller's part of the tree."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.registry.posts.end_post import end_post
from services.registry.posts.post import Post
from services.registry.posts.put_post import put_post
from shared.auth.principal import Principal, Role
from shared.errors import Conflict, Forbidden, GridGovError, NotFound
from tests.registry.conftest import Registry
from tests.registry.toy_city import POSTS, TODAY, post

pytestmark = pytest.mark.anyio

ADMIN = Principal("admin", Role.ADMIN)
WORKER = post("P9", "grid_worker", "R1-S-01-002")


async def give(registry: Registry, wanted: Post, caller: Principal = ADMIN) -> Post:
    async with registry.uow() as uow:
        return await put_post(wanted, caller, uow)


async def test_a_post_is_stored_and_told_once_when_given_and_once_when_ended(registry: Registry) -> None:
    await registry.fill()
    await give(registry, WORKER)
    async with registry.uow() as uow:
        ended = await end_post(WORKER.id, 1, None, ADMIN, uow, why="调岗")
    assert (ended.version, ended.valid_to) == (2, TODAY)
    events = await registry.events(str(WORKER.id))
    assert [(event["version"], event["valid_to"]) for event in events] == [(1, None), (2, "2026-11-18")]
    await registry.assert_trails_hold()


async def test_the_same_post_again_is_refused_until_it_has_ended(registry: Registry) -> None:
    await registry.fill()
    await give(registry, WORKER)
    again = replace(WORKER, id=POSTS[0].id.__class__(int=7), valid_from=TODAY)
    with pytest.raises(Conflict, match="post_held"):
        await give(registry, again)
    async with registry.uow() as uow:
        await end_post(WORKER.id, 1, TODAY, ADMIN, uow)
    assert (await give(registry, again)).version == 1


async def test_a_person_may_hold_several_posts(registry: Registry) -> None:
    await registry.fill()
    await give(registry, WORKER)
    await give(registry, post("P9", "grid_worker", "R1-S-01-001"))
    await give(registry, post("P9", "leader", "R1-S-01-002"))
    assert (await registry.rows())["posts"] == len(POSTS) + 3


async def test_of_two_who_give_the_same_post_at_once_one_is_told_so(registry: Registry) -> None:
    await registry.fill()
    results = await asyncio.gather(
        give(registry, WORKER), give(registry, post("P9", "grid_worker", "R1-S-01-002")), return_exceptions=True
    )
    assert [result.code for result in results if isinstance(result, GridGovError)] == ["post_held"]
    assert (await registry.rows())["posts"] == len(POSTS) + 1


async def test_posts_are_given_within_the_own_part_of_the_tree(registry: Registry) -> None:
    await registry.fill()
    for unit in ("R1-S-02", None):
        with pytest.raises(Forbidden, match="outside_reach"):
            await give(registry, WORKER, Principal("l", Role.LEADER, unit))
    await give(registry, WORKER, Principal("l", Role.LEADER, "R1-S"))
    await give(registry, post("P8", "grid_worker", WORKER.unit), Principal("l", Role.LEADER, WORKER.unit))


async def test_leaders_neither_give_nor_end_the_posts_beside_their_own(registry: Registry) -> None:
    await registry.fill()
    leading = next(one for one in POSTS if one.role == "leader")
    beside, above = Principal("l", Role.LEADER, leading.unit), Principal("d", Role.LEADER, "R1")
    with pytest.raises(Forbidden, match="outside_reach"):
        await give(registry, post("P8", "leader", leading.unit), beside)
    with pytest.raises(Forbidden, match="outside_reach"):
        async with registry.uow() as uow:
            await end_post(leading.id, 1, None, beside, uow)
    await give(registry, post("P8", "leader", leading.unit), above)
    async with registry.uow() as uow:
        await end_post(leading.id, 1, None, above, uow)


async def test_a_post_elsewhere_is_as_if_it_were_not(registry: Registry) -> None:
    await registry.fill()
    with pytest.raises(NotFound, match="post_not_found"):
        async with registry.uow() as uow:
            await end_post(POSTS[0].id, 1, None, Principal("l", Role.LEADER, "R1-S-02"), uow)


async def test_a_post_ends_as_it_was_read(registry: Registry) -> None:
    await registry.fill()
    for version, code in ((2, "version_mismatch"), (1, None), (2, "post_ended")):
        try:
            async with registry.uow() as uow:
                await end_post(POSTS[0].id, version, TODAY + timedelta(days=1), ADMIN, uow)
            refused = None
        except Conflict as error:
            refused = error.code
        assert refused == code
