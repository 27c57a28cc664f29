"""Trails and processed_events can be partitioned by the time in their UUIDv7 without a new key: decision 0016.

All that a service does with them runs here on tables that are.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import DBAPIError

from shared.db.housekeeping import PROCESSED_DAYS, Housekeeping
from shared.db.unit_of_work import Database
from shared.ids import new_id
from shared.telemetry.metrics import Metrics
from shared.trail.read import hashes_at
from shared.trail.tables import append_only
from tests.shared.probe import Probe, Thing

pytestmark = pytest.mark.anyio

_HOUR = 1000 * 60 * 60
"""An hour, in the milliseconds of a UUIDv7's first 48 bits."""


@pytest.fixture
async def partitioned(probe: Probe) -> Probe:
    now = new_id().int >> 80
    for table, key in (("trail", "aggregate_id"), ("processed_events", "event_id")):
        await probe.sql(
            f"CREATE TABLE whole (LIKE {table} INCLUDING ALL) PARTITION BY RANGE ({key})",
            f"DROP TABLE {table} CASCADE",
            f"ALTER TABLE whole RENAME TO {table}",
            f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT",
            *(
                f"CREATE TABLE {table}_{n} PARTITION OF {table} FOR VALUES FROM ('{bound(begin)}') TO ('{bound(end)}')"
                for n, (begin, end) in enumerate([(now - 2 * _HOUR, now - _HOUR // 2), (now - _HOUR // 2, now + _HOUR)])
            ),
            *(append_only(probe.name)[1:] if table == "trail" else ()),
        )
    return probe


def bound(milliseconds: int) -> str:
    """The least UUIDv7 of an instant, as a partition's bound."""
    return str(UUID(int=milliseconds << 80))


async def test_a_trail_in_partitions_is_written_followed_and_verified(partitioned: Probe) -> None:
    old = replace(partitioned.new(), after=Thing(an_hour_ago(), 1, "old"))
    async with partitioned.uow() as uow:
        await uow.add(old, *(partitioned.new() for _ in range(300)))
    await partitioned.change(old.after.id, times=3)
    async with partitioned.engine.connect() as connection:
        assert await connection.scalar(sa.text(f"SELECT count(*) FROM {partitioned.name}.trail_0")) == 4
        assert await connection.scalar(sa.text(f"SELECT count(*) FROM {partitioned.name}.trail_1")) == 300
        wanted = {"ids": [old.after.id], "seqs": [3]}
        assert (await connection.execute(hashes_at(partitioned.tables.trail), wanted)).one().seq == 3
    assert not (await partitioned.verified()).violations
    with pytest.raises(DBAPIError, match="append-only"):
        await partitioned.sql("DELETE FROM trail")


async def test_what_was_taken_is_known_in_every_partition_and_old_ones_go_whole(partitioned: Probe) -> None:
    recent, old, stranger = new_id(), an_hour_ago(), uuid4()
    for expected in ({recent, old, stranger}, set[UUID]()):
        async with partitioned.uow() as uow:
            assert await uow.take_new([recent, old, stranger]) == expected
    await partitioned.sql("DROP TABLE processed_events_0")
    assert {row.event_id for row in await partitioned.rows(partitioned.tables.processed_events)} == {recent, stranger}
    partitioned.clock.advance(timedelta(days=PROCESSED_DAYS, seconds=1))
    keeper = Housekeeping(
        Database(partitioned.engine, partitioned.tables, partitioned.clock), Metrics(CollectorRegistry())
    )
    assert await keeper.clean(asyncio.Event()) == 2


def an_hour_ago() -> UUID:
    return UUID(int=new_id().int - (_HOUR << 80))
