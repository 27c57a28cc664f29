"""F4: thousands of clocks are due at once, and whoever fires them is killed again and again."""

import asyncio
import json
import os
import sys
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.supervision.schema import tables
from shared.auth.principal import Role
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events import topics
from tests.bench.watch import _load
from tests.conftest import NOON
from tests.faults import in_process
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.in_process import Ground, ask, at_work, audited, letters, reporting, the_order
from tests.support.city import INSIDE, STREET_URBAN
from tests.support.cluster import ROOT
from tests.support.gridgov import GridGov

pytestmark = [pytest.mark.timeout(600)]
ground, broker, plain_log = in_process.ground, in_process.broker, in_process.plain_log
DUE = 100_000 if ALL else 10_000
NOW = NOON + timedelta(hours=5)
ACTED_ON = 20
EARLIER, LATER, LATEST = NOON, NOON + timedelta(hours=1.5), NOON + timedelta(hours=2)
"""Clocks of four hours that start then are at NOW past their end, past their warning (80 %), and past nothing."""


async def clocks_due(platform: GridGov, due: int) -> dict[str, int]:
    """So many clocks with a step due at NOW, two fifths of them with two, and some with none; as the handler starts them."""
    database = Database(platform.services["supervision"].database.engine, tables, platform.clock)
    counts = {"both": due * 2 // 5, "one": due * 3 // 5, "none": 500}
    for count, at in zip(counts.values(), (EARLIER, LATER, LATEST), strict=True):
        await _load(lambda: UnitOfWork(database), count, at)
    return counts


async def dying_watch(ground: Ground, batch: int, seed: int) -> dict[str, int]:
    watch = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.dying_watch",
        ground.server.url_of(ground.database), NOW.isoformat(), str(batch), str(seed),
        cwd=ROOT, env={**os.environ, "GRIDGOV_FAILPOINTS": "watch.before_commit=kill:0.2"},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(watch.communicate(), 300)
    finally:
        if watch.returncode is None:
            watch.kill()
            await watch.wait()
    assert watch.returncode == 0
    return dict(json.loads(said))


async def accepted(platform: GridGov, report_id: str) -> None:
    order = await the_order(platform, report_id)
    sent = {**platform.caller(Role.DEPARTMENT_HANDLER, STREET_URBAN), "if-match": f'"{order["version"]}"'}
    answer = await ask(platform, "dispatch", "POST", f"/work-orders/{order['id']}/accept", sent, {})
    assert answer.status_code == 200, answer.text


async def killed_while_firing(ground: Ground, figures: Figures, seed: int, due: int, watches: int) -> None:
    async with ground.platform() as platform:
        # Some clocks are of real work orders, which are accepted while the watch fires at them.
        acted_on = [
            (await platform.report("路边井盖不见了", f"acted-on-{n}", point=INSIDE)).json()["id"]
            for n in range(ACTED_ON)
        ]
        await platform.drain()
        counts = await clocks_due(platform, due)
        platform.clock.set(NOW)
        begun = asyncio.get_running_loop().time()
        # The relay stands still, so that the outbox holds all steps in the order in which they were taken.
        without = ("supervision.watch", "supervision.relay")
        async with (
            at_work(platform, without=without, settle=False),
            reporting(platform, seed=seed, people=2) as residents,
        ):
            ran, *_ = await asyncio.gather(
                asyncio.gather(*(dying_watch(ground, due // 20, seed + 1000 * n) for n in range(watches))),
                *(accepted(platform, report_id) for report_id in acted_on),
            )
        seconds = asyncio.get_running_loop().time() - begun
        died = sum(one["died"] for one in ran)
        assert died > 0, "nobody was killed"

        await every_step_once_and_oldest_first(ground, counts)
        while await platform.services["supervision"].relay.send_batch():
            pass  # more than a drain would wait for
        await platform.drain()
        assert await platform.watch() == 0, "something due was left"
        assert await letters(ground) == []
        checked = await audited(ground, platform, residents.acked)
        assert checked["steps"] == checked["steps_told"] >= 2 * counts["both"] + counts["one"]
    figures.note(
        clocks_due=due, killed=died, by_our_hand=sum(one["by_our_hand"] for one in ran), steps=checked["steps"],
        seconds=seconds, acked=len(residents.acked),
    )  # fmt: skip


async def every_step_once_and_oldest_first(ground: Ground, counts: dict[str, int]) -> None:
    """Counted from the outbox, the trail and the clocks themselves. The bench's clocks have no work order here."""
    told = await ground.fetch(
        """SELECT o.said->>'clock_id' AS clock, o.kind, c.warn_at, w.id IS NULL AS loaded
           FROM (SELECT id, convert_from(value, 'UTF8')::json AS said, headers::json->>'ce_type' AS kind
                 FROM supervision.outbox WHERE topic = $1) o
           JOIN supervision.clocks c ON c.id = (o.said->>'clock_id')::uuid
           LEFT JOIN supervision.things w ON w.id = c.thing_id ORDER BY o.id""",
        topics.CLOCKS,
    )
    steps = Counter((row["clock"], row["kind"]) for row in told)
    assert max(steps.values()) == 1, "a step was told twice"
    taken = await ground.fetch(
        """SELECT aggregate_id::text AS clock, body::json->>'action' AS action FROM supervision.trail
           WHERE body::json->>'action' IN ('warn', 'remind')"""
    )
    events = {"warn": "gridgov.clock.warned.v1", "remind": "gridgov.clock.reminded.v1"}
    assert Counter((row["clock"], events[row["action"]]) for row in taken) == steps, "taken and told differ"
    loaded = [row for row in told if row["loaded"]]
    assert len(loaded) == 2 * counts["both"] + counts["one"], "steps are missing, or were taken early"
    due = [row["warn_at"] for row in loaded if row["kind"] == events["warn"]]
    assert all(one <= next_ for one, next_ in pairwise(due)), "not the oldest first"
    levels: list[Any] = await ground.fetch(
        """SELECT c.level, count(*) FROM supervision.clocks c LEFT JOIN supervision.things w ON w.id = c.thing_id
           WHERE w.id IS NULL GROUP BY c.level ORDER BY c.level"""
    )
    assert [tuple(row) for row in levels] == [(0, counts["none"]), (1, counts["one"]), (2, counts["both"])]


@pytest.mark.fault("F4", "the watch killed while thousands of clocks are due", short=True)
async def test_every_step_is_taken_once_by_watches_that_are_killed(ground: Ground, figures: Figures, seed: int) -> None:
    await killed_while_firing(ground, figures, seed, DUE, watches=1)


@pytest.mark.fault("F4", "two watches race and are killed")
async def test_and_once_by_two_that_race(ground: Ground, figures: Figures, seed: int) -> None:
    await killed_while_firing(ground, figures, seed, DUE // 5, watches=2)
