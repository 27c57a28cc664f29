"""A weekly inspection is missed: one reminder, exactly once, however often supervision looks; then it is fulfilled."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from services.registry.duties.count_for import Done, Thing, count_for
from services.registry.duties.kinds import Act
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.worktime.calendar import china
from tests.conftest import NOON
from tests.support.city import COMMUNITY, GRID
from tests.support.gridgov import GridGov

pytestmark = pytest.mark.anyio


async def inspected(platform: GridGov) -> None:
    """A grid worker inspects now."""
    async with UnitOfWork(platform.services["registry"].database) as uow:
        done = Done(Act.INSPECTION, GRID, None, uow.now, Thing("inspection", new_id(), "JC-1"))
        await count_for(uow, done, by=Actor("worker", "grid_worker", GRID), calendar=china())
    await platform.drain()


async def duty(platform: GridGov) -> dict[str, Any]:
    items = (await platform.get("registry", "/duties", unit=COMMUNITY, duty="inspection"))["items"]
    return dict(items[0])


async def clocks(platform: GridGov, one: dict[str, Any]) -> list[tuple[str, bool | None]]:
    """The clocks of its runs, with their state and whether they were kept."""
    items = (await platform.get("supervision", "/clocks", thing_id=one["id"]))["items"]
    return sorted((clock["state"], clock["kept"]) for clock in items)


async def steps(platform: GridGov, one: dict[str, Any]) -> Counter[str]:
    trails: Counter[str] = Counter()
    for clock in (await platform.get("supervision", "/clocks", thing_id=one["id"]))["items"]:
        trail = await platform.get("supervision", f"/clocks/{clock['id']}/trail")
        trails.update(entry["action"] for entry in trail["entries"])
    return trails


async def test_a_weekly_inspection_is_missed_reminded_of_once_and_fulfilled(own_platform: GridGov) -> None:
    platform = own_platform
    await platform.apply_plans()
    one = await duty(platform)  # of the week that begins on Monday, 23 November
    platform.clock.set(NOON + timedelta(days=6))
    await platform.watch()
    assert await steps(platform, one) == {"start": 1}
    platform.clock.set(NOON + timedelta(days=13))
    for _ in range(3):
        await platform.watch()
    assert (await steps(platform, one))["remind"] == 1
    assert (await duty(platform))["light"] == "red"
    await inspected(platform)
    assert ((await duty(platform))["last"]["outcome"], (await duty(platform))["begun"]) == ("late", False)
    assert await clocks(platform, one) == [("fulfilled", False), ("running", None)]
    await inspected(platform)
    await platform.watch()
    assert (await steps(platform, one))["remind"] == 1, "nobody is reminded of what is done"
    assert await platform.trail_violations() == []
