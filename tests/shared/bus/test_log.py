"""What an operator reads of a log is what is there: on both buses, without joining or moving anything."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from gridgov.local.kafka.local_broker import LocalKafka
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.log import KafkaLog
from shared.bus.layout import partition_for
from shared.bus.log import Log, Place
from shared.bus.port import Bus, Message, TopicSpec
from shared.bus.postgres.bus import PostgresBus
from shared.bus.postgres.log import PostgresLog
from tests.support.kafka import kafka_broker

__all__ = ["kafka_broker"]


class LogContract:
    async def test_all_of_a_topic_is_read_in_order_and_nothing_else(self, bus: Bus, log: Log, topic: str) -> None:
        producer = await bus.producer("test")
        await producer.send([Message(topic, f"k{n % 7}", str(n).encode(), {"ce_id": str(n)}) for n in range(50)])
        read = [record async for record in log.records(topic)]
        assert sorted(int(record.value or b"") for record in read) == list(range(50))
        for key in {record.key for record in read}:
            numbers = [int(record.headers["ce_id"]) for record in read if record.key == key]
            assert numbers == sorted(numbers)

    async def test_reading_ends_where_the_topic_ended_then(self, bus: Bus, log: Log, topic: str) -> None:
        producer = await bus.producer("test")
        await producer.send([Message(topic, "k", b"before")])
        spans = await log.spans([topic])
        await producer.send([Message(topic, "k", b"after")])
        assert [record.value async for record in log.records(topic, spans)] == [b"before"]

    async def test_what_a_group_has_committed_is_told_and_stays(self, bus: Bus, log: Log, topic: str) -> None:
        producer, group = await bus.producer("test"), f"group-{uuid4().hex}"
        await producer.send([Message(topic, "k", str(n).encode()) for n in range(3)])
        assert await log.committed(group) == {}
        consumer = await bus.consumer(group, [topic], "one")
        while not (found := await consumer.fetch(limit=10, wait=1)):
            pass
        await consumer.commit()
        assert (await log.committed(group))[Place(topic, found[0].partition)] == found[-1].offset + 1
        await consumer.close()

    async def test_a_topic_that_does_not_exist_is_empty(self, log: Log) -> None:
        assert await log.spans(["gridgov.nowhere"]) == {}
        assert [record async for record in log.records("gridgov.nowhere")] == []

    @pytest.fixture
    async def topic(self, bus: Bus) -> str:
        name = f"test.{uuid4().hex}"
        await bus.ensure_topics([TopicSpec(name, partitions=3)])
        return name


class TestPostgresLog(LogContract):
    @pytest.fixture
    async def bus(self, database_dsn: str) -> AsyncIterator[Bus]:
        bus = PostgresBus(database_dsn)
        await bus.start()
        yield bus
        await bus.close()

    @pytest.fixture
    async def log(self, database_dsn: str) -> AsyncIterator[Log]:
        log = PostgresLog(database_dsn)
        await log.start()
        yield log
        await log.close()

    async def test_a_database_without_a_log_reads_as_empty(self, log: Log) -> None:
        assert [record async for record in log.records("gridgov.intake.reports")] == []
        assert await log.committed("intake") == {}


@pytest.mark.kafka
class TestKafkaLog(LogContract):
    @pytest.fixture
    async def bus(self, kafka_broker: LocalKafka) -> AsyncIterator[Bus]:
        bus = KafkaBus(kafka_broker.bootstrap)
        await bus.start()
        yield bus
        await bus.close()

    @pytest.fixture
    async def log(self, kafka_broker: LocalKafka) -> AsyncIterator[KafkaLog]:
        log = KafkaLog(kafka_broker.bootstrap)
        await log.start()
        yield log
        await log.close()

    async def test_an_emptied_topic_starts_anew_and_a_group_goes_on_where_it_is_told(
        self, bus: Bus, log: KafkaLog, topic: str
    ) -> None:
        producer, group = await bus.producer("test"), f"group-{uuid4().hex}"
        await producer.send([Message(topic, "k", b"old")])
        await log.make_empty([TopicSpec(topic, partitions=3)])
        assert [record async for record in log.records(topic)] == []
        await producer.close()
        producer = await bus.producer("test")
        await producer.send([Message(topic, "k", b"read"), Message(topic, "k", b"new")])
        await log.move(group, {Place(topic, partition_for("k", 3)): 1})
        assert await log.members(group) == 0
        consumer = await bus.consumer(group, [topic], "one")
        while not (found := await consumer.fetch(limit=10, wait=1)):
            pass
        assert [record.value for record in found] == [b"new"]
        assert await log.members(group) == 1
        await consumer.close()
