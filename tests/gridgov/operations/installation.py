"""A small installation with a past, and copies of its database for tests that spoil it or lose it.

Its past: four reports with their work orders, one of them accepted, steps taken on the clocks of the others, one report
that waits for a person, a hazard with its work order, and a letter in dispatch's dead letters.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg

from gridgov.local.postgres import BlockingPostgres
from gridgov.operations.reach import Installation
from services.manifest import SERVICES
from shared.audit.evidence import Acked, Evidence
from shared.auth.principal import Role
from shared.bus.port import Bus, Message
from shared.clock import SetClock
from shared.events.topics import REPORTS
from tests.conftest import NOON
from tests.support.city import CITY, COMMUNITY, INSIDE, STREET_URBAN
from tests.support.gridgov import GridGov, gridgov

LATER = NOON + timedelta(days=2)
"""When the past ends."""
_numbers = count(1)


@contextmanager
def copy_of(server: BlockingPostgres, database: str) -> Iterator[str]:
    """The name of a copy, gone afterwards. Nobody may be connected to the original."""
    name = f"operations_{next(_numbers)}"
    asyncio.run(_run(server, f"CREATE DATABASE {name} TEMPLATE {database} STRATEGY FILE_COPY"))
    try:
        yield name
    finally:
        asyncio.run(_run(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _run(server: BlockingPostgres, statement: str) -> None:
    connection = await asyncpg.connect(server.dsn_of("postgres"))
    await connection.execute(statement)
    await connection.close()


def installation(server: BlockingPostgres, database: str, kafka: str | None = None) -> Installation:
    return Installation(dict.fromkeys(SERVICES, server.url_of(database)), kafka)


@asynccontextmanager
async def evidence(
    where: Installation, *, now: datetime = LATER, acked: Sequence[Acked] | None = None
) -> AsyncIterator[Evidence]:
    """Nothing has to be waited for any more: the platform was drained."""
    async with where.engines() as engines, where.log() as log:
        yield Evidence(engines, log, now, timedelta(0), acked)


@asynccontextmanager
async def running(where: Installation, bus: Bus, directory: Path, *, at: datetime = NOON) -> AsyncIterator[GridGov]:
    async with gridgov(where.urls["registry"], bus, SetClock(at), directory, city=CITY) as platform:
        yield platform


async def lived(platform: GridGov) -> list[Acked]:
    """Give `platform` its past; what the senders were answered."""
    acked = []
    for key in ("k-1", "k-2", "k-3", "k-4"):
        answer = (await platform.report("路边井盖不见了", key, point=INSIDE)).json()
        acked.append(Acked(key, UUID(answer["id"]), answer["number"]))
    await platform.report("没有一个词认得", "k-5")
    producer = await platform.bus.producer("stranger")
    await producer.send([Message(REPORTS, "k-bad", b"{", {"ce_type": "gridgov.report.triaged.v1", "ce_id": "bad"})])
    await platform.drain()
    hazard = await platform.clients["registry"].post(
        "/hazards",
        json={"unit": COMMUNITY, "item": "evacuation", "text": "安全出口堵塞"},
        headers={**platform.caller(Role.ADMIN), "idempotency-key": "h-1"},
    )
    assert hazard.status_code == 201, hazard.text
    await platform.drain()
    order = await platform.work_order(str(acked[0].id))
    accepted = await platform.act(order, "accept", Role.DEPARTMENT_HANDLER, STREET_URBAN)
    assert accepted.status_code == 200, accepted.text
    await platform.drain()
    platform.clock.set(LATER - timedelta(seconds=1))
    assert await platform.watch() > 0
    return acked
