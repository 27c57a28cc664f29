"""One contract, two buses: everything that the port promises, on real PostgreSQL and on real Kafka."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.cluster import ClusterMetadata

from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.postgres import BlockingPostgres
from gridgov.local.state import StateDirectory
from shared.bus.layout import MARK
from shared.bus.port import BusUnavailable, Message, TopicSpec
from shared.bus.postgres.bus import PostgresBus
from tests.contracts.bus_acts import LONG, drain, frozen, next_batch, numbered, numbers, send, send_patiently, take
from tests.contracts.bus_contract import MessageContract
from tests.contracts.bus_grounds import Ground, KafkaGround, PostgresGround, started
from tests.contracts.bus_group_contract import GroupContract
from tests.support.kafka import running_kafka
from tests.support.postgres import ground as ground_for_all


class TestPostgresBus(MessageContract, GroupContract):
    @pytest.fixture
    async def ground(self, postgres_server: BlockingPostgres) -> AsyncIterator[Ground]:
        address = f"{postgres_server.dsn_of('postgres')} bus_{uuid4().hex[:12]}"
        async with PostgresGround(address).opened() as ground:
            yield ground

    @pytest.fixture
    async def own_ground(self) -> AsyncIterator[Ground]:
        # Durable, unlike the session's server: what was acknowledged must be there after kill -9.
        with ground_for_all() as path, StateDirectory.open(path / "state") as state, BlockingPostgres(state) as server:

            @asynccontextmanager
            async def crash() -> AsyncIterator[None]:
                os.kill(server.pid, signal.SIGKILL)
                await asyncio.to_thread(server.stop)
                try:
                    yield
                finally:
                    await asyncio.to_thread(server.start)

            async with PostgresGround(f"{server.dsn_of('postgres')} bus", crash).opened() as own:
                yield own

    @pytest.fixture
    async def sql(self, ground: Ground) -> AsyncIterator[asyncpg.Connection]:
        """A connection that finds the bus's tables without naming the schema."""
        dsn, schema = ground.address.split(" ")
        connection = await asyncpg.connect(dsn, server_settings={"search_path": schema})
        yield connection
        await connection.close()

    async def test_a_reader_never_steps_over_a_slow_transaction(self, ground: Ground, sql: asyncpg.Connection) -> None:
        topic = await ground.topic(partitions=1)
        (part,) = await sql.fetchrow("SELECT p.id FROM partition p JOIN topic t ON t.id = topic WHERE name = $1", topic)
        consumer = await ground.bus.consumer("readers", [topic], "one")
        transaction = sql.transaction()
        await transaction.start()
        await sql.fetch("SELECT * FROM append($1, $2, $3, $4)", [part], ["slow"], [b"0"], ["{}"])
        later = asyncio.create_task(send(ground.bus, numbered(topic, [1])))
        assert await drain(consumer, quiet=2) == []
        assert not later.done()
        await transaction.commit()
        await later
        assert numbers(await take(consumer, 2)) == [0, 1]

    async def test_batches_over_the_same_partitions_in_any_order_do_not_deadlock(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=8)

        async def produce(turn: int) -> None:
            producer = await ground.bus.producer(f"p{turn}")
            messages = numbered(topic, range(40), keys=40)
            for _ in range(30):
                await producer.send(messages if turn % 2 else messages[::-1])

        await asyncio.gather(*(produce(turn) for turn in range(6)))
        assert len(await take(await ground.bus.consumer("readers", [topic], "one"), 7200)) == 7200

    async def test_a_busy_partition_does_not_keep_the_others_waiting(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=12)
        await send(ground.bus, [Message(topic, "busy", b"")] * 3000)
        await send(ground.bus, numbered(topic, range(60), keys=60))
        consumer = await ground.bus.consumer("readers", [topic], "one")
        busy = next(r.partition for r in await next_batch(consumer) if r.key == "busy")
        await consumer.release()
        first = [r for _ in range(8) for r in await take(consumer, 1, limit=24)]
        others = {f"key {n}" for n in range(60)} - {r.key for r in first if r.partition == busy}
        waiting_behind_busy = {f"key {n}" for n in range(60)} - {r.key for r in first}
        assert {r.key for r in first} & others
        rest = await drain(consumer)
        assert {r.partition for r in rest if r.key in waiting_behind_busy} <= {busy}

    async def test_a_batch_is_bounded_in_bytes(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=3)
        await send(ground.bus, [Message(topic, f"key {n}", bytes(900_000)) for n in range(30)], batch=10)
        consumer = await ground.bus.consumer("readers", [topic], "one")
        taken = 0
        while taken < 30:
            records = await next_batch(consumer)
            assert len(records) <= 9
            taken += len(records)
            await consumer.commit()

    async def test_a_reader_in_the_middle_of_what_was_compacted_goes_on(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=1, compacted=True)
        await send(ground.bus, numbered(topic, range(50), keys=1))
        consumer = await ground.bus.consumer("projection", [topic], "one")
        await take(consumer, 10, limit=10)
        await ground.compact(topic)
        assert numbers(await drain(consumer)) == [49]
        await send(ground.bus, numbered(topic, [50], keys=1))
        assert numbers(await take(consumer, 1)) == [50]

    async def test_retention_removes_the_old_and_readers_go_on(self, ground: Ground, sql: asyncpg.Connection) -> None:
        topic = await ground.topic(partitions=1)
        await send(ground.bus, numbered(topic, range(20)))
        await sql.execute("UPDATE message SET at = at - $1::interval WHERE off < 15", timedelta(days=8))
        assert isinstance(ground.bus, PostgresBus)
        assert await ground.bus.tidy() == 15
        late = await ground.bus.consumer("readers", [topic], "one")
        assert sum((await late.lag()).values()) == 5
        assert numbers(await take(late, 5)) == [15, 16, 17, 18, 19]
        await sql.execute("UPDATE message SET at = at - $1::interval", timedelta(days=8))
        assert await ground.bus.tidy() == 4  # the last stays, for the offsets' sake
        assert set((await late.lag()).values()) == {0}
        await send(ground.bus, numbered(topic, [20]))
        assert numbers(await take(late, 1)) == [20]

    async def test_of_the_marks_of_a_partition_the_newest_stays_and_readers_go_on(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=1)
        reader = await ground.bus.consumer("readers", [topic], "one")
        await send(ground.bus, [Message(topic, key, str(n).encode()) for n, key in enumerate([MARK, "a", MARK, MARK])])
        assert numbers(await take(reader, 1, limit=1)) == [0]
        assert isinstance(ground.bus, PostgresBus)
        assert await ground.bus.tidy() == 2
        assert numbers(await drain(reader)) == [1, 3]
        await send(ground.bus, [Message(topic, "a", b"4")])
        assert numbers(await take(reader, 1)) == [4]

    async def test_a_tombstone_goes_after_its_day_and_nothing_comes_back(
        self, ground: Ground, sql: asyncpg.Connection
    ) -> None:
        topic = await ground.topic(partitions=1, compacted=True)
        history = [("gone", b"1"), ("gone", None), ("kept", b"2")]
        await send(ground.bus, [Message(topic, key, value) for key, value in history])
        assert isinstance(ground.bus, PostgresBus)
        await ground.bus.tidy()
        assert await sql.fetchval("SELECT count(*) FROM message WHERE value IS NULL") == 1
        await sql.execute("UPDATE message SET at = at - $1::interval", timedelta(days=2))
        await ground.bus.tidy()
        records = await take(await ground.bus.consumer("projection", [topic], "one"), 1)
        assert [(record.key, record.value) for record in records] == [("kept", b"2")]
        assert await sql.fetchval("SELECT count(*) FROM message") == 1

    async def test_only_one_process_tidies_at_a_time(self, ground: Ground, sql: asyncpg.Connection) -> None:
        topic = await ground.topic(partitions=1, compacted=True)
        await send(ground.bus, numbered(topic, range(20), keys=1))
        schema = ground.address.split(" ")[1]
        await sql.execute("SELECT pg_advisory_lock(hashtext($1), 2)", f"gridgov bus {schema}")
        assert isinstance(ground.bus, PostgresBus)
        assert await ground.bus.tidy() == 0
        await sql.execute("SELECT pg_advisory_unlock(hashtext($1), 2)", f"gridgov bus {schema}")
        assert await ground.bus.tidy() == 19

    async def test_a_restarted_member_takes_its_partitions_back_at_once(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(10)))
        async with ground.another_bus(session=600) as before, ground.another_bus(session=600) as after:
            first = await before.consumer("readers", [topic], "one")
            held = await next_batch(first)
            # The same name again, while the lease of the first still runs: what a restart after kill -9 looks like.
            second = await after.consumer("readers", [topic], "one")
            assert sorted(numbers(await take(second, 10))) == list(range(10))
            assert len(held) == 10

    async def test_buses_started_at_once_make_one_schema(self, ground: Ground) -> None:
        dsn, _ = ground.address.split(" ")
        address = f"{dsn} bus_{uuid4().hex[:12]}"
        async with AsyncExitStack() as stack:
            buses = [PostgresGround.connect(address) for _ in range(6)]
            await asyncio.gather(*(stack.enter_async_context(started(bus)) for bus in buses))
            await asyncio.gather(*(bus.ensure_topics([TopicSpec("t", partitions=2)]) for bus in buses))
            await send(buses[0], numbered("t", range(4)))
            assert len(await take(await buses[1].consumer("readers", ["t"], "one"), 4)) == 4

    async def test_a_database_that_hangs_is_trouble_that_passes(self, ground: Ground, sql: asyncpg.Connection) -> None:
        topic = await ground.topic()
        dsn, schema = ground.address.split(" ")
        async with started(PostgresBus(dsn, schema=schema, timeout=1)) as bus:
            producer = await bus.producer("sender")
            consumer = await bus.consumer("readers", [topic], "one")
            await producer.send(numbered(topic, [1]))
            assert numbers(await next_batch(consumer)) == [1]
            async with sql.transaction():
                await sql.execute("LOCK TABLE message, progress")
                with pytest.raises(BusUnavailable):
                    await producer.send(numbered(topic, [2]))
                with pytest.raises(BusUnavailable):
                    await consumer.commit()
            await consumer.commit()
            await producer.send(numbered(topic, [3]))
            assert numbers(await take(consumer, 1)) == [3]

    async def test_all_connections_cut_is_trouble_that_passes(self, ground: Ground, sql: asyncpg.Connection) -> None:
        topic = await ground.topic()
        consumer = await ground.bus.consumer("readers", [topic], "one")
        producer = await ground.bus.producer("sender")
        for turn in range(3):
            await sql.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gridgov-bus'"
            )
            async with asyncio.timeout(LONG):
                while True:
                    try:
                        await producer.send(numbered(topic, [turn]))
                        taken = numbers(await take(consumer, 1))
                        break
                    except BusUnavailable:
                        await consumer.release()
            assert set(taken) <= set(range(turn + 1))


@pytest.mark.kafka
class TestKafkaBus(MessageContract, GroupContract):
    @pytest.fixture
    async def ground(self, kafka_broker: LocalKafka) -> AsyncIterator[Ground]:
        async with KafkaGround(kafka_broker.bootstrap).opened() as ground:
            yield ground

    @pytest.fixture
    async def own_ground(self, tmp_path: Path) -> AsyncIterator[Ground]:
        with running_kafka(tmp_path / "kafka") as server:

            @asynccontextmanager
            async def crash() -> AsyncIterator[None]:
                await asyncio.to_thread(server.kill, 1)
                try:
                    yield
                finally:
                    await asyncio.to_thread(server.restart, 1)

            async with KafkaGround(server.bootstrap, crash).opened() as own:
                yield own

    async def test_a_leader_that_does_not_know_a_topic_yet_shares_it_out_as_soon_as_it_does(
        self, ground: Ground, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As after a crash, when the broker has begun to answer and does not name all topics yet."""
        topics = [await ground.topic(), await ground.topic()]
        for topic in topics:
            await send(ground.bus, numbered(topic, range(10)))
        known, of = ClusterMetadata.partitions_for_topic, set(topics[:1])
        monkeypatch.setattr(
            ClusterMetadata, "partitions_for_topic", lambda self, t: known(self, t) if t in of else None
        )
        consumer = await ground.bus.consumer("readers", topics, "one")
        with pytest.raises(BusUnavailable, match=topics[1]):
            await take(consumer, 1)
        of.add(topics[1])
        records = await take(consumer, 20)
        assert Counter(record.topic for record in records) == dict.fromkeys(topics, 10)

    async def test_a_send_that_gets_no_answer_fails_in_time_and_a_later_one_passes(self, tmp_path: Path) -> None:
        with running_kafka(tmp_path / "kafka") as server:
            async with KafkaGround(server.bootstrap).opened() as ground:
                topic = await ground.topic(partitions=1)
                producer = await ground.bus.producer("sender")
                await producer.send(numbered(topic, [1]))
                (broker,) = server.brokers()
                with frozen(broker.pid), pytest.raises(BusUnavailable):
                    await producer.send(numbered(topic, [2]))
                await send_patiently(producer, numbered(topic, [3]))
                # The producer knew its leader; to who comes new, the broker may not yet have joined its own cluster again.
                consumer = await ground.bus.consumer("readers", [topic], "one")
                received = numbers(await drain(consumer, quiet=4, patient=True))
        # What failed may have arrived all the same, but never behind what was sent after it.
        assert received in ([1, 3], [1, 2, 3])
