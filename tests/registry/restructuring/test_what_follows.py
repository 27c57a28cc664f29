"""What a restructured unit had planned goes on at its successor, and what is over is found there, under the old name."""

from datetime import timedelta
from typing import Any

import pytest

from services.registry.city.import_city import City
from services.registry.hazards.following import Lapse
from services.registry.hazards.moving import Context, moved
from services.registry.hazards.store import Hazards
from services.registry.units.kinds import Kind
from shared.auth.principal import Role
from shared.clock import local_day
from shared.worktime.calendar import china
from tests.registry.conftest import Registry
from tests.registry.inspections.test_inspections_api import body, send, signed
from tests.registry.restructuring.test_restructuring import G1, G2, NEW, applied, draft, passed_on, scheduled
from tests.registry.toy_city import CLERK, UNITS, state

pytestmark = pytest.mark.anyio

STREET: Any = {"role": Role.LEADER, "unit": "R1-S"}
SUCCESSOR: Any = {"role": Role.GRID_WORKER, "unit": NEW}
STRANGER: Any = {"role": Role.LEADER, "unit": "R1-S-02"}
DAY = {
    "kind": "publicity", "title": "119 宣传", "starts_at": "2026-11-20T09:00:00+08:00", "target": "families",
    "details": {"form": "入户宣传"},
}  # fmt: skip
OUTCOME = {"people": 30, "departments": [], "results": {}}
POLICE = state(
    "R1-S-D-PC", Kind.DEPARTMENT, "R1-S", name="柳湾派出所", functions=("public_security",), serves=("R1-S",)
)
SECOND = state("R1-S-D-P2", Kind.DEPARTMENT, "R1-S", name="东塘派出所", functions=("public_security",))
MEETING = {
    "unit": "R1-S-01", "title": "社区联席会议", "starts_at": "2026-11-20T09:00:00+08:00", "place": "三楼", "chair": "书记",
    "agenda": ["冬防"], "invited": [G1, G2, "R1-S-D-AJ"],
}  # fmt: skip


async def made(registry: Registry, path: str, told: Any, **caller: Any) -> Any:
    answer = await registry.call("POST", path, told, **(caller or STREET))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_what_was_planned_goes_on_and_what_is_over_is_found_at_the_successor(registry: Registry) -> None:
    await registry.fill()
    place = await made(registry, "/premises", {"name": "店", "category": "shop", "unit": G1, "address": "一路1号"})
    planned = [await made(registry, "/activities", DAY | {"unit": unit}) for unit in (G1, G2)]
    held = await made(
        registry, "/activities", DAY | {"unit": G1, "starts_at": "2026-11-16T09:00:00+08:00", "outcome": OUTCOME}
    )
    meeting = await made(registry, "/meetings", MEETING)
    inspection = (await send(registry, body(place, **await signed(registry)))).json()
    plan = await draft(registry)
    seen = await registry.get(f"/restructurings/{plan.json()['id']}/preview")
    counted = {"post": 1, "premises": 1, "activity": 2, "meeting": 2, "past": 2}
    assert {name: seen["owned"][name] for name in counted} == counted
    plan = await scheduled(registry)
    assert await applied(registry) == 1
    await passed_on(registry)

    for one in planned:
        moved = await registry.get(f"/activities/{one['id']}", **SUCCESSOR)
        assert (moved["unit"], moved["version"]) == (NEW, 2)
        trail = (await registry.get(f"/activities/{one['id']}/trail", **SUCCESSOR))["entries"]
        assert (trail[-1]["action"], trail[-1]["what"]["restructuring"]) == ("succeed", plan["number"])
    again = await registry.call(
        "PUT", f"/activities/{planned[0]['id']}", DAY | {"unit": NEW, "content": "发传单"}, **STREET, if_match="2"
    )
    assert again.status_code == 200, "the same was planned in both, and both remain"
    called = await registry.get(f"/meetings/{meeting['id']}", **SUCCESSOR)
    assert [one["unit"] for one in called["invited"]] == [NEW, "R1-S-D-AJ"]
    assert (await registry.get(f"/activities/{held['id']}", **SUCCESSOR))["unit"] == G1
    for path in (f"/inspections/{inspection['id']}", f"/activities/{held['id']}"):
        assert (await registry.get(path, **SUCCESSOR))["unit"] == G1, "where it was"
        assert (await registry.call("GET", path, **STRANGER)).status_code == 404
    listed = await registry.get(f"/inspections?area={NEW}", **SUCCESSOR)
    assert [one["id"] for one in listed["items"]] == [inspection["id"]]
    await registry.assert_trails_hold()


async def test_who_has_the_premises_now_sees_what_was_done_there(registry: Registry) -> None:
    await registry.fill()
    shop = {"name": "店", "category": "shop", "unit": G1, "address": "一路1号"}
    place = await made(registry, "/premises", shop)
    inspection = (await send(registry, body(place, **await signed(registry)))).json()
    path, new = f"/inspections/{inspection['id']}", {"role": Role.GRID_WORKER, "unit": G2}
    assert (await registry.call("GET", path, **new)).status_code == 404
    moved = await registry.call("PUT", f"/premises/{place['id']}", shop | {"unit": G2}, **STREET, if_match="1")
    assert moved.status_code == 200, moved.text
    assert (await registry.get(path, **new))["unit"] == G1


async def test_an_overdue_run_of_a_unit_that_ends_was_missed_and_its_successor_shows_it(registry: Registry) -> None:
    await registry.fill()
    await registry.apply_plans()
    registry.clock.advance(timedelta(days=21))
    (last,) = (await registry.get("/duties?unit=R1-S-02&duty=inspection"))["items"]
    today = str(registry.clock.now().date())
    merger = {"kind": "merge", "units": ["R1-S-01", "R1-S-02"], "into": [{"code": "R1-S-09", "name": "新塘社区"}]}
    await scheduled(registry, merger, day=today)
    assert await applied(registry) == 1
    await registry.apply_plans()
    runs = (await registry.get("/duties/runs?since=2026-11-01&until=2026-12-31", role=Role.LEADER, unit="R1-S-09"))[
        "items"
    ]
    missed = [run for run in runs if run["unit"] == "R1-S-02" and run["duty"] == "inspection"]
    assert {run["outcome"] for run in missed} == {"missed"} and len(missed) >= 2
    assert (await registry.get(f"/duties/{last['id']}"))["state"] == "ended"
    begun = (await registry.get("/duties?unit=R1-S-09&duty=inspection"))["items"]
    assert [one["state"] for one in begun] == ["running"]


async def test_a_hazard_goes_to_the_police_of_its_place_and_to_those_who_succeed_them(registry: Registry) -> None:
    await registry.fill(City((*UNITS, POLICE, SECOND)))
    told = {"unit": G1, "item": "evacuation", "text": "通道堵塞", "rectify_by": "2026-11-19"}
    headers = {"authorization": f"Bearer {registry.token(**STREET)}", "idempotency-key": "one"}
    hazard = (await registry.client.post("/hazards", json=told, headers=headers)).json()
    path = f"/hazards/{hazard['id']}"
    offered = (await registry.get(f"{path}/police-stations", **STREET))["items"]
    assert [one["code"] for one in offered] == ["R1-S-D-P2", "R1-S-D-PC"]
    registry.clock.advance(timedelta(days=3))
    async with registry.uow() as uow:
        one = next(iter((await Hazards.of(uow).load([hazard["id"]])).values()))
        Hazards.of(uow).put(moved(one, Lapse(), Context(CLERK, uow.now, local_day(uow.now), china())))
    wrong = await registry.call("POST", f"{path}/transfer", {"to": "R1-S", "why": "逾期"}, **STREET, if_match="2")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "hazard_police_wrong")
    sent = await registry.call("POST", f"{path}/transfer", {"to": "R1-S-D-P2", "why": "逾期"}, **STREET, if_match="2")
    assert sent.status_code == 200, sent.text
    today = "2026-11-21"
    await scheduled(registry, {"kind": "dissolve", "units": ["R1-S-D-P2"], "into": [{"code": "R1-S-D-PC"}]}, day=today)
    assert await applied(registry) == 1
    await passed_on(registry)
    now = await registry.get(path, **STREET)
    assert (now["transferred_to"], now["limits"]["recheck"]["unit"], now["unit"]) == ("R1-S-D-PC", "R1-S-D-PC", G1)
    await registry.assert_trails_hold()


async def test_who_was_on_duty_before_a_restructuring_stays_known_and_the_shift_goes_on(registry: Registry) -> None:
    await registry.fill()
    shift = {"unit": G1, "role": "grid_worker", "weekdays": [1, 2, 3, 4, 5], "begins": "08:00", "ends": "20:00"}
    await made(registry, "/shifts", shift | {"valid_from": "2026-11-01"})
    then = f"/units/{G1}/on-duty?at=2026-11-17T22:00:00%2B08:00"
    before = await registry.get(then)
    assert not before["answered"]
    await scheduled(registry)
    assert await applied(registry) == 1
    await passed_on(registry)
    assert await registry.get(then) == before
    (goes_on,) = (await registry.get(f"/shifts?area={NEW}"))["items"]
    assert (goes_on["valid_from"], goes_on["valid_to"]) == ("2026-11-18", None)
    (was,) = (await registry.get("/shifts?area=R1-S-01&as_of=2026-11-17"))["items"]
    assert (was["unit"], was["valid_to"]) == (G1, "2026-11-18")
    assert not (await registry.get(f"/units/{NEW}/on-duty?at=2026-11-18T22:00:00%2B08:00"))["answered"]
    await registry.assert_trails_hold()
