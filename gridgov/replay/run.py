"""The replay itself: rows go out at full speed or evenly paced, and meanwhile work orders are looked for.

Looking is cheap for the server: few questions about many reports, as seldom as the latency found allows. An old
report is asked for ever less often, so one that is stuck hides nobody.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from gridgov.replay.books import Books, Outstanding
from gridgov.replay.client import BATCH, Client
from gridgov.replay.file import Row

_TICK, _LONGEST_TICK = 0.05, 0.25
_SHARE: Final = 8
"""Looking every eighth of a latency measures it within an eighth."""
_SELDOM: Final = 2.0
_REASON_AFTER, _REASON_AFTER_MOST = 0.3, 3.0
"""Seconds after which intake is asked why there is no work order yet; half as long again as others took."""

Clock = Callable[[], float]


def planned(index: int, rate: float | None) -> float | None:
    """Seconds after the start at which row `index` (from 0) is to be sent; None: as soon as there is room."""
    return None if rate is None else index / rate


class Replay:
    """One run over `rows`; `books` says at any moment how far it is."""

    def __init__(
        self,
        client: Client,
        rows: Sequence[Row],
        books: Books,
        *,
        rate: float | None = None,
        wait: float = 120.0,
        in_flight: int = 48,
        clock: Clock = time.monotonic,
    ) -> None:
        self._client = client
        self._rows = rows
        self._books = books
        self._rate = rate
        self._wait = wait
        self._in_flight = in_flight
        self._clock = clock
        self._usual = 0.0
        """What a report takes to its work order, s: a moving average."""
        self._submitting = True

    async def run(self) -> bool:
        """True when the end of every row is known; False when nothing moved for `wait` seconds. Raises Stopped."""
        try:
            async with asyncio.TaskGroup() as group:
                looking = group.create_task(self._look())
                await self._submit_all()
                self._submitting = False
        except BaseExceptionGroup as several:
            raise _first(several) from None
        return looking.result()

    async def _submit_all(self) -> None:
        started = self._clock()
        rows = iter(enumerate(self._rows))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._in_flight, len(self._rows))):
                group.create_task(self._submit_some(rows, started))

    async def _submit_some(self, rows: Iterator[tuple[int, Row]], started: float) -> None:
        for index, row in rows:
            after = planned(index, self._rate)
            if after is not None:
                await asyncio.sleep(max(started + after - self._clock(), 0))
            # Open loop: with a rate, time spent waiting for a free connection belongs to the latency.
            sent_at = self._clock() if after is None else started + after
            self._books.sent(sent_at)
            answer = await self._client.submit(row)
            self._books.answered(row, answer, sent_at=sent_at, at=self._clock())

    async def _look(self) -> bool:
        moved_at = checked_at = self._clock()
        done = (-1, -1)
        while self._submitting or self._books.outstanding:
            now = self._clock()
            if done != (done := (self._books.accepted, self._books.settled)):
                moved_at = now
            if not self._submitting and now - moved_at > self._wait:
                return False
            many = await self._look_once()
            now = self._clock()
            unexplained = self._due_for_reason(now)
            if len(unexplained) == BATCH or (unexplained and now - checked_at > self._reason_after):
                await self._ask_reasons(unexplained)
                checked_at = now
            if not many:
                await asyncio.sleep(min(max(self._usual / _SHARE, _TICK), _LONGEST_TICK))
        return True

    async def _look_once(self) -> bool:
        """Ask for the oldest that are due; True when there were many, so that the next may be asked for at once."""
        now = self._clock()
        due: list[tuple[str, Outstanding]] = []
        for report_id, waiting in self._books.outstanding.items():
            if waiting.ask_at <= now:
                due.append((report_id, waiting))
                if len(due) == BATCH:
                    break
        if not due:
            return False
        items = await self._client.work_orders([report_id for report_id, _ in due])
        now = self._clock()
        ages = self._books.visible(items, now)
        for age in ages:
            self._usual += (age - self._usual) / 20
        for _, waiting in due:
            age = now - waiting.sent_at
            waiting.check_at = waiting.check_at or now + max(self._reason_after - age, 0)
            waiting.ask_at = now + min(age / _SHARE, _SELDOM)
        return len(ages) * 2 >= BATCH

    @property
    def _reason_after(self) -> float:
        return min(max(self._usual * 1.5, _REASON_AFTER), _REASON_AFTER_MOST)

    def _due_for_reason(self, now: float) -> list[str]:
        due = []
        for report_id, waiting in self._books.outstanding.items():
            if waiting.check_at and waiting.check_at <= now:
                due.append(report_id)
                if len(due) == BATCH:
                    break
        return due

    async def _ask_reasons(self, report_ids: list[str]) -> None:
        self._books.explained(await self._client.reports(report_ids))
        now = self._clock()
        for report_id in report_ids:
            waiting = self._books.outstanding.get(report_id)
            if waiting is not None:
                waiting.check_at = now + min(max(now - waiting.sent_at, self._reason_after), _SELDOM)


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """48 rows that fail together have one reason."""
    first = several.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
