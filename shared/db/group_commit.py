"""Group commit: requests that arrive while a transaction is under way share the next one.

No timer: a group begins when a few turns of the loop bring nobody else. So an idle system commits each request at once, and a
busy one shares the transaction among all that were sent together. A request is answered only after the transaction that
holds it has committed.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from shared.db.transient import is_transient
from shared.errors import GridGovError, Unavailable

C = TypeVar("C")
R = TypeVar("R")

OVERLOADED: Final = Unavailable.row("overloaded", "系统繁忙，请稍后重试。", "The system is busy; try again shortly.")
STOPPING: Final = Unavailable.row("stopping", "系统正在停止，请稍后重试。", "The system is stopping; try again.")

QUIET_TURNS: Final = 4
"""So many turns a request takes from its socket to here, and some: who came with it is not there before."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[C, R]):
    command: C
    answer: asyncio.Future[R]


class GroupCommit(Generic[C, R]):
    """Runs `work`, which opens its own unit of work and answers each command in order, for groups of commands. An answer
    may be an error: it is raised to the one who asked, and the others' are committed all the same."""

    def __init__(
        self,
        work: Callable[[Sequence[C]], Awaitable[Sequence[R | GridGovError]]],
        *,
        largest: int = 64,
        queue: int = 1000,
    ) -> None:
        self._work = work
        self._largest = largest
        self._queue = queue
        self._waiting: deque[_Waiting[C, R]] = deque()
        self._runner: asyncio.Task[None] | None = None

    async def submit(self, command: C) -> R:
        """The answer to `command` once it is committed. Raises the error that `work` answers it with, or
        raises for it alone, or Unavailable when the queue is full."""
        if len(self._waiting) >= self._queue:
            raise OVERLOADED()
        waiting: _Waiting[C, R] = _Waiting(command, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await waiting.answer

    async def _run(self) -> None:
        group: list[_Waiting[C, R]] = []
        try:
            while self._waiting:
                await self._all_here()
                group = [self._waiting.popleft() for _ in range(min(self._largest, len(self._waiting)))]
                # Who gave up before the work began wants nothing done.
                group = [waiting for waiting in group if not waiting.answer.done()]
                if group:
                    await self._answer(group)
        except BaseException:
            # The loop is being closed; nobody else would ever answer those who wait.
            _refuse((*group, *self._waiting), STOPPING())
            self._waiting.clear()
            raise

    async def _all_here(self) -> None:
        """Wait for those who are on their way, while each few turns of the loop bring more."""
        quiet = 0
        while quiet < QUIET_TURNS and len(self._waiting) < self._largest:
            before = len(self._waiting)
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(self._waiting) == before else 0

    async def _answer(self, group: Sequence[_Waiting[C, R]]) -> None:
        try:
            answers = await self._work([waiting.command for waiting in group])
        except Exception as error:  # noqa: BLE001 - handed to those who wait
            if len(group) == 1 or is_transient(error):
                _refuse(group, error)
                return
            # Nobody foresaw this error, so nobody knows whose it is: the halves, and theirs, until only the bad one fails.
            middle = len(group) // 2
            await self._answer(group[:middle])
            await self._answer(group[middle:])
        else:
            _hand_out(group, answers)


def _hand_out(group: Sequence[_Waiting[C, R]], answers: Sequence[R | GridGovError]) -> None:
    if len(answers) != len(group):
        # A mistake of `work`; but what it did is committed and must not be done again.
        _refuse(group, RuntimeError(f"{len(answers)} answers to {len(group)} commands"))
        return
    for waiting, answer in zip(group, answers, strict=True):
        if isinstance(answer, GridGovError):
            _refuse([waiting], answer)
        elif not waiting.answer.done():
            waiting.answer.set_result(answer)


def _refuse(group: Iterable[_Waiting[C, R]], error: Exception) -> None:
    for waiting in group:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
