"""Restructurings end to end in registry: drafted, looked at, decided on, applied whole at their instant, and what moved."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from services.registry.city.import_city import City
from services.registry.restructuring.owned import OWNED
from services.registry.restructuring.watch import RestructuringWatch
from services.registry.schema import metadata
from services.registry.units.kinds import Kind
from services.registry.units.table import successions
from shared.auth.principal import Role
from shared.clock import LOCAL
from shared.db.unit_of_work import UnitOfWork
from shared.units.passing import Passing
from shared.units.scope import places_of
from shared.units.succession import SuccessionWatch
from tests.registry.conftest import Registry
from tests.registry.toy_city import POSTS, UNITS, state

pytestmark = pytest.mark.anyio

G1, G2, NEW = "R1-S-01-001", "R1-S-01-002", "R1-S-01-021"
MERGER = {"kind": "merge", "units": [G1, G2], "into": [{"code": NEW, "name": "东塘社区第21网格"}]}
TODAY, TOMORROW = "2026-11-18", "2026-11-19"


async def draft(
    registry: Registry, *steps: Any, day: str = TODAY, role: Role = Role.ADMIN, unit: str | None = "R1-S"
) -> Any:
    body = {"effective_from": day, "steps": list(steps or (MERGER,)), "why": "整合优化"}
    return await registry.call("POST", "/restructurings", body, role=role, unit=unit)


async def act(
    registry: Registry, plan: Any, verb: str, role: Role = Role.ADMIN, unit: str | None = "R1-S"
) -> httpx2.Response:
    body = None if verb == "submit" else {"why": "同意"}
    path = f"/restructurings/{plan['id']}/{verb}"
    return await registry.call("POST", path, body, role=role, unit=unit, if_match=str(plan["version"]))


async def scheduled(registry: Registry, *steps: Any, day: str = TODAY, unit: str = "R1-S") -> Any:
    plan = (await draft(registry, *steps, day=day, unit=unit)).json()
    sent = await act(registry, plan, "submit", unit=unit)
    assert sent.status_code == 200, sent.text
    assert sent.json()["state"] == "approved"
    return sent.json()


async def applied(registry: Registry) -> int:
    watch, count = RestructuringWatch(registry.uow), 0
    while await watch.look():
        count += 1
    return count


async def passed_on(registry: Registry) -> None:
    watch = SuccessionWatch(registry.uow, successions, OWNED, service="registry")
    while await watch.look():
        pass


async def premises_in(registry: Registry, unit: str, name: str, **more: Any) -> Any:
    body = {"name": name, "category": "shop", "unit": unit, "address": f"{name}路1号", **more}
    made = await registry.call("POST", "/premises", body)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_merger_of_today_moves_units_posts_and_premises_and_the_past_stays(registry: Registry) -> None:
    await registry.fill()
    shop = await premises_in(registry, G1, "泉塘小店")
    plan = await scheduled(registry)
    assert await applied(registry) == 1
    plan = await registry.get(f"/restructurings/{plan['id']}")
    assert (plan["state"], plan["result"]["units"], plan["result"]["posts"], plan["moving"]) == ("applied", 3, 1, 2)
    below = await registry.get("/units", role=Role.ADMIN)
    assert NEW in [unit["code"] for unit in below["items"]]
    assert not {G1, G2} & {unit["code"] for unit in below["items"]}
    before = await registry.get("/units/R1-S-01/children?as_of=2026-11-17")
    assert [unit["code"] for unit in before["items"]] == [G1, G2]

    held = await registry.get(f"/posts?unit={NEW}")
    assert [(post["person"], post["valid_from"]) for post in held["items"]] == [("P1", TODAY)]
    assert (await registry.get(f"/posts/{POSTS[0].id}"))["valid_to"] == TODAY
    # Until its turn comes the shop is seen by all above the grid that ended.
    assert (await registry.get(f"/premises/{shop['id']}", role=Role.LEADER, unit="R1-S-01"))["unit"] == G1
    await passed_on(registry)
    moved = await registry.get(f"/premises/{shop['id']}", role=Role.GRID_WORKER, unit=NEW)
    assert moved["unit"] == NEW
    trail = (await registry.get(f"/premises/{shop['id']}/trail"))["entries"]
    assert trail[-1]["what"] == {"unit": [G1, NEW], "street": "R1-S", "restructuring": plan["number"]}
    assert (await registry.get(f"/restructurings/{plan['id']}"))["moving"] == 0
    (told,) = await registry.events(f"{plan['id']}/1")
    assert dict(zip(told["codes"], told["versions"], strict=True)) == {G1: 2, G2: 2, NEW: 1}
    assert {event["restructuring"] for event in await registry.events(NEW)} == {plan["id"]}
    await registry.assert_trails_hold()


async def test_what_has_a_point_goes_to_the_part_that_holds_it(registry: Registry) -> None:
    await registry.fill()
    shops = [
        await premises_in(registry, G1, name, **point)
        for name, point in (
            ("西店", {"longitude": 113.01, "latitude": 28.01}),
            ("东店", {"longitude": 113.04, "latitude": 28.01}),
            ("店", {}),
        )
    ]
    half = {
        "type": "Polygon",
        "coordinates": [[[113.0, 28.0], [113.02, 28.0], [113.02, 28.05], [113.0, 28.05], [113.0, 28.0]]],
    }
    rest = {
        "type": "Polygon",
        "coordinates": [[[113.02, 28.0], [113.05, 28.0], [113.05, 28.05], [113.02, 28.05], [113.02, 28.0]]],
    }
    split = {
        "kind": "split", "units": [G1], "main": f"{G1}B",
        "into": [{"code": f"{G1}A", "name": "东塘西片", "boundary": half, "parent": "R1-S-01"},
                 {"code": f"{G1}B", "name": "东塘东片", "boundary": rest, "parent": "R1-S-01"}],
    }  # fmt: skip
    await scheduled(registry, split)
    assert await applied(registry) == 1
    await passed_on(registry)
    found = [(await registry.get(f"/premises/{shop['id']}"))["unit"] for shop in shops]
    assert found == [f"{G1}A", f"{G1}B", f"{G1}B"]
    assert [post["person"] for post in (await registry.get(f"/posts?unit={G1}B"))["items"]] == ["P1"]


async def test_it_takes_effect_at_its_midnight_once_whoever_looks(registry: Registry) -> None:
    await registry.fill()
    plan = await scheduled(registry, day=TOMORROW)
    assert await applied(registry) == 0
    midnight = datetime(2026, 11, 19, tzinfo=LOCAL)
    registry.clock.advance(midnight - registry.clock.now() - timedelta(minutes=1))
    assert await applied(registry) == 0
    registry.clock.advance(timedelta(minutes=1))
    looks = await asyncio.gather(*(RestructuringWatch(registry.uow).look() for _ in range(3)))
    assert sorted(looks) == [False, False, True]
    assert (await registry.get(f"/units/{G1}"))["valid_to"] == TOMORROW
    trail = (await registry.get(f"/restructurings/{plan['id']}/trail"))["entries"]
    assert [entry["action"] for entry in trail] == ["draft", "schedule", "apply"]


async def test_what_is_not_as_it_was_changes_nothing_and_is_a_draft_again(registry: Registry) -> None:
    await registry.fill()
    plan = await scheduled(registry, day=TOMORROW)
    unit = await registry.get(f"/units/{G2}")
    said = {name: unit[name] for name in ("kind", "name", "parent", "valid_from")}
    ended = await registry.call("PUT", f"/units/{G2}", {**said, "valid_to": TODAY}, if_match="1")
    assert ended.status_code == 200, ended.text
    registry.clock.advance(timedelta(days=1))
    rows = await registry.rows()
    assert await applied(registry) == 1
    plan = await registry.get(f"/restructurings/{plan['id']}")
    assert (plan["state"], plan["failure"]["code"]) == ("draft", "restructuring_has_troubles")
    assert (await registry.get(f"/units/{G1}"))["valid_to"] is None
    assert {name: count for name, count in (await registry.rows()).items() if rows[name] != count}.keys() == {"trail"}


async def test_a_plan_is_called_off_before_its_instant_and_not_after(registry: Registry) -> None:
    await registry.fill()
    plan = await scheduled(registry, day=TOMORROW)
    assert (await act(registry, plan, "cancel", unit="R1-S-02")).status_code == 404
    assert (await act(registry, plan, "cancel")).json()["state"] == "cancelled"
    registry.clock.advance(timedelta(days=1))
    assert await applied(registry) == 0
    done = (await draft(registry, day=TOMORROW)).json()
    done = (await act(registry, done, "submit")).json()
    assert await applied(registry) == 1
    late = await act(registry, await registry.get(f"/restructurings/{done['id']}"), "cancel")
    assert (late.status_code, late.json()["code"]) == (409, "restructuring_action_not_possible")


async def test_what_concerns_others_is_decided_above_both_by_another_person(registry: Registry) -> None:
    await registry.fill()
    move = {"kind": "move", "units": [G2], "parent": "R1-S-02"}
    plan = (await draft(registry, move, role=Role.ADMIN, unit="R1-S-01")).json()
    assert (plan["area"], plan["concerned"]) == ("R1-S", ["R1-S-01", "R1-S-02"])
    assert (await draft(registry, move, unit="R1-S-01-001")).status_code == 403
    sent = (await act(registry, plan, "submit", unit="R1-S-01")).json()
    assert sent["state"] == "proposed"
    assert await applied(registry) == 0
    assert (await act(registry, sent, "approve", unit="R1-S-01")).status_code == 403
    waiting = await registry.get("/restructurings?waiting=true", role=Role.LEADER, unit="R1-S")
    assert [item["id"] for item in waiting["items"]] == [plan["id"]]
    approved = await act(registry, sent, "approve", Role.LEADER, "R1-S")
    assert approved.json()["state"] == "approved", approved.text
    assert await applied(registry) == 1
    assert (await registry.get(f"/units/{G2}"))["parent"] == "R1-S-02"


async def test_the_preview_says_what_moves_where_and_what_cannot_be_done(registry: Registry) -> None:
    await registry.fill()
    await premises_in(registry, G1, "泉塘小店")
    plan = (
        await draft(registry, MERGER, {"kind": "rename", "units": ["R1-S-02"], "name": "西塘社区"}, day=TOMORROW)
    ).json()
    seen = await registry.get(f"/restructurings/{plan['id']}/preview", role=Role.ADMIN, unit="R1-S")
    (grids,) = [figure for figure in seen["kinds"] if figure["name"] == "grid"]
    assert (grids["before"], grids["after"], grids["percent"]) == (2, 1, -50.0)
    assert (grids["average_residents_before"], grids["average_residents_after"]) == (800.0, 800.0)
    assert [(trouble["step"], trouble["code"]) for trouble in seen["troubles"]] == [(1, "restructuring_nothing_new")]
    assert [(m["unit"]["code"], m["successors"][0]["code"], m["owned"]) for m in seen["moving"]] == [
        (G1, NEW, {"post": 1, "premises": 1}), (G2, NEW, {}),
    ]  # fmt: skip
    refused = await act(registry, plan, "submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "restructuring_has_troubles")


async def test_a_table_drafts_the_same_plan_and_names_the_rows_that_cannot_be(registry: Registry) -> None:
    await registry.fill()
    head = "单位编码,操作,新编码,新名称,类别,电话\n"
    good = f"{head}{G1},合并,{NEW},东塘社区第21网格,居民小组\n{G2},合并,{NEW},,居民小组\nR1-S-02,不变,,,\n".encode()
    bad = f"{head}{G1},合并,{NEW},一区,\n{G2},合并,{NEW},二区,\nR9,撤销,{NEW},,\n".encode()

    async def send(content: bytes) -> httpx2.Response:
        path = f"/restructurings/import?effective_from={TODAY}&why=整合"
        return await registry.call("POST", path, content=content, unit="R1-S")

    refused = await send(bad)
    assert refused.status_code == 422
    assert "写得不一致" in refused.text
    long = await send(f"{head}{G1},更名,,{'长' * 101},{'长' * 51}\n".encode())
    assert "新名称：最多" in long.text
    assert "类别：最多 50 个字符" in long.text
    plan = (await send(good)).json()
    assert "电话" in plan["unread"][0]["zh"]
    assert [(step["kind"], step["units"]) for step in plan["steps"]] == [("merge", [G1, G2]), ("keep", ["R1-S-02"])]
    seen = await registry.get(f"/restructurings/{plan['id']}/preview")
    assert [(one["name"], one["before"], one["after"]) for one in seen["labels"]] == [("居民小组", 2, 1)]
    whole = await registry.call("GET", f"/restructurings/{plan['id']}/plan.xlsx", unit="R1-S")
    again = await send(whole.content)
    assert again.status_code == 201, again.text
    assert again.json()["steps"] == plan["steps"]


async def test_a_worker_that_dies_before_the_commit_has_done_nothing(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.registry.restructuring import apply

    def dies(_name: str) -> None:
        raise ConnectionResetError

    await registry.fill()
    plan = await scheduled(registry)
    rows = await registry.rows()
    with monkeypatch.context() as patch, pytest.raises(ConnectionResetError):
        patch.setattr(apply, "failpoint", dies)
        await RestructuringWatch(registry.uow).look()
    assert await registry.rows() == rows
    assert await applied(registry) == 1
    async with registry.service.database.engine.connect() as connection:
        count = await connection.scalar(sa.select(sa.func.count()).select_from(successions))
    assert count == 2
    assert (await registry.get(f"/restructurings/{plan['id']}"))["state"] == "applied"


async def test_what_cannot_be_moved_holds_up_nothing_else(registry: Registry) -> None:
    """A shop that is known in the other street already keeps its own; and a kind that fails waits, alone."""
    failing: list[str] = []

    async def fails(_uow: UnitOfWork, passing: Passing, _limit: int) -> int:
        if G1 in passing.ended:
            failing.append(G1)
            raise ValueError("cannot be moved")
        return 0

    await registry.fill(City((*UNITS, state("R1-T", Kind.STREET, "R1"), state("R1-T-01", Kind.COMMUNITY, "R1-T"))))
    here, there = [await premises_in(registry, unit, "老店") for unit in ("R1-S-02", "R1-T-01")]
    shop = await premises_in(registry, G2, "泉塘小店")
    await scheduled(registry, MERGER, {"kind": "move", "units": ["R1-S-02"], "parent": "R1-T"}, unit="R1")
    assert await applied(registry) == 1
    watch = SuccessionWatch(registry.uow, successions, (*OWNED, fails), service="registry")
    stop = asyncio.Event()
    running = asyncio.create_task(watch.run(stop))
    for _ in range(100):
        moved = await registry.get(f"/premises/{shop['id']}")
        if moved["unit"] == NEW:
            break
        await asyncio.sleep(0.1)
    stop.set()
    await running
    assert moved["unit"] == NEW
    assert failing
    assert {(await registry.get(f"/premises/{one['id']}"))["street"] for one in (here, there)} == {"R1-S", "R1-T"}


def test_what_lies_in_units_moves_on_or_is_known_to_stay() -> None:
    """A new ledger whose things lie in units has its row in OWNED, or its line here."""
    lies = {table.name for table in metadata.tables.values() if places_of(table)}
    with_the_units = {"units", "posts", "proposals", "restructurings"}  # apply.py
    behind_their_bearers = {"duties"}
    for_good = {"inspections", "duty_runs", "summaries"}  # they say what was
    of_an_area = {"checklists", "duty_plans"}  # its successor states its own
    moved = {owned.store.codec.table.name for owned in OWNED}
    assert lies - moved == with_the_units | behind_their_bearers | for_good | of_an_area
