"""F22: of every relay, consumer, watch and API there are two by mistake, and all of them work at once."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from shared.bus.port import Bus, Consumer
from shared.events import topics
from tests.faults import in_process
from tests.faults.figures import Figures
from tests.faults.in_process import Ground, at_work, audited, eventually, letters, reporting
from tests.support.gridgov import GridGov

pytestmark = [pytest.mark.timeout(300)]
ground, broker, plain_log = in_process.ground, in_process.broker, in_process.plain_log


async def nothing_due(ground: Ground, platform: GridGov) -> bool:
    return not await ground.fetch("SELECT FROM supervision.clocks WHERE next_at <= $1", platform.clock.now())


class Renamed:
    """`bus` for members whose names are not those of the others."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    async def consumer(self, group: str, names: Sequence[str], member: str) -> Consumer:
        return await self._bus.consumer(group, names, f"{member}-two")


async def everything_twice(ground: Ground, figures: Figures, seed: int) -> None:
    """Two whole platforms on one database and one bus; with an even seed their members even have the same names."""
    around = Renamed if seed % 2 else lambda bus: bus
    async with ground.platform() as one, ground.platform(around, first=False) as other:
        async with at_work(one, other), reporting(one, other, seed=seed, people=4) as residents:
            await residents.reached(25)
        # Every clock's steps come due for both watches at once, twice, while more reports come in.
        for days in (0.5, 30):
            for platform in (one, other):
                platform.clock.advance(timedelta(days=days))
            async with at_work(one, other), reporting(one, other, seed=seed + int(days) + 100, people=2) as more:
                await eventually(lambda: nothing_due(ground, one))
                await more.reached(5)
            residents.acked += more.acked
        assert await letters(ground) == []
        checked = await audited(ground, one, residents.acked)

        told = await one.records(*(topic.name for topic in topics.TOPICS if not topic.name.endswith("dead_letters")))
        ids = Counter(record.headers["ce_id"] for record in told)
        assert max(ids.values()) == 1, "an event was sent by both relays"
        steps = Counter(
            (record.headers["ce_type"], json.loads(record.value or b"")["clock_id"])
            for record in told
            if record.topic == topics.CLOCKS
        )
        assert steps and max(steps.values()) == 1, "a step was told twice"
        (taken,) = await ground.fetch("SELECT coalesce(sum(level), 0) AS steps FROM supervision.clocks")
        assert sum(steps.values()) == taken["steps"], "steps that were taken and steps that were told differ"
    figures.note(
        acked=len(residents.acked), events=len(told), steps=sum(steps.values()), entries=checked["trail_entries"]
    )


@pytest.mark.fault("F22", "two of every relay, consumer and watch", short=True)
async def test_two_of_everything_do_everything_once(ground: Ground, figures: Figures, seed: int) -> None:
    await everything_twice(ground, figures, seed)


@pytest.mark.kafka
@pytest.mark.fault("F22", "two of everything, on Kafka")
@pytest.mark.parametrize("ground", ["kafka"], indirect=True)
async def test_two_of_everything_on_kafka_too(ground: Ground, figures: Figures, seed: int) -> None:
    await everything_twice(ground, figures, seed)
