"""A month of a street: what was found, put right, left overdue; final once the month is over, told once to who listens."""

from datetime import timedelta
from typing import Any

import pytest

from services.registry.summary.make_summaries import make_summaries
from shared.auth.principal import Role
from shared.worktime.calendar import china
from tests.registry.conftest import Registry
from tests.support.workbooks import rows_of

pytestmark = pytest.mark.anyio

LEADER = {"role": Role.LEADER, "unit": "R1-S"}
WORKER = {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}
MONTH = "/summary?unit=R1-S&period_name=2026-11"


async def found(registry: Registry, key: str, **told: Any) -> Any:
    body = {"unit": "R1-S-01-001", "item": "evacuation", "text": "安全出口堵塞", **told}
    headers = {"authorization": f"Bearer {registry.token(**LEADER)}", "idempotency-key": key}
    answer = await registry.client.post("/hazards", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def a_month(registry: Registry) -> None:
    """Two premises, one of which closes; three hazards: one fixed on the spot, one put right, one that becomes overdue."""
    await registry.fill()
    place = {"category": "shop", "unit": "R1-S-01-001"}
    await registry.call(
        "POST", "/premises", place | {"name": "老王饭店", "address": "一路1号", "key_unit": True}, **LEADER
    )
    closed = place | {"name": "老李饭店", "address": "一路2号", "use": "closed"}
    await registry.call("POST", "/premises", closed, **LEADER)
    await found(registry, "one", fixed_on_spot=True)
    made = await found(registry, "two")
    path = f"/hazards/{made['id']}"
    done = await registry.call("POST", f"{path}/submit", {"result": "已清空"}, **LEADER, if_match=str(made["version"]))
    assert done.status_code == 200, done.text
    passed = await registry.call("POST", f"{path}/pass", {}, **WORKER, if_match=str(made["version"] + 1))
    assert passed.status_code == 200, passed.text
    await found(registry, "three", rectify_by="2026-11-20")
    registry.clock.advance(timedelta(days=4))


async def test_a_street_and_what_lies_below_it_add_up(registry: Registry) -> None:
    await a_month(registry)
    told = await registry.get(MONTH, **LEADER)
    numbers = told["numbers"]
    assert {name: numbers[name] for name in ("premises", "key_units", "found", "on_spot", "fixed", "overdue")} == {
        "premises": 1, "key_units": 1, "found": 3, "on_spot": 1, "fixed": 2, "overdue": 1}  # fmt: skip
    assert (numbers["by_category"], numbers["inspected_share"], told["made_at"]) == ({"shop": 1}, 0.0, None)
    by_unit = {one["unit"]: one["numbers"]["found"] for one in told["below"]}
    assert (by_unit["R1-S-01"], by_unit["R1-S-02"]) == (3, 0)
    assert (told["before"], told["after"]) == ("2026-10", "2026-12")
    office = await registry.get(MONTH.replace("R1-S", "R1-S-D-AJ"), role=Role.DEPARTMENT_HANDLER, unit="R1-S-D-AJ")
    assert office["numbers"]["found"] == 3
    course = await registry.get("/summary/course?unit=R1-S&period_name=2026-11&count=3", **LEADER)
    assert [(p["period"], p["numbers"]["found"]) for p in course["points"]] == [
        ("2026-09", 0), ("2026-10", 0), ("2026-11", 3)]  # fmt: skip
    book = await registry.call("GET", MONTH.replace("/summary", "/summary.xlsx"), **LEADER)
    assert (*rows_of(book.content)[0].values(),)[1:4] == ("R1-S", 1, 1)


async def test_another_part_of_the_tree_is_not_told_of_it(registry: Registry) -> None:
    await registry.fill()
    answer = await registry.call("GET", MONTH, role=Role.LEADER, unit="R1-S-02")
    assert (answer.status_code, answer.json()["code"]) == (404, "unit_not_found")
    refused = await registry.call("GET", MONTH.replace("2026-11", "2026-13"), **LEADER)
    assert (refused.status_code, refused.json()["code"]) == (422, "period_unknown")


async def test_a_period_that_is_over_is_final_and_told_once(registry: Registry) -> None:
    await a_month(registry)
    registry.clock.advance(timedelta(days=20))
    made = []
    for _ in range(20):
        async with registry.uow() as uow:
            made.append(await make_summaries(uow, china()))
    assert made[-1] == 0
    events = [event for event in await registry.events("R1-S") if event.get("period") == "2026-11"]
    assert [event["numbers"]["found"] for event in events] == [3]
    await found(registry, "late")
    told = await registry.get(MONTH, **LEADER)
    assert told["made_at"] is not None and told["numbers"]["found"] == 3
    await registry.assert_trails_hold()


async def test_who_does_nothing_owes_what_passed_all_the_same(registry: Registry) -> None:
    """As the calendar tells it: one overdue run stays open, and those that passed meanwhile are due as well."""
    await registry.fill()
    await registry.apply_plans()
    registry.clock.advance(timedelta(days=30))
    month = await registry.get("/duties/month?unit=R1-S-01&month=2026-12", **LEADER)
    past = [one for one in month["entries"] if one["standing"] in ("overdue", "missed")]
    numbers = (await registry.get("/summary?unit=R1-S-01&period_name=2026-12", **LEADER))["numbers"]
    assert len(past) > 2
    assert (numbers["duties_due"], numbers["duties_kept"], numbers["kept_share"]) == (len(past), 0, 0)
