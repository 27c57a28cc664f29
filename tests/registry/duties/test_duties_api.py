"""Duties over HTTP: made from plans, kept up with what changes, counted for, seen by whom they concern."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.duties.count_for import Done, Thing, count_for
from services.registry.duties.kinds import Act
from services.registry.duties.plan import restate
from services.registry.duties.seed_plans import seed_plans
from services.registry.duties.store import Plans
from shared.auth.principal import Role
from shared.change import Actor
from shared.ids import new_id
from shared.worktime.calendar import Calendar, Year, china
from tests.conftest import NOON
from tests.registry.conftest import Registry
from tests.shared.files.pictures import picture
from tests.support.tus import uploaded
from tests.support.workbooks import edited, rows_of

pytestmark = pytest.mark.anyio

SCHOOL = {"name": "泉塘小学", "category": "crowded", "unit": "R1-S-01-001", "address": "一路1号", "key_unit": True}
SHOP = {"name": "小店", "category": "shop", "unit": "R1-S-01-001", "address": "一路2号"}
WORKER = {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}
COMMUNITY = {"role": Role.LEADER, "unit": "R1-S-01"}
NEXT_PERIOD = timedelta(days=40)


async def place(registry: Registry, **body: Any) -> Any:
    answer = await registry.call("POST", "/premises", body, **WORKER)
    assert answer.status_code == 201, answer.text
    await registry.apply_plans()
    return answer.json()


async def owed(registry: Registry, query: str, **caller: Any) -> dict[str, Any]:
    items = (await registry.get(f"/duties?{query}", **caller))["items"]
    return {one["duty"]: one for one in items}


async def do(registry: Registry, act: Act, unit: str, premises_id: Any = None) -> None:
    async with registry.uow() as uow:
        done = Done(act, unit, premises_id, uow.now, Thing("inspection", new_id(), "JC-1"))
        await count_for(uow, done, by=Actor("P1", "grid_worker", unit), calendar=china())


async def test_plans_make_the_duties_that_apply_once_and_follow_what_changes(registry: Registry) -> None:
    await registry.fill()
    school, shop = await place(registry, **SCHOOL), await place(registry, **SHOP)
    of_shop = await owed(registry, f"premises={shop['id']}")
    assert {one["duty"]: one["period"] for one in of_shop.values()} == {"fire_check": "monthly", "drill": "yearly"}
    of_school = await owed(registry, f"premises={school['id']}")
    assert {duty: one["period"] for duty, one in of_school.items()} == {
        "patrol": "daily", "fire_check": "monthly", "drill": "half_yearly", "training": "yearly",
        "facilities_test": "yearly",
    }  # fmt: skip
    hotel = await place(registry, **SHOP | {"name": "泉塘大酒店", "category": "crowded", "address": "一路3号"})
    of_hotel = await owed(registry, f"premises={hotel['id']}")
    assert (of_hotel["patrol"]["period"], of_hotel["training"]["period"]) == ("two_hours", "half_yearly")
    assert set(await owed(registry, "unit=R1-S-01&bearer=unit")) == {"inspection", "publicity_day"}
    assert set(await owed(registry, "unit=R1-S-D-AJ")) == {"inspection"}
    before = await registry.rows()
    assert (await registry.call("POST", "/duty-plans/apply", {})).status_code == 202
    await registry.apply_plans()
    assert await registry.rows() == before, "the second time changes nothing"
    for use, states in (("suspended", {"paused"}), ("open", {"running"}), ("closed", {"ended"})):
        version = (await registry.get(f"/premises/{shop['id']}"))["version"]
        await registry.call("PUT", f"/premises/{shop['id']}", SHOP | {"use": use}, **WORKER, if_match=str(version))
        await registry.apply_plans()
        items = (await registry.get(f"/duties?premises={shop['id']}&state={next(iter(states))}"))["items"]
        assert len(items) == 2, use
    await registry.assert_trails_hold()


async def test_announced_holidays_move_open_runs_once_each_with_a_line(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()
    before = (await owed(registry, "unit=R1-S-01&bearer=unit"))["inspection"]
    last = date.fromisoformat(before["due_at"][:10])
    holidays = Calendar("cn-new", {last.year: Year(announced=True, holidays=frozenset({last}), make_up=frozenset())})
    for _ in range(2):
        await registry.apply_plans(holidays)
    after = (await owed(registry, "unit=R1-S-01&bearer=unit"))["inspection"]
    assert after["due_at"][:10] == str(last - timedelta(days=1)) and after["started_at"] == before["started_at"]
    trail = (await registry.get(f"/duties/{before['id']}/trail"))["entries"]
    assert [entry["action"] for entry in trail] == ["begin", "remeasure"]


async def test_a_full_test_in_the_file_of_premises_counts_once_for_their_duty(registry: Registry) -> None:
    await registry.fill()
    school = await place(registry, **SCHOOL)
    registry.clock.set(NOON + timedelta(days=60))  # in 2027: the duty begins with the year
    values = {"kind": "全面检测", "on": "2027-01-16", "content": "消防设施全面检测合格"}
    for other in ({"kind": "日常维保"}, {"on": "2026-12-30"}, {}):
        body = {"item": "facility_checks", "values": values | other}
        assert (await registry.call("POST", f"/premises/{school['id']}/file", body, **WORKER)).status_code == 201
        duty = (await owed(registry, f"premises={school['id']}"))["facilities_test"]
        assert (duty["last"] is None) is bool(other), other
    assert (duty["last"]["what"], duty["last"]["number"]) == ("facilities_test", school["number"])
    assert duty["due_at"].startswith("2028-12-31")


async def test_what_a_grid_worker_does_counts_for_the_community_and_for_nobody_else(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()
    registry.clock.set(NOON + timedelta(days=7))
    mine = (await registry.get("/duties/mine", **WORKER))["items"]
    assert [one["unit"] for one in mine] == ["R1-S-01", "R1-S-01"], "its community's, which it cannot list"
    assert [one["possible"] for one in mine] == [[], []], "nor fulfil by hand, nor be let off"
    first = await registry.get("/duties/mine?limit=1", **WORKER)
    second = await registry.get(f"/duties/mine?limit=1&after={first['next']}", **WORKER)
    assert [*first["items"], *second["items"]] == mine and second["next"] is None, (
        "what did not fit is behind the cursor"
    )
    await do(registry, Act.INSPECTION, "R1-S-01-001")
    community = (await owed(registry, "unit=R1-S-01&bearer=unit"))["inspection"]
    assert (community["last"]["outcome"], community["begun"]) == ("kept", False)
    for other in ("R1-S-02", "R1-S-D-AJ"):
        assert (await owed(registry, f"unit={other}"))["inspection"]["last"] is None
    before = await registry.rows()
    await do(registry, Act.INSPECTION, "R1-S-01-001")
    assert await registry.rows() == before, "this week's is done"


async def test_a_month_shows_what_was_kept_what_missed_and_what_is_to_come(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()
    registry.clock.set(NOON + timedelta(days=7))  # Wednesday, 25 November
    await do(registry, Act.INSPECTION, "R1-S-01-001")
    registry.clock.set(NOON + timedelta(days=21))
    await do(registry, Act.INSPECTION, "R1-S-01")
    november = await registry.get("/duties/month?month=2026-11&unit=R1-S-01", **COMMUNITY)
    december = await registry.get("/duties/month?month=2026-12&unit=R1-S-01", **COMMUNITY)
    standings = [
        (entry["day"], entry["standing"]) for entry in november["entries"] + december["entries"]
        if "检查" in entry["name"]
    ]  # fmt: skip
    assert {entry["period"] for entry in december["entries"] if "检查" in entry["name"]} == {"weekly"}
    assert standings[:5] == [
        ("2026-11-27", "kept"),
        ("2026-12-04", "late"),
        ("2026-12-11", "kept"),
        ("2026-12-18", "planned"),
        ("2026-12-25", "planned"),
    ]
    tallies = (await registry.get("/duties/tallies?since=2026-11-01&until=2026-12-31&duty=inspection"))["items"]
    counts = {one["unit"]: tuple(one[name] for name in ("kept", "late", "missed", "overdue")) for one in tallies}
    assert counts["R1-S-01"] == (2, 1, 0, 0)
    assert counts["R1-S-02"] == (0, 0, 1, 1), "what passed while the first was overdue, though nobody has done anything"
    december = "since=2026-12-01&until=2026-12-31&duty=inspection"
    missed = (await registry.get(f"/duties/tallies?{december}&outcome=missed"))["items"]
    assert {one["unit"]: (one["missed"], one["overdue"]) for one in missed}["R1-S-02"] == (1, 0)
    runs = (await registry.get("/duties/runs?since=2026-11-01&until=2026-12-31&area=R1-S-01"))["items"]
    assert [run["outcome"] for run in runs] == ["kept", "late", "kept"]


async def test_fulfilled_by_hand_and_waived_by_a_unit_above(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()
    registry.clock.set(NOON + timedelta(days=7))
    duties = await owed(registry, "unit=R1-S-01&bearer=unit")
    path = f"/duties/{duties['inspection']['id']}"
    headers = {"authorization": f"Bearer {registry.token(**COMMUNITY)}"}
    body = {"why": "检查记录在卷 12", "photos": [await uploaded(registry.client, headers, picture())]}
    done = await registry.call("POST", f"{path}/fulfil", body, **COMMUNITY, if_match="1")
    assert done.status_code == 200 and done.json()["last"]["what"] == "by_hand", done.text
    assert [photo["id"] for photo in done.json()["photos"]] == body["photos"]
    again = await registry.call("POST", f"{path}/fulfil", {"why": "再来"}, **COMMUNITY, if_match=done.json()["version"])
    assert (again.status_code, again.json()["code"]) == (409, "duty_done_already")
    path = f"/duties/{duties['publicity_day']['id']}"
    asked = await registry.call("POST", f"{path}/ask-waiver", {"why": "防汛"}, **COMMUNITY, if_match="1")
    assert asked.json()["state"] == "waiver_asked" and asked.json()["possible"] == ["fulfil"], "another decides"
    assert (await registry.get("/duties/counts?area=R1-S"))["waivers"] == 1
    own = await registry.call("POST", f"{path}/grant-waiver", {"why": "可"}, **COMMUNITY, if_match="2")
    assert own.status_code == 403
    above = {"role": Role.LEADER, "unit": "R1-S"}
    assert (await registry.get(path, **above))["possible"] == ["fulfil", "grant_waiver", "decline_waiver"]
    granted = await registry.call("POST", f"{path}/grant-waiver", {"why": "同意"}, **above, if_match="2")
    assert granted.status_code == 200 and granted.json()["last"]["outcome"] == "waived", granted.text
    trail = (await registry.get(f"{path}/trail", **above))["entries"]
    assert [entry["action"] for entry in trail][:4] == ["begin", "ask_waiver", "grant_waiver", "begin"]
    await registry.assert_trails_hold()


async def test_a_district_sets_its_own_period(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()
    body = {
        "duty": "inspection", "variant": "community", "area": "R1", "name": "社区每半月检查", "bearer": "unit",
        "period": "half_monthly", "kinds": ["community"], "counts": ["inspection"], "below": True,
    }  # fmt: skip
    district = {"role": Role.ADMIN, "unit": "R1"}
    assert (await registry.call("POST", "/duty-plans", body | {"area": None}, **district)).status_code == 403
    made = await registry.call("POST", "/duty-plans", body, **district)
    assert made.status_code == 201, made.text
    await registry.apply_plans()
    assert (await owed(registry, "unit=R1-S-01&bearer=unit"))["inspection"]["period"] == "half_monthly"
    off = {name: value for name, value in body.items() if name not in ("duty", "variant", "area")} | {"on": False}
    await registry.call("PUT", f"/duty-plans/{made.json()['id']}", off, **district, if_match="1")
    await registry.apply_plans()
    assert "inspection" not in await owed(registry, "unit=R1-S-01&bearer=unit")


async def test_plans_of_the_release_follow_it_unless_a_person_restated_them(registry: Registry) -> None:
    await registry.fill()
    seed = Actor("seed", "service")
    async with registry.uow() as uow:
        await seed_plans(uow, by=seed)
    async with registry.uow() as uow:
        plans = {(plan.duty, plan.variant): plan for plan in await Plans.of(uow).all()}
        tests = [plan for (duty, _), plan in plans.items() if duty == "facilities_test"]
        for plan, by in zip(tests, (seed, Actor("P1", "admin")), strict=True):
            Plans.of(uow).put(restate(plan, replace(plan.terms, counts=()), by=by, now=uow.now, why="by hand only"))
    for _ in range(2):
        async with registry.uow() as uow:
            await seed_plans(uow, by=seed)
    async with registry.uow() as uow:
        after = {plan.id: plan for plan in await Plans.of(uow).all()}
    assert [(after[plan.id].terms.counts, after[plan.id].version) for plan in tests] == [
        ((Act.FACILITIES_TEST,), 3), ((), 2)
    ], "an earlier release knew no act that counts"  # fmt: skip
    assert len(after) == len(plans)


async def test_plans_go_out_as_a_table_that_comes_back_and_duties_as_what_the_filter_shows(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()

    async def sent(content: bytes) -> Any:
        return await registry.call("POST", "/duty-plans/import", content=content)

    plans = (await registry.call("GET", "/duty-plans.xlsx")).content
    assert (await sent(plans)).json() == {"entered": 0, "changed": 0, "same": len(rows_of(plans))}
    changed = edited(edited(plans, 2, {"周期": "每月"}), 3, {"周期": "每月"})
    assert (await sent(edited(changed, 3, {"周期": "偶尔"}))).status_code == 422
    assert (await sent(changed)).json()["changed"] == 2
    assert len(rows_of((await registry.call("GET", "/duties.xlsx?unit=R1-S-01")).content)) == 2


async def test_of_two_who_act_on_one_version_at_once_one_is_told_so(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()
    registry.clock.set(NOON + timedelta(days=7))
    duty = (await owed(registry, "unit=R1-S-01&bearer=unit"))["inspection"]
    path = f"/duties/{duty['id']}"
    answers = await asyncio.gather(
        registry.call("POST", f"{path}/ask-waiver", {"why": "防汛"}, **COMMUNITY, if_match=str(duty["version"])),
        registry.call("POST", f"{path}/fulfil", {"why": "补登"}, **COMMUNITY, if_match=str(duty["version"])),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412], [answer.text for answer in answers]
