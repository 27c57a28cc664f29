"""Importing a whole tree: all or nothing, nothing the second time, every bad row named; and the sample city."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.registry.city.import_city import City
from services.registry.city.people import people_of
from services.registry.city.seed import DATA, read_city, seed
from services.registry.posts.end_post import end_post
from services.registry.posts.post import Post
from services.registry.posts.store import Posts
from services.registry.units.kinds import TOP_DOWN, Kind
from services.registry.units.store import Units
from services.registry.units.unit import UnitState
from shared.auth.principal import Principal, Role
from shared.errors import Invalid
from tests.registry.conftest import Registry
from tests.registry.toy_city import CITY, POSTS, TODAY, UNITS, post, state

pytestmark = pytest.mark.anyio

GRID = UNITS[5]


async def test_everything_is_registered_and_told_once_parents_first(registry: Registry) -> None:
    done = await registry.fill(City(UNITS[::-1], POSTS))
    assert (done.units, done.posts, done.same) == (len(UNITS), len(POSTS), 0)
    events = await registry.events()
    told = [event["code"] for event in events if "code" in event]
    assert sorted(told) == sorted(unit.code for unit in UNITS)
    kinds = [TOP_DOWN.index(Kind(event["kind"])) for event in events if "code" in event]
    assert kinds == sorted(kinds)
    assert [event["post_id"] for event in events if "post_id" in event] == [str(post.id) for post in POSTS]
    await registry.assert_trails_hold()


async def test_the_second_time_nothing_happens(registry: Registry) -> None:
    await registry.fill()
    rows = await registry.rows()
    done = await registry.fill()
    assert (done.units, done.posts, done.same) == (0, 0, len(UNITS) + len(POSTS))
    assert await registry.rows() == rows


async def test_only_what_differs_gets_a_new_version(registry: Registry) -> None:
    await registry.fill()
    done = await registry.fill(City([replace(GRID, residents=801), *UNITS[:5]]))
    assert (done.units, done.same) == (1, 5)
    assert [event["version"] for event in await registry.events(GRID.code)] == [1, 2]
    async with registry.uow() as uow:
        unit = await Units.of(uow).by_code(GRID.code)
    assert (unit.version, unit.effective_from, unit.state.residents) == (2, TODAY, 801)


async def test_a_post_that_was_ended_here_stays_ended(registry: Registry) -> None:
    await registry.fill()
    async with registry.uow() as uow:
        await end_post(POSTS[0].id, 1, None, Principal("a", Role.ADMIN), uow)
    assert (await registry.fill()).posts == 0
    async with registry.uow() as uow:
        assert (await Posts.of(uow).load([POSTS[0].id]))[POSTS[0].id].valid_to == TODAY


OFF = date(2026, 1, 1)


BAD: tuple[tuple[Sequence[UnitState], Sequence[Post], list[tuple[str, int, str]]], ...] = (
        ([*UNITS, replace(GRID, code="R1-S-01-003", name="东", boundary=None)], POSTS, [("units", 9, "unit_name_invalid")]),
        ([*UNITS, replace(GRID, code="X01", parent="X0", boundary=None)], POSTS, [("units", 9, "unit_parent_unknown")]),
        ([*UNITS, GRID], POSTS, [("units", 9, "import_row_repeated")]),
        # Against the registry as it will be: the community ends in one row, its grid does not.
        (
            [*UNITS[:3], replace(UNITS[3], valid_to=OFF), *UNITS[4:]], POSTS,
            [("units", 4, "unit_in_use"), ("units", 6, "unit_parent_not_valid"), ("units", 7, "unit_parent_not_valid"),
             ("posts", 2, "post_unit_unknown")],
        ),
        (UNITS, [*POSTS, post("P5", "grid_worker", "R1-S")], [("posts", 5, "post_role_kind_wrong")]),
        (UNITS, [*POSTS, post("P5", "grid_worker", "R9")], [("posts", 5, "post_unit_unknown")]),
        (UNITS, [*POSTS, POSTS[0]], [("posts", 5, "import_row_repeated"), ("posts", 5, "post_held")]),
        (UNITS, [*POSTS, post("P1", "grid_worker", GRID.code)], [("posts", 5, "post_held")]),
)  # fmt: skip


async def test_a_bad_row_is_named_and_nothing_is_imported(registry: Registry) -> None:
    for units, posts, bad in BAD:
        with pytest.raises(Invalid, match="import_refused") as refused:
            await registry.fill(City(units, posts))
        rows = refused.value.data["rows"]
        assert sorted((row["table"], row["row"], row["code"]) for row in rows) == sorted(bad)
        assert refused.value.data["count"] == len(bad)
        assert rows[0]["key"] in refused.value.zh
        assert rows[0]["key"] in refused.value.en
    assert set((await registry.rows()).values()) == {0}


async def test_a_parent_ended_by_an_import_keeps_no_unit_that_is_not_in_it(registry: Registry) -> None:
    await registry.fill()
    rows = await registry.rows()
    with pytest.raises(Invalid) as refused:
        await registry.fill(City([replace(UNITS[3], valid_to=OFF)]))
    assert [row["code"] for row in refused.value.data["rows"]] == ["unit_in_use"]
    assert await registry.rows() == rows


async def test_a_known_id_with_another_post_is_refused(registry: Registry) -> None:
    await registry.fill()
    with pytest.raises(Invalid) as refused:
        await registry.fill(City(UNITS, [replace(POSTS[0], person="P8")]))
    assert [row["code"] for row in refused.value.data["rows"]] == ["post_differs"]


async def test_the_sample_city_is_there_after_the_first_seeding_and_left_alone_after_that(registry: Registry) -> None:
    city = read_city()
    await registry.service.seed()
    rows = await registry.rows()
    assert (rows["units"], rows["posts"]) == (len(city.units), len(city.posts))
    assert rows["outbox"] == len(city.units) + len(city.posts)
    assert rows["accounts"] == sum(not person.demo for person in people_of(DATA))
    assert rows["trail"] == rows["outbox"] + rows["accounts"] + rows["duty_plans"]
    registry.clock.advance(timedelta(days=1))
    await registry.service.seed()
    assert await registry.rows() == rows
    await registry.assert_trails_hold()


async def test_a_registry_with_one_unit_of_its_own_gets_no_sample_city(registry: Registry) -> None:
    await registry.fill(City([state("X", Kind.CITY)]))
    await registry.service.seed()
    assert (await registry.rows())["units"] == 1


async def test_an_empty_registry_starts_from_the_folder_it_is_told(registry: Registry, tmp_path: Path) -> None:
    city = {"code": "X", "name": "X市", "kind": "city", "parent": None, "valid_from": "2020-01-01"}
    (tmp_path / "units.json").write_text(json.dumps({"units": [city]}), "utf-8")
    async with registry.uow() as work:
        with pytest.raises(Invalid, match=r"posts\.json"):
            await seed(work, tmp_path)
    (tmp_path / "posts.json").write_text('{"posts": []}', "utf-8")
    async with registry.uow() as work:
        await seed(work, tmp_path)
    assert (await registry.rows())["units"] == 1


async def test_the_sample_city_passes_every_rule_again_as_an_import(registry: Registry) -> None:
    await registry.fill(CITY)
    done = await registry.fill(read_city())
    assert done.same == 0
