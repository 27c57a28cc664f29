"""F17: supervision's clock is wrong, or is put back, while duties run out: nobody is reminded early, and nobody twice."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.supervision.clocks.take_due_steps import take_due_steps
from shared.clock import LOCAL, SetClock
from shared.db.unit_of_work import UnitOfWork
from tests.support.city import COMMUNITY
from tests.support.gridgov import GridGov
from tests.support.platform import module_database, module_platform, own_platform

__all__ = ["module_database", "module_platform", "own_platform"]

pytestmark = pytest.mark.anyio

DUE = datetime(2026, 11, 27, 17, 30, tzinfo=LOCAL).astimezone(UTC)
"""When the first week's inspection of a community is due."""


async def look(platform: GridGov, apart: timedelta) -> None:
    """Supervision hears how far registry has told, and looks with a clock that is so far apart."""
    await platform.tell()
    database = platform.services["supervision"].database
    wrong = replace(database, clock=SetClock(platform.clock.now() + apart))
    while True:
        async with UnitOfWork(wrong) as uow:
            if not await take_due_steps(uow):
                break
    await platform.drain()


async def reminders(platform: GridGov, duty: str) -> int:
    taken: Counter[str] = Counter()
    for clock in (await platform.get("supervision", "/clocks", thing_id=duty))["items"]:
        trail = await platform.get("supervision", f"/clocks/{clock['id']}/trail")
        taken.update(entry["action"] for entry in trail["entries"])
    return taken["remind"]


@pytest.mark.fault(
    "F17", "supervision's clock one hour apart, or put back ten minutes, while duties run out", short=True
)
async def test_a_wrong_clock_reminds_nobody_early_and_nobody_twice(own_platform: GridGov) -> None:
    platform = own_platform
    await platform.apply_plans()
    items = (await platform.get("registry", "/duties", unit=COMMUNITY, duty="inspection"))["items"]
    duty = items[0]["id"]
    assert datetime.fromisoformat(items[0]["due_at"]) == DUE
    hour = timedelta(hours=1)
    platform.clock.set(DUE - hour / 2)
    await look(platform, hour)
    assert await reminders(platform, duty) == 0, "it is not over by registry's clock, which owns the limit"
    platform.clock.set(DUE + hour / 2)
    await look(platform, hour)
    for apart in (-hour, -timedelta(minutes=10), hour, timedelta()):
        platform.clock.set(DUE + hour / 2 + apart)
        await look(platform, apart)
    assert await reminders(platform, duty) == 1
    assert await platform.trail_violations() == []
