"""What every bus must do with messages. `tests/contracts/test_bus.py` runs this class on PostgreSQL and on Kafka.

A test gets `ground`: a way to open buses, topics of its own, and the few acts that differ (compaction, a stranger's
message, a crash of the server).
"""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from shared.bus.layout import MAX_BYTES, partition_for
from shared.bus.port import Bus, BusUnavailable, Message, MessageTooLarge, TopicSpec, UnknownTopic
from tests.contracts.bus_acts import drain, next_batch, numbered, numbers, send, take
from tests.contracts.bus_grounds import FILLER, Ground


class MessageContract:
    """Inherited once per bus; the subclass provides the fixture `ground`."""

    async def test_messages_of_one_key_come_in_the_order_sent(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(2000)))
        consumer = await ground.bus.consumer("readers", [topic], "one")
        by_key: dict[str | None, list[int]] = defaultdict(list)
        for record in await take(consumer, 2000):
            by_key[record.key].append(int(record.value or b""))
        assert by_key == {f"key {k}": list(range(k, 2000, 10)) for k in range(10)}

    async def test_a_key_lies_in_the_partition_that_all_buses_agree_on(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=7)
        keys = [f"键-{n}" for n in range(50)]
        await send(ground.bus, [Message(topic, key, b"") for key in keys])
        records = await take(await ground.bus.consumer("readers", [topic], "one"), 50)
        assert {r.key: r.partition for r in records} == {key: partition_for(key, 7) for key in keys}

    async def test_a_message_for_a_partition_lies_there_behind_what_was_sent_before(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=5)
        assert await ground.bus.partitions(topic) == 5
        producer = await ground.bus.producer("sender")
        await producer.send(numbered(topic, range(100)))
        await producer.send([Message(topic, "mark", b"100", partition=n) for n in range(5)])
        await producer.send(numbered(topic, range(101, 200)))
        records = await take(await ground.bus.consumer("readers", [topic], "one"), 204)
        for partition in range(5):
            lying = [record for record in records if record.partition == partition]
            (at,) = [at for at, record in enumerate(lying) if record.key == "mark"]
            assert all(number < 100 for number in numbers(lying[:at]))
            assert all(number > 100 for number in numbers(lying[at + 1 :]))

    async def test_a_partition_that_is_not_there_is_refused_before_anything_is_sent(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=2)
        producer = await ground.bus.producer("sender")
        with pytest.raises(ValueError, match="partition 2"):
            await producer.send([*numbered(topic, range(2)), Message(topic, "mark", b"", partition=2)])
        await producer.send(numbered(topic, [7]))
        assert numbers(await take(await ground.bus.consumer("readers", [topic], "one"), 1)) == [7]

    async def test_concurrent_producers_keep_their_own_order_on_shared_keys(self, ground: Ground) -> None:
        topic = await ground.topic()
        async with ground.another_bus() as other:

            async def produce(bus: Bus, name: str) -> None:
                producer = await bus.producer(name)
                for start in range(0, 300, 10):
                    batch = [Message(topic, f"key {n % 5}", f"{name} {n}".encode()) for n in range(start, start + 10)]
                    random.shuffle(batch)  # so that batches touch the partitions in differing order
                    await producer.send(sorted(batch, key=lambda m: int((m.value or b"").split()[1])))
                await producer.close()

            await asyncio.gather(*(produce(ground.bus if n % 2 else other, f"p{n}") for n in range(4)))
        records = await take(await ground.bus.consumer("readers", [topic], "one"), 1200)
        seen: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        for record in records:
            name, number = (record.value or b"").decode().split()
            seen[record.key, name].append(int(number))
        assert sum(map(len, seen.values())) == 1200
        assert all(order == sorted(set(order)) for order in seen.values())

    async def test_offsets_of_a_partition_grow_over_batches(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=1)
        await send(ground.bus, numbered(topic, range(100)), batch=7)
        records = await take(await ground.bus.consumer("readers", [topic], "one"), 100, limit=9)
        offsets = [record.offset for record in records]
        assert offsets == sorted(set(offsets))

    async def test_a_waiting_reader_gets_what_another_process_sends(self, ground: Ground) -> None:
        topic = await ground.topic()
        consumer = await ground.bus.consumer("readers", [topic], "one")
        waiting = asyncio.create_task(next_batch(consumer))
        async with ground.another_bus() as other:
            await send(other, numbered(topic, [7]))
            assert numbers(await waiting) == [7]

    async def test_nothing_to_read_is_an_empty_batch_and_nothing_in_hand(self, ground: Ground) -> None:
        topic = await ground.topic()
        consumer = await ground.bus.consumer("readers", [topic], "one")
        assert list(await consumer.fetch(limit=10, wait=0.1)) == []
        await consumer.commit()
        await consumer.release()
        assert list(await consumer.fetch(limit=10, wait=0)) == []

    async def test_a_second_fetch_with_a_batch_in_hand_is_refused(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(3)))
        consumer = await ground.bus.consumer("readers", [topic], "one")
        await next_batch(consumer)
        with pytest.raises(RuntimeError, match="in hand"):
            await consumer.fetch(limit=10, wait=0)

    async def test_a_batch_is_never_larger_than_its_limit(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(100)))
        consumer = await ground.bus.consumer("readers", [topic], "one")
        taken: list[int] = []
        while len(taken) < 100:
            batch = numbers(await next_batch(consumer, limit=3))
            assert len(batch) <= 3
            taken += batch
            await consumer.commit()
        assert sorted(taken) == list(range(100))

    async def test_headers_key_and_time_arrive_as_sent(self, ground: Ground) -> None:
        topic = await ground.topic()
        headers = {"ce_id": "1", "reason": '超时：井盖 ✓ é\n"quoted"', "empty": ""}
        await send(ground.bus, [Message(topic, "工单", "水管".encode(), headers), Message(topic, "bare", b"")])
        records = await take(await ground.bus.consumer("readers", [topic], "one"), 2)
        by_key = {record.key: record for record in records}
        assert dict(by_key["工单"].headers) == headers
        assert by_key["工单"].value == "水管".encode()
        assert dict(by_key["bare"].headers) == {}
        assert by_key["bare"].value == b""
        assert all(abs(record.at - datetime.now(UTC)) < timedelta(minutes=5) for record in records)

    async def test_a_strangers_message_without_key_and_headers_is_delivered(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=1)
        await ground.write_as_stranger(topic, b"hello")
        (record,) = await take(await ground.bus.consumer("readers", [topic], "one"), 1)
        assert (record.key, record.value, dict(record.headers)) == (None, b"hello", {})

    async def test_lag_counts_what_is_not_committed(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=3)
        await send(ground.bus, numbered(topic, range(30)))
        consumer = await ground.bus.consumer("readers", [topic], "one")
        await next_batch(consumer, limit=10)
        assert sum((await consumer.lag()).values()) == 30
        assert set(await consumer.lag()) == {(topic, n) for n in range(3)}
        await consumer.release()
        await take(consumer, 30)
        assert set((await consumer.lag()).values()) == {0}

    async def test_compaction_keeps_the_newest_of_each_key_and_forgets_the_rest(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=2, compacted=True)
        rounds = [Message(topic, f"unit {k}", f"{k} v{version}".encode()) for version in range(20) for k in range(10)]
        await send(ground.bus, [*rounds, Message(topic, "unit 3", None), Message(topic, "unit 4", b"4 last")])
        await ground.compact(topic)
        history = await drain(await ground.bus.consumer("projection", [topic], "one"), quiet=3)
        state: dict[str | None, bytes | None] = {}
        for record in history:
            if not (record.key or "").startswith(FILLER):
                state[record.key] = record.value
        expected: dict[str, bytes | None] = {f"unit {k}": f"{k} v19".encode() for k in range(10)}
        assert state == expected | {"unit 3": None, "unit 4": b"4 last"}
        assert len(history) < len(rounds)

    async def test_a_large_message_passes(self, ground: Ground) -> None:
        topic = await ground.topic()
        value = random.Random(1).randbytes(MAX_BYTES - 100)
        await send(ground.bus, [Message(topic, "photo", value)] * 12)
        records = await take(await ground.bus.consumer("readers", [topic], "one"), 12)
        assert [record.value == value for record in records] == [True] * 12

    async def test_a_message_too_large_is_named_and_nothing_of_its_call_is_sent(self, ground: Ground) -> None:
        topic = await ground.topic()
        producer = await ground.bus.producer("sender")
        with pytest.raises(MessageTooLarge) as caught:
            await producer.send([*numbered(topic, range(2)), Message(topic, "big", b"x" * (MAX_BYTES + 1))])
        assert caught.value.index == 2
        await producer.send(numbered(topic, [5]))
        consumer = await ground.bus.consumer("readers", [topic], "one")
        assert numbers(await take(consumer, 1)) == [5]

    async def test_a_topic_that_does_not_exist_is_named(self, ground: Ground) -> None:
        with pytest.raises(UnknownTopic, match=r"no\.such\.topic"):
            await ground.bus.consumer("readers", ["no.such.topic"], "one")
        with pytest.raises(UnknownTopic, match=r"no\.such\.topic"):
            await ground.bus.partitions("no.such.topic")
        producer = await ground.bus.producer("sender")
        with pytest.raises(UnknownTopic, match=r"no\.such\.topic"):
            await producer.send([Message("no.such.topic", "key", b"")])

    async def test_creating_topics_again_and_at_once_changes_nothing(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=3)
        fresh = TopicSpec(f"{topic}.fresh", partitions=2)
        async with ground.another_bus() as other:
            await send(ground.bus, numbered(topic, range(10)))
            specs = [TopicSpec(topic, partitions=9), fresh]
            await asyncio.gather(*(bus.ensure_topics(specs) for bus in (ground.bus, other, ground.bus)))
        consumer = await ground.bus.consumer("readers", [topic, fresh.name], "one")
        assert sorted(numbers(await take(consumer, 10))) == list(range(10))
        assert len(await consumer.lag()) == 5

    async def test_a_bus_that_is_not_there_says_so(self, ground: Ground) -> None:
        bus = ground.unreachable_bus()
        with pytest.raises(BusUnavailable):
            await bus.start()
        with pytest.raises(BusUnavailable):
            await bus.ping()
        await bus.close()
