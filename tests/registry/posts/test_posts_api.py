"""Posts over HTTP: who sees them, giving and ending them, and what is refused."""

import asyncio
from typing import Any

import pytest

from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.toy_city import POSTS
from tests.support.asgi import send
from tests.support.bad_input import Target, assert_refused, rows_for

pytestmark = pytest.mark.anyio

BODY = {"person": "P9", "role": "grid_worker", "unit": "R1-S-01-002", "why": "新任"}


def persons(page: Any) -> list[str]:
    return sorted(item["person"] for item in page["items"])


async def test_a_post_is_given_read_and_ended(registry: Registry) -> None:
    await registry.fill()
    given = await registry.call("POST", "/posts", BODY, role=Role.LEADER, unit="R1-S")
    assert (given.status_code, given.json()["valid_from"], given.headers["etag"]) == (201, "2026-11-18", '"1"')
    path = f"/posts/{given.json()['id']}"
    read = await registry.call("GET", path)
    assert (read.json(), read.headers["etag"]) == (given.json(), '"1"')
    assert (await registry.call("POST", "/posts", BODY)).json()["code"] == "post_held"
    assert (await registry.call("POST", f"{path}/end", {"on": "2026-11-20"})).status_code == 428
    ended = await registry.call("POST", f"{path}/end", {"on": "2026-11-20", "why": "调岗"}, if_match="1")
    assert (ended.status_code, ended.json()["valid_to"], ended.headers["etag"]) == (200, "2026-11-20", '"2"')
    again = await registry.call("POST", f"{path}/end", {}, if_match="2")
    assert (again.status_code, again.json()["code"]) == (409, "post_ended")
    entries = (await registry.get(f"{path}/trail"))["entries"]
    assert [(entry["action"], entry["why"]) for entry in entries] == [("appoint", "新任"), ("end", "调岗")]
    assert persons(await registry.get("/posts?unit=R1-S-01-002&as_of=2026-11-19")) == ["P9"]
    assert persons(await registry.get("/posts?unit=R1-S-01-002&as_of=2026-11-20")) == []


async def test_posts_are_found_by_unit_person_role_and_day(registry: Registry) -> None:
    await registry.fill()
    for query, expected in (
        ("", ["P1", "P2", "P3", "P4"]),
        ("?unit=R1-S", ["P3"]),
        ("?unit=R1-S&below=true", ["P1", "P2", "P3"]),
        ("?person=P1", ["P1"]),
        ("?role=leader", ["P3"]),
        ("?as_of=2019-12-31", []),
    ):
        assert persons(await registry.get(f"/posts{query}")) == expected, query
    page = await registry.get("/posts?limit=3")
    rest = await registry.get(f"/posts?limit=3&after={page['next']}")
    assert sorted(persons(page) + persons(rest)) == ["P1", "P2", "P3", "P4"]
    assert rest["next"] is None
    assert {item["unit_name"] for item in page["items"]} <= {
        "东塘社区第1网格",
        "东塘社区",
        "柳湾街道",
        "R1单位",
    }


async def test_callers_see_the_posts_of_their_part_of_the_tree(registry: Registry) -> None:
    await registry.fill()
    worker, dispatcher = POSTS[0].id, POSTS[3].id
    for role, unit, expected in (
        (Role.LEADER, "R1-S", ["P1", "P2", "P3"]),
        (Role.GRID_WORKER, "R1-S-01-001", ["P1"]),
        (Role.GRID_WORKER, "R1-S-02", []),
        (Role.GRID_WORKER, None, []),
        (Role.AUDITOR, None, ["P1", "P2", "P3", "P4"]),
        (Role.ADMIN, "R1-S-01", ["P1", "P2"]),
    ):
        assert persons(await registry.get("/posts", role=role, unit=unit)) == expected, (role, unit)
        for post_id, person in ((worker, "P1"), (dispatcher, "P4")):
            for path in (f"/posts/{post_id}", f"/posts/{post_id}/trail"):
                answer = await registry.call("GET", path, role=role, unit=unit)
                assert answer.status_code == (200 if person in expected else 404), (role, unit, path)
    # A unit asked for does not widen what a caller sees.
    assert persons(await registry.get("/posts?unit=R&below=true", role=Role.LEADER, unit="R1-S-01")) == ["P1", "P2"]
    assert (await registry.call("GET", "/posts", role=Role.RESIDENT, unit="R")).status_code == 403


async def test_only_admins_and_leaders_give_and_end_posts(registry: Registry) -> None:
    await registry.fill()
    for role in set(Role) - {Role.ADMIN, Role.LEADER}:
        assert (await registry.call("POST", "/posts", BODY, role=role, unit="R")).status_code == 403, role
        answer = await registry.call("POST", f"/posts/{POSTS[0].id}/end", {}, role=role, unit="R", if_match="1")
        assert answer.status_code == 403, role
    answer = await registry.call("POST", "/posts", BODY, role=Role.LEADER, unit="R1-S-02")
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_reach")
    assert (await registry.rows())["posts"] == len(POSTS)


async def test_bad_posts_are_named_and_change_nothing(registry: Registry) -> None:
    await registry.fill()
    rows = await registry.rows()
    for different, field in (
        ({"person": "王小明"}, "person"),
        ({"role": "emperor"}, "role"),
        ({"role": "dispatcher"}, "role"),
        ({"unit": "R9"}, "unit"),
        ({"valid_from": "2019-12-31"}, "valid_from"),
        ({"valid_from": "2036-01-01"}, "valid_from"),
        ({"valid_to": "2026-11-18"}, "valid_to"),
        ({"id": str(POSTS[0].id)}, "id"),
    ):
        answer = await registry.call("POST", "/posts", {**BODY, **different})
        assert (answer.status_code, answer.json()["field"]) == (422, field), (different, answer.text)
    assert await registry.rows() == rows


async def test_every_row_of_bad_input_is_refused_and_nothing_is_stored(registry: Registry) -> None:
    await registry.fill()
    rows = await registry.rows()
    for path, body in (("/posts", BODY), ("/posts/{id}/end", {"why": "调岗"})):
        target = Target(
            path, body, registry.token(Role.ADMIN), "why", 1_000, id=str(POSTS[0].id),
            headers=((b"if-match", b'"1"'),), idempotent=False,
        )  # fmt: skip
        for bad in rows_for(target):
            async with asyncio.timeout(30):
                assert_refused(await send(registry.service.api, bad.make(target)), bad)
    assert await registry.rows() == rows
