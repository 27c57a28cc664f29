"""Audit, dead letters, backup and restore on a real broker of their own: the topics are emptied here."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.postgres import BlockingPostgres
from gridgov.operations import dead_letters as dead
from gridgov.operations.backup import back_up
from gridgov.operations.invariants import audit
from gridgov.operations.reach import Installation
from gridgov.operations.restore import bring_back
from services.manifest import SERVICES
from shared.audit.evidence import Acked
from shared.bus.kafka.bus import KafkaBus
from shared.bus.port import Message
from shared.events.topics import REPORTS
from tests.conftest import NOON
from tests.gridgov.operations.installation import LATER, evidence, installation, lived, running
from tests.support.city import INSIDE
from tests.support.gridgov import GridGov
from tests.support.kafka import running_kafka
from tests.support.postgres import ground

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def broker() -> Iterator[LocalKafka]:
    with ground() as path, running_kafka(path / "kafka") as kafka:
        yield kafka


@asynccontextmanager
async def alive(where: Installation, directory: Path, at: datetime = LATER) -> AsyncIterator[GridGov]:
    bus = KafkaBus(str(where.kafka))
    await bus.start()
    try:
        async with running(where, bus, directory, at=at) as platform:
            yield platform
    finally:
        await bus.close()


async def violations(where: Installation, acked: list[Acked]) -> list[int]:
    async with evidence(where, acked=acked) as e:
        return [violation.invariant for violation in await audit(e)]


async def test_a_life_on_kafka_is_audited_backed_up_and_brought_back(
    migrated_server: BlockingPostgres, database_name: str, broker: LocalKafka, tmp_path: Path
) -> None:
    where = installation(migrated_server, database_name, broker.bootstrap)
    async with alive(where, tmp_path / "k", NOON) as platform:
        acked = await lived(platform)
        assert await violations(where, acked) == []
        await back_up(where, tmp_path / "k", tmp_path / "b.tar", now=LATER)

        await platform.reported("路边井盖又不见了", "after", point=INSIDE)
        producer = await platform.bus.producer("stranger")
        event = next(r for r in await platform.records(REPORTS) if r.key == str(acked[0].id))
        headers = {**event.headers, "ce_id": str(uuid4())}
        await producer.send([Message(REPORTS, str(event.key), event.value, headers)])
        async with where.log() as log:
            (letter,) = [letter async for letter in dead.pending(log, SERVICES)]
            await dead.put_mark(letter, producer, dead.mark("discarded", at=LATER, by="me"))
            assert [letter async for letter in dead.pending(log, SERVICES)] == []
        assert 3 in await violations(where, acked)

    await bring_back(where, tmp_path / "k", tmp_path / "b.tar", now=LATER, replace=True)
    async with alive(where, tmp_path / "k") as platform:
        await platform.drain()
        async with where.log() as log:
            assert [again.id async for again in dead.pending(log, SERVICES)] == [letter.id]
        report = await platform.reported("路边井盖又不见了", "after", point=INSIDE)
        assert (await platform.work_order(report))["state"] == "assigned"
        of_hazard = 1
        orders = (await platform.content())["dispatch.work_orders"]
        assert len(orders) == len(acked) + of_hazard + 1
        assert await violations(where, acked) == []
