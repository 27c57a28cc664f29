"""Nobody is warned or reminded who acted in time, however long the news is under way; who did not act is, once."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gridgov.local.postgres import BlockingPostgres
from shared.auth.principal import Role
from shared.bus.port import Bus, BusUnavailable, Message, Producer
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SetClock
from shared.db.unit_of_work import UnitOfWork
from shared.events import topics
from shared.service import run_loops
from tests.conftest import NOON
from tests.support.buses import PassingBus
from tests.support.city import CITY, STREET_URBAN
from tests.support.gridgov import GridGov, gridgov

BEFORE, LONG_PAST = NOON + timedelta(minutes=30), NOON + timedelta(hours=8)
"""Long before a warning to accept, and long after its limit, on the day of NOON."""
BOTH = {"gridgov.clock.warned.v1": 1, "gridgov.clock.reminded.v1": 1}


class Away(PassingBus):
    """`bus`, to which nothing can be sent while it is `gone`."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(bus)
        self.gone = False
        self.refused = 0

    async def producer(self, name: str) -> Producer:
        return _AwayProducer(self, await super().producer(name))


@dataclass
class _AwayProducer:
    bus: Away
    inner: Producer

    async def send(self, messages: Sequence[Message]) -> None:
        if self.bus.gone:
            self.bus.refused += 1
            raise BusUnavailable("gone")
        await self.inner.send(messages)

    async def close(self) -> None:
        await self.inner.close()


@pytest.fixture
async def platform(migrated_server: BlockingPostgres, database_name: str, tmp_path: Path) -> AsyncIterator[GridGov]:
    bus = Away(PostgresBus(migrated_server.dsn_of(database_name)))
    await bus.start()
    async with gridgov(migrated_server.url_of(database_name), bus, SetClock(NOON), tmp_path, city=CITY) as platform:
        yield platform
    await bus.close()


async def opened(platform: GridGov, key: str) -> dict[str, Any]:
    return await platform.work_order(await platform.reported("星湖社区井盖", key))


async def accept(platform: GridGov, order: dict[str, Any]) -> None:
    answer = await platform.act(order, "accept", Role.DEPARTMENT_HANDLER, STREET_URBAN)
    assert answer.status_code == 200, answer.text


async def steps(platform: GridGov, order: dict[str, Any]) -> dict[str, int]:
    """How often each step to accept it was told."""
    told: dict[str, int] = {}
    for record in await platform.records(topics.CLOCKS):
        if record.key == order["id"] and json.loads(record.value or b"")["name"] == "accept":
            told[record.headers["ce_type"]] = told.get(record.headers["ce_type"], 0) + 1
    return told


async def test_while_the_owners_relay_stands_still(platform: GridGov) -> None:
    acted, missed = await opened(platform, "acted"), await opened(platform, "missed")
    await platform.watch()
    platform.clock.set(BEFORE)
    await accept(platform, acted)
    platform.clock.set(LONG_PAST)
    assert await platform.take_steps() == 0  # what dispatch knows lies in its outbox
    assert await platform.watch() == 2
    assert await platform.watch() == 0
    assert (await steps(platform, acted), await steps(platform, missed)) == ({}, BOTH)


async def test_while_the_act_itself_is_still_being_written(platform: GridGov) -> None:
    """The transaction began in time, and everything else of its owner is told before it ends."""
    slow = await opened(platform, "slow")
    platform.clock.set(BEFORE)
    async with UnitOfWork(platform.services["dispatch"].database) as at_it:
        assert at_it.now == BEFORE
        platform.clock.set(LONG_PAST)
        assert await platform.watch() == 0
    assert await platform.watch() == 2
    assert await steps(platform, slow) == BOTH


async def test_while_the_broker_is_away(platform: GridGov) -> None:
    acted, missed = await opened(platform, "acted"), await opened(platform, "missed")
    bus = platform.bus
    assert isinstance(bus, Away)
    await platform.watch()
    for consumer in platform.consumers:
        await consumer.leave()
    loops = {name: loop for service in platform.services.values() for name, loop in service.loops.items()}
    stop = asyncio.Event()
    working = asyncio.create_task(run_loops(loops, stop))
    try:
        bus.gone = True
        platform.clock.set(BEFORE)
        await accept(platform, acted)
        platform.clock.set(LONG_PAST)
        async with asyncio.timeout(30):
            while bus.refused < 6:
                await asyncio.sleep(0.05)
        bus.gone = False
        async with asyncio.timeout(30):
            while await steps(platform, missed) != BOTH:
                await asyncio.sleep(0.1)
    finally:
        stop.set()
        await working
    assert await steps(platform, acted) == {}
