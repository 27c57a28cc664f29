"""The event consumer: batches of records become calls of handlers, each batch one transaction, then the offset.

What must hold: effects and processed_events commit together, the offset only after them; the order of each key is kept; a record
that no retry can help goes to the dead letters in the same transaction; trouble with database or bus is waited out in
place; too many dead letters in a row stop the consumer, because a bad deploy must back up, not drain away.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

from shared.bus.port import Bus, BusUnavailable, Consumer, Fenced, Record
from shared.bus.subscriptions import Subscriptions, name_of
from shared.db.transient import is_transient
from shared.errors import GridGovError
from shared.events.base import Event
from shared.events.catalog import BY_TYPE
from shared.events.codec import Envelope, Undecodable, decode
from shared.failpoints import failpoint
from shared.telemetry import logs
from shared.telemetry.context import bound
from shared.telemetry.metrics import ConsumerMetrics
from shared.telemetry.trouble import Trouble

BATCH = 400
ATTEMPTS = 3
"""Times an event is tried alone before an unexpected error counts as the event's own fault."""
MOST_IN_A_ROW = 20
"""Dead letters in a row after which the consumer stops and reports itself not ready."""
LONGEST_REST = 0.2
"""Seconds. Behind a batch that was not full a consumer rests for as long as it took, and this at most: what comes meanwhile
shares the next transaction, and the busier the machine, the more of it."""
LONGEST_PAUSE = 10.0
GIVE_WAY = 2.0
"""While requests are refused in the same process, a consumer rests for so many times what its last batch took: it goes
on with a third of its time, because somebody waits for a request's answer, and an event is as safe later."""
MEASURE_SECONDS = 5.0
"""How often the lag is measured."""
FIRST_MEASURE_SECONDS = 0.5
"""And until the member has caught up."""
MEASURE_SHARE = 10
"""But it takes a tenth of the time at most: beside a busy fetch Kafka may let a measure wait for most of a second."""
STANDBY_SECONDS = 15.0
"""A member that owns no partition so long after joining is a spare; before that the group is still being put together,
and owning nothing does not mean having read everything."""


class Halted(Exception):
    """Too many dead letters in a row. Mend the cause, then restart; `gridgov dlq replay` sends the letters again."""


class EventConsumer:
    """One member of a service's consumer group."""

    def __init__(
        self,
        bus: Bus,
        subscriptions: Subscriptions,
        unit_of_work: Callable[[], Any],
        *,
        member: str,
        metrics: ConsumerMetrics,
        crowded: Callable[[], bool] = lambda: False,
    ) -> None:
        self._bus = bus
        self._subscriptions = subscriptions
        self._classes = subscriptions.classes
        self._stems = {_stem(name) for name in self._classes}
        self._unit_of_work = unit_of_work
        self._member = member
        self._metrics = metrics
        self._crowded = crowded
        self._log = logs.logger("consumer", group=subscriptions.group)
        self._trouble = Trouble(self._log)
        self._dead_in_a_row = 0
        self._stopping = asyncio.Event()
        self._measure_at = 0.0
        self._joined = 0.0
        self._consumer: Consumer | None = None
        self.halted = False
        self.caught_up = False
        """Whether this member has read what was there when it started. Not: whether it has nothing left to read. Under
        load there is always something, and a member started again would never be ready."""
        self._backlog: dict[tuple[str, int], int] | None = None
        """By partition, how much of what was there when this member got it is still to be handled; None before the first
        measure."""

    async def join(self) -> None:
        """Become a member of the group. `run` does so by itself; tests that drain do it once."""
        self._consumer = await self._bus.consumer(self._subscriptions.group, self._subscriptions.topics, self._member)
        self._joined, self._measure_at, self._backlog = monotonic(), 0.0, None

    async def leave(self) -> None:
        """Leave the group at once, the batch in hand undone. Joining again goes on where the offsets are."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with contextlib.suppress(BusUnavailable):
                await consumer.close()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until stopped, then finish the batch in hand and leave the group.

        After too many dead letters in a row it consumes no more and waits: not ready, with its metrics to be seen, and
        no reason for all else in its process to end. Ended and started again it would send the next events to the dead letters too.
        """
        self._stopping = stop
        pause = 0.1
        while not stop.is_set():
            try:
                await self.join()
                while not stop.is_set():
                    began = monotonic()
                    count = await self.step(wait=1.0 if self.caught_up else 0.1)
                    took = monotonic() - began
                    if count and self._crowded():
                        await self._pause(min(GIVE_WAY * took, LONGEST_PAUSE))
                    elif self.caught_up and 0 < count < BATCH:
                        await self._pause(min(took, LONGEST_REST))
                    pause = 0.1
                    self._trouble.over()
            except Halted:
                self.halted = True
                self._metrics.halted()
                self._log.error(logs.CONSUMER_HALTED, dead_letters=self._dead_in_a_row)
                await self.leave()
                await stop.wait()
            except (BusUnavailable, Fenced) as error:
                self._trouble.waits(logs.CONSUMER_WAITS, type(error).__name__)
                await self._pause(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                await self.leave()

    async def step(self, *, wait: float) -> int:
        """Fetch, handle and commit one batch, waiting up to `wait` seconds for it; how many records it had."""
        consumer = self._consumer
        if consumer is None:
            raise BusUnavailable("not a member of the group")
        records = await consumer.fetch(limit=BATCH, wait=wait)
        if not records:
            await self._measure(consumer)
            return 0
        if mine := [record for record in records if not self._subscriptions.passes_over(record)]:
            await self.handle(mine)
            failpoint("consumer.before_offset")
        try:
            await consumer.commit()
        except Fenced:
            # Somebody else owns the partition now; the processed_events makes the second delivery harmless.
            self._log.warning(logs.CONSUMER_FENCED)
        backlog = self._backlog or {}
        for record in records:
            if (record.topic, record.partition) in backlog:
                backlog[record.topic, record.partition] -= 1
        self.caught_up = self.caught_up or self._nothing_left(self._backlog)
        if monotonic() >= self._measure_at:
            await self._measure(consumer)
        return len(records)

    async def _measure(self, consumer: Consumer) -> None:
        """How far behind this member is, now and then."""
        began = monotonic()
        if self.caught_up and began < self._measure_at:
            return
        lag = await consumer.lag()
        by_topic = dict.fromkeys(self._subscriptions.topics, 0)
        for (topic, _), messages in lag.items():
            by_topic[topic] += messages
        for topic, messages in by_topic.items():
            self._metrics.lag(topic, messages)
        # Offsets have gaps where a topic is compacted, so the lag falls by more than was handled: the smaller one holds.
        before = self._backlog or {}
        self._backlog = {place: min(before.get(place, messages), messages) for place, messages in lag.items()}
        self.caught_up = self.caught_up or self._nothing_left(self._backlog)
        took = monotonic() - began
        self._measure_at = began + max(
            MEASURE_SECONDS if self.caught_up else FIRST_MEASURE_SECONDS, took * MEASURE_SHARE
        )

    def _nothing_left(self, of: Mapping[tuple[str, int], int] | None) -> bool:
        if of is None:
            return False
        settled = bool(of) or monotonic() - self._joined > STANDBY_SECONDS
        return settled and all(messages <= 0 for messages in of.values())

    async def drain(self) -> int:
        """Handle all that is there now; how many records that were."""
        total = 0
        while self._consumer is not None:
            count = await self.step(wait=0.05)
            if not count and self._nothing_left(await self._consumer.lag()):
                break
            total += count
        return total

    async def ready(self) -> None:
        """The readiness check: projections are filled and nothing has stopped the consumer."""
        if self.halted:
            raise Halted
        if not self.caught_up:
            raise RuntimeError("still reading what was published before")

    async def handle(self, records: Sequence[Record]) -> None:
        """Take effect of `records`, each once: together when all goes well, else one by one, waiting out trouble."""
        try:
            if await self._take(records):
                self._dead_in_a_row = 0
        except Exception as error:  # noqa: BLE001 - whatever it was, one by one finds the record and names the cause
            self._metrics.failed()
            if len(records) > 1 and not is_transient(error):
                self._log.warning(logs.BATCH_SPLIT, records=len(records), reason=type(error).__name__)
                await self._by_halves(records)
            else:
                await self._one_by_one(records)

    async def _by_halves(self, records: Sequence[Record]) -> None:
        """Of records that failed together for a reason that does not pass: each half, in order, and of one that fails again
        its halves. So one that is bad costs the others a few transactions, not one each."""
        middle = len(records) // 2
        for half in (records[:middle], records[middle:]):
            if len(half) == 1:
                await self._one_by_one(half)
                continue
            try:
                if await self._take(half):
                    self._dead_in_a_row = 0
            except Exception as error:  # noqa: BLE001 - as above
                self._metrics.failed()
                await (self._one_by_one(half) if is_transient(error) else self._by_halves(half))

    async def _one_by_one(self, records: Sequence[Record]) -> None:
        for record in records:
            attempt, pause = 0, 0.1
            while True:
                try:
                    if await self._take([record]):
                        self._dead_in_a_row = 0
                    break
                except Exception as error:
                    passing = is_transient(error)
                    attempt += not passing
                    refused = isinstance(error, (Undecodable, GridGovError))
                    if not passing and (refused or attempt >= ATTEMPTS):
                        await self._dead_letter(record, error)
                        break
                    if passing:
                        self._trouble.waits(logs.CONSUMER_WAITS, type(error).__name__)
                    await self._pause(pause)
                    if self._stopping.is_set():
                        # Undone is better than dead-lettered: what fails while things close may work after the next start.
                        raise BusUnavailable("stopping while waiting") from error
                    if passing:
                        pause = min(pause * 2, LONGEST_PAUSE)

    async def _take(self, records: Sequence[Record]) -> bool:
        """One transaction: processed_events, handlers, trail and outbox. Whether any event took effect: one that is nobody's
        business here, or was taken before, does not show that the handlers work."""
        envelopes = [e for e in map(self._read, records) if e is not None]
        if not envelopes:
            return False
        ids = {e.id for e in envelopes if e.event.remembered}
        async with self._unit_of_work() as uow:
            new = await uow.take_new(list(ids)) if ids else set()
            taken, fresh = len(new), []
            for envelope in envelopes:
                if envelope.id in new:
                    new.discard(envelope.id)  # the same id twice in one batch counts once
                    fresh.append(envelope)
                elif not envelope.event.remembered:
                    fresh.append(envelope)
            for handler, batch in self._subscriptions.calls(fresh):
                with self._metrics.timed(name_of(handler), len(batch)), bound(None):
                    await handler(batch, uow)
        self._metrics.handled(taken, repeated=len(envelopes) - len(fresh))
        if taken:
            self._metrics.age((uow.now - records[0].at).total_seconds())
        return bool(taken)

    def _read(self, record: Record) -> Envelope[Event] | None:
        envelope = decode(record, self._classes)
        if envelope is None:
            name = record.headers["ce_type"]
            if name not in BY_TYPE and _stem(name) in self._stems:
                # Not somebody else's business, but ours in words that came after this version: lost if passed over.
                raise Undecodable("a version of this event that is not known here")
        return envelope

    async def _dead_letter(self, record: Record, error: Exception) -> None:
        reason = _reason(error)
        self._dead_in_a_row += 1
        if self._dead_in_a_row > MOST_IN_A_ROW:
            raise Halted from error
        self._log.error(
            logs.EVENT_DEAD_LETTERED,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
        )
        self._metrics.dead_lettered()
        while True:
            try:
                async with self._unit_of_work() as uow:
                    uow.dead_letter(record, group=self._subscriptions.group, reason=reason)
                return
            except Exception as trouble:
                if not is_transient(trouble) or self._stopping.is_set():
                    raise
                await self._pause(1.0)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


def _stem(event_type: str) -> str:
    """The type without its `.v<n>`."""
    return event_type.rpartition(".")[0]


def _reason(error: Exception) -> str:
    """What a dead letter says of its cause. An unexpected error's own text may quote data, so its place stands in."""
    if isinstance(error, Undecodable):
        return str(error.args[0])
    if isinstance(error, GridGovError):
        return error.code
    facts = logs.describe(error)
    return f"{facts['error']} at {next(iter(facts['frames'][-3:]), 'unknown')}"
