"""What every bus must do for groups of readers: nothing lost, nothing doubled, whoever joins, leaves or dies.

Waits are upper bounds for a slow machine; nothing passes or fails by speed.
"""

import asyncio
from collections import Counter

import pytest

from shared.bus.port import Bus, BusUnavailable, Consumer, Fenced, Record
from tests.contracts.bus_acts import (
    LONG,
    doomed_member,
    drain,
    next_batch,
    numbered,
    numbers,
    send,
    send_patiently,
    take,
)
from tests.contracts.bus_grounds import Ground


class GroupContract:
    """Inherited once per bus; the subclass provides the fixtures `ground` and `own_ground`."""

    async def test_what_was_released_is_delivered_again(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(20)))
        consumer = await ground.bus.consumer("readers", [topic], "one")
        first = numbers(await next_batch(consumer, limit=5))
        await consumer.release()
        taken = await take(consumer, 20)
        assert set(first) <= set(numbers(taken))
        assert sorted(numbers(taken)) == list(range(20))

    async def test_a_reader_resumes_behind_what_was_committed(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(30)))
        async with ground.another_bus() as other:
            consumer = await other.consumer("readers", [topic], "one")
            done = numbers(await next_batch(consumer, limit=7))
            await consumer.commit()
            undone = numbers(await next_batch(consumer, limit=7))
            await consumer.close()
        rest = numbers(await take(await ground.bus.consumer("readers", [topic], "one"), 30 - len(done)))
        assert sorted(done + rest) == list(range(30))
        assert set(undone) <= set(rest)

    async def test_groups_read_independently(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(20)))
        for group in ("dispatch", "supervision"):
            consumer = await ground.bus.consumer(group, [topic], "one")
            assert sorted(numbers(await take(consumer, 20))) == list(range(20))

    async def test_a_reader_of_several_topics_gets_all_of_them(self, ground: Ground) -> None:
        topics = [await ground.topic(), await ground.topic(partitions=1)]
        for topic in topics:
            await send(ground.bus, numbered(topic, range(10)))
        records = await take(await ground.bus.consumer("readers", topics, "one"), 20)
        assert Counter(record.topic for record in records) == dict.fromkeys(topics, 10)

    async def test_an_effect_without_its_offset_is_delivered_again_after_a_kill(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(10)))
        async with doomed_member(ground, "readers", topic, "doomed") as doomed:
            assert doomed.held
        records = await take(await ground.bus.consumer("readers", [topic], "one"), 10)
        assert sorted(numbers(records)) == list(range(10))

    async def test_a_killed_members_partitions_go_to_the_living(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(40), keys=40))
        async with doomed_member(ground, "readers", topic, "doomed"):
            survivor = await ground.bus.consumer("readers", [topic], "survivor")
            # The doomed one holds a batch: a bus may share out the rest now, or wait for that batch.
            taken = await drain(survivor)
        taken += await take(survivor, 40 - len(taken))
        assert sorted(numbers(taken)) == list(range(40))

    async def test_who_slept_past_its_session_cannot_commit_what_others_did_meanwhile(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(10)))
        async with doomed_member(ground, "readers", topic, "sleeper") as sleeper:
            sleeper.sleep()
            awake = await ground.bus.consumer("readers", [topic], "awake")
            assert sorted(numbers(await take(awake, 10))) == list(range(10))
            assert await sleeper.wake_and_commit() == "fenced"

    async def test_members_share_the_partitions_and_joining_and_leaving_doubles_nothing(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=6)
        taken: dict[str, list[Record]] = {"one": [], "two": [], "three": []}
        first_batch = {member: asyncio.Event() for member in taken}
        leave = asyncio.Event()
        total = 3000

        async def work(bus: Bus, member: str) -> None:
            consumer = await bus.consumer("readers", [topic], member)
            while sum(map(len, taken.values())) < total and not (member == "two" and leave.is_set()):
                records = await consumer.fetch(limit=20, wait=0.2)
                await asyncio.sleep(0.002)
                await consumer.commit()
                taken[member] += records
                if records:
                    first_batch[member].set()
            await consumer.close()

        async with asyncio.timeout(2 * LONG), ground.another_bus() as other, asyncio.TaskGroup() as members:
            members.create_task(work(ground.bus, "one"))
            await send(ground.bus, numbered(topic, range(1000), keys=60))
            members.create_task(work(other, "two"))
            await send(ground.bus, numbered(topic, range(1000, 1500), keys=60))
            await self._feed_until(ground, topic, range(1500, 2000), first_batch["two"])
            members.create_task(work(ground.bus, "three"))
            await self._feed_until(ground, topic, range(2000, 2500), first_batch["three"])
            leave.set()
            await send(ground.bus, numbered(topic, range(2500, 3000), keys=60))
        everything = [n for records in taken.values() for n in numbers(records)]
        assert Counter(everything) == Counter(range(total))

    async def _feed_until(self, ground: Ground, topic: str, rest: range, happened: asyncio.Event) -> None:
        """Send `rest` little by little while something is awaited that only happens while messages flow."""
        todo = numbered(topic, rest, keys=60)
        # The last sixty wait for the end, one per key, so that whoever joins finds something in each partition.
        for message in todo[:-60]:
            if happened.is_set():
                break
            await send(ground.bus, [message])
            todo.remove(message)
            await asyncio.sleep(0.01)
        await send(ground.bus, todo)
        await happened.wait()

    async def test_a_member_that_closes_hands_over_without_waiting_for_its_session(self, ground: Ground) -> None:
        topic = await ground.topic()
        await send(ground.bus, numbered(topic, range(10)))
        # Sessions that outlast the test: only leaving can free the partitions.
        async with ground.another_bus(session=600) as one, ground.another_bus(session=600) as two:
            first = await one.consumer("readers", [topic], "one")
            await next_batch(first)
            await first.close()
            second = await two.consumer("readers", [topic], "two")
            assert sorted(numbers(await take(second, 10))) == list(range(10))

    async def test_a_batch_in_hand_is_finished_before_its_partitions_move(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=4)
        await send(ground.bus, numbered(topic, range(40), keys=40))
        async with ground.another_bus() as other:
            first = await ground.bus.consumer("readers", [topic], "one")
            held = await next_batch(first)
            second = await other.consumer("readers", [topic], "two")
            early = await drain(second, quiet=4)
            assert {(r.partition, r.offset) for r in early}.isdisjoint({(r.partition, r.offset) for r in held})
            await first.commit()
            await send(ground.bus, numbered(topic, range(40, 80), keys=40))
            late: list[Record] = []
            async with asyncio.timeout(LONG):
                while len(early) + len(held) + len(late) < 80:
                    for member in (first, second):
                        late += await member.fetch(limit=100, wait=0.3)
                        await member.commit()
        assert sorted(numbers([*early, *held, *late])) == list(range(80))

    async def test_who_holds_a_batch_too_long_loses_it_and_cannot_commit_it(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=2)
        await send(ground.bus, numbered(topic, range(20), keys=20))
        async with ground.another_bus(patience=1) as slow, ground.another_bus(patience=1) as quick:
            first = await slow.consumer("readers", [topic], "a slow one")
            held = await next_batch(first)
            assert len({record.partition for record in held}) == 2
            second = await quick.consumer("readers", [topic], "b quick one")
            moved = await next_batch(second)
            await second.commit()
            with pytest.raises(Fenced):
                await first.commit()
            # Nothing is in hand any more, and the member goes on with what it owns now.
            again: list[Record] = []
            await send(ground.bus, numbered(topic, range(20, 40), keys=20))
            async with asyncio.timeout(LONG):
                while len(set(numbers([*held, *moved, *again]))) < 40:
                    for member in (first, second):
                        again += await member.fetch(limit=100, wait=0.3)
                        await member.commit()
        assert {(r.partition, r.offset) for r in moved} <= {(r.partition, r.offset) for r in held}
        assert {(r.partition, r.offset) for r in moved}.isdisjoint({(r.partition, r.offset) for r in again})

    async def test_who_lost_a_partition_and_got_it_back_cannot_commit_the_old_batch(self, ground: Ground) -> None:
        topic = await ground.topic(partitions=1)
        await send(ground.bus, numbered(topic, range(20)))
        async with ground.another_bus(patience=1) as slow, ground.another_bus() as quick:
            holder = await slow.consumer("readers", [topic], "b")
            await next_batch(holder, limit=5)
            taker = await quick.consumer("readers", [topic], "a")  # the first in order gets the only partition
            assert numbers(await take(taker, 20)) == list(range(20))
            await taker.close()
            async with asyncio.timeout(LONG):
                while await holder.lag() != {(topic, 0): 0}:
                    await asyncio.sleep(0.2)
            with pytest.raises(Fenced):
                await holder.commit()
            await send(ground.bus, numbered(topic, [20]))
            assert numbers(await take(holder, 1)) == [20]

    async def test_after_a_crash_of_the_server_all_goes_on_without_a_restart(self, own_ground: Ground) -> None:
        ground = own_ground
        topic = await ground.topic()
        producer = await ground.bus.producer("sender")
        consumer = await ground.bus.consumer("readers", [topic], "one")
        await producer.send(numbered(topic, range(100)))
        before = numbers(await next_batch(consumer, limit=30))
        await consumer.commit()
        in_hand = numbers(await next_batch(consumer, limit=30))
        async with ground.server_crashed():
            with pytest.raises(BusUnavailable):
                await ground.bus.ping()
            with pytest.raises(BusUnavailable):
                await producer.send(numbered(topic, [100]))
        after: list[int] = []
        # The batch in hand may still be committed, or come again: never neither.
        committed = await self._commit_patiently(consumer)
        await send_patiently(producer, numbered(topic, [101]))
        async with asyncio.timeout(2 * LONG):
            while 101 not in after:
                try:
                    records = await consumer.fetch(limit=100, wait=1)
                    await consumer.commit()
                    after += numbers(records)
                except (BusUnavailable, Fenced):
                    await consumer.release()
                    await asyncio.sleep(0.5)
        assert set(before + in_hand + after) >= set(range(100)) | {101}
        assert set(before).isdisjoint(after)
        assert not committed or set(in_hand).isdisjoint(after)

    async def _commit_patiently(self, consumer: Consumer) -> bool:
        async with asyncio.timeout(LONG):
            while True:
                try:
                    await consumer.commit()
                    return True
                except Fenced:
                    return False
                except BusUnavailable:
                    await asyncio.sleep(0.5)
