"""One member of a consumer group on the PostgreSQL bus.

What must hold: only partitions whose row names this session and epoch are read and committed; a partition with
messages in hand is given up only when they are finished, or after `patience`; losing the database loses nothing.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from pydantic_core import from_json

from shared.bus.port import BusUnavailable, Fenced, Record
from shared.bus.postgres.shares import Place, desired, portions

if TYPE_CHECKING:
    from shared.bus.postgres.bus import PostgresBus

log = logging.getLogger(__name__)

BATCH_BYTES = 8_000_000
"""A batch ends with the message that reaches this size."""


@dataclass(slots=True)
class Owned:
    """A partition this member owns: the epoch of its ownership, and the offset up to which all is committed."""

    epoch: int
    position: int


@dataclass(frozen=True, slots=True)
class Read:
    """The part of a batch that lies in one partition: where it starts and ends, and the epoch it was read under."""

    epoch: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hand:
    """The batch in hand, per partition."""

    reads: Mapping[int, Read]
    since: float


class PostgresConsumer:
    """See `shared.bus.port.Consumer`. Made by `PostgresBus.consumer`."""

    def __init__(self, bus: "PostgresBus", group: str, topics: Sequence[str], member: str) -> None:
        self.group = group
        self.owned: dict[int, Owned] = {}
        self.news = asyncio.Event()
        self._bus = bus
        self._sql = bus.statements
        self._topics = list(topics)
        self._member = member
        self._session = uuid4()
        self._known: set[str] = set()
        self._places: dict[int, Place] = {}
        self._hand: Hand | None = None
        self._served = 0
        self._settled = False
        self._superseded = False
        self._nudged = asyncio.Event()
        self._changing = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._closed = False

    async def join(self) -> None:
        """Enter the group. Whoever used this member name before is replaced: a restart need not wait for its lease."""
        await self._bus.pool.fetch(
            self._sql.enter, self.group, self._member, self._session, self._topics, self._bus.lease, True
        )
        await self._keep()
        self._keeper = asyncio.create_task(self._keep_on(), name=f"bus member {self.group}/{self._member}")
        self._bus.nudge(self.group)

    def nudge(self) -> None:
        """Look at the group now instead of at the next heartbeat: something about it changed in this process."""
        self._nudged.set()

    async def fetch(self, *, limit: int, wait: float) -> Sequence[Record]:
        if self._hand is not None:
            raise RuntimeError("the batch in hand must be committed or released before the next fetch")
        if self._closed:
            raise BusUnavailable("this consumer is closed")
        deadline = time.monotonic() + wait
        while True:
            self.news.clear()
            records = await self._read(limit)
            if records:
                return records
            remaining = deadline - time.monotonic()
            if remaining <= 0 or self._closed:
                self._bus.raise_if_broken()
                return ()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(remaining):
                    await self.news.wait()

    async def commit(self) -> None:
        hand = self._hand
        if hand is None:
            return
        reads = hand.reads.values()
        rows = await self._bus.pool.fetch(
            self._sql.commit,
            self.group,
            self._session,
            list(hand.reads),
            [read.epoch for read in reads],
            [read.start for read in reads],
            [read.end for read in reads],
        )
        kept = {row["part"] for row in rows}
        self._hand = None
        for part in kept:
            owned = self.owned.get(part)
            if owned is not None and owned.epoch == hand.reads[part].epoch:
                owned.position = hand.reads[part].end
        lost = hand.reads.keys() - kept
        for part in lost:
            self.owned.pop(part, None)
        if lost or not self._settled:
            self.nudge()
        if lost:
            raise Fenced(f"{self._member} of {self.group} lost {self._names(lost)}")

    async def release(self) -> None:
        self._hand = None
        if not self._settled:
            self.nudge()

    async def lag(self) -> Mapping[tuple[str, int], int]:
        rows = await self._bus.pool.fetch(self._sql.lag, self.group, list(self.owned))
        places = self._places
        return {(places[row["part"]].topic, places[row["part"]].number): row["lag"] for row in rows}

    async def close(self) -> None:
        if self._closed:
            return
        await self.stop()
        self._hand = None
        # When the server is away the lease ends by itself; a close must not fail for it.
        with contextlib.suppress(BusUnavailable):
            await self._bus.pool.fetch(self._sql.leave, self.group, self._session)
        self._bus.forget(self)
        self._bus.nudge(self.group)

    async def stop(self) -> None:
        """End the background work without leaving the group."""
        self._closed = True
        self.news.set()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})

    async def _read(self, limit: int) -> list[Record]:
        async with self._changing:
            heads = self._bus.heads
            behind = {part: heads.get(part, 0) - owned.position for part, owned in self.owned.items()}
            wanted = portions(behind, limit, self._served)
            if not wanted:
                return []
            parts, counts = [part for part, _ in wanted], [count for _, count in wanted]
            positions = [self.owned[part].position for part in parts]
            rows = await self._bus.pool.fetch(self._sql.read, parts, positions, counts, BATCH_BYTES)
            records: list[Record] = []
            reads: dict[int, Read] = {}
            for part, off, key, value, headers, at in rows:
                place = self._places[part]
                texts = from_json(headers) if headers != "{}" else {}
                records.append(Record(place.topic, place.number, off, key, value, texts, at))
                reads[part] = Read(self.owned[part].epoch, self.owned[part].position, off + 1)
            if records:
                self._served = part
                self._hand = Hand(reads, time.monotonic())
            return records

    async def _keep_on(self) -> None:
        """Renew the lease, and follow the group: at once when nudged, quickly while partitions are on the move."""
        # The flag beside the cancellation: before Python 3.12 asyncio.wait_for, which asyncpg uses, may swallow one.
        while not self._closed:
            pause = self._bus.lease / 4 if self._settled else min(0.2, self._bus.lease / 4)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._nudged.wait()
            self._nudged.clear()
            try:
                await self._keep()
            except BusUnavailable as error:
                self._bus.broken(error)
                await asyncio.sleep(min(0.5, self._bus.lease / 4))
            except Exception:
                # Whatever it was, a member that stops renewing goes silent for good; the next turn may succeed.
                log.exception("bus member %s of %s cannot follow its group", self._member, self.group)
                await asyncio.sleep(1)

    async def _keep(self) -> None:
        async with self._changing:
            rows = await self._bus.pool.fetch(self._sql.beat, self.group, self._member, self._session, self._bus.lease)
            mine = next((row for row in rows if row["session"] == self._session), None)
            if mine is None:
                await self._enter_again()
                return
            self._superseded = False
            members = {row["name"]: row["topics"] for row in rows if row["live"] or row is mine}
            wish = await self._wish(members)
            if self._settled and mine["live"] and wish == self.owned.keys():
                return
            await self._give_up(self.owned.keys() - wish)
            await self._claim(wish)
            self._settled = wish == self.owned.keys()

    async def _wish(self, members: Mapping[str, Sequence[str]]) -> set[int]:
        # The topics of all, not only the own: during an upgrade members read different ones, and must still agree.
        topics = {topic for topics in members.values() for topic in topics}
        if not topics <= self._known:
            rows = await self._bus.pool.fetch(self._sql.places, list(topics))
            self._places = {row["id"]: Place(row["id"], row["name"], row["number"]) for row in rows}
            self._known = topics
        return desired(self._member, members, self._places.values())

    async def _give_up(self, unwanted: set[int]) -> None:
        held: set[int] = set()
        if self._hand is not None and time.monotonic() - self._hand.since < self._bus.patience:
            held = unwanted & self._hand.reads.keys()
        leaving = unwanted - held
        if leaving:
            await self._bus.pool.fetch(self._sql.give_up, self.group, self._session, list(leaving))
            for part in leaving:
                self.owned.pop(part, None)
            self._bus.nudge(self.group, but=self)

    async def _claim(self, wish: set[int]) -> None:
        rows = await self._bus.pool.fetch(self._sql.claim, self.group, self._session, list(wish | self.owned.keys()))
        epochs = {row["part"]: row["epoch"] for row in rows}
        kept = {part: owned for part, owned in self.owned.items() if epochs.get(part) == owned.epoch}
        rows = await self._bus.pool.fetch(self._sql.offsets, self.group, list(epochs.keys() - kept.keys()))
        self.owned = kept | {row["part"]: Owned(epochs[row["part"]], row["off"]) for row in rows}
        for row in rows:
            self._bus.saw_head(row["part"], row["next"])
        self.news.set()

    async def _enter_again(self) -> None:
        """The group does not know this session: pruned while the machine slept, or another took the member's name."""
        self.owned, self._settled = {}, False
        entered = await self._bus.pool.fetch(
            self._sql.enter, self.group, self._member, self._session, self._topics, self._bus.lease, False
        )
        if not entered and not self._superseded:
            self._superseded = True
            log.warning("another process joined %s as %s; this one waits until it leaves", self.group, self._member)

    def _names(self, parts: set[int]) -> str:
        return ", ".join(f"{self._places[part].topic}[{self._places[part].number}]" for part in sorted(parts))
