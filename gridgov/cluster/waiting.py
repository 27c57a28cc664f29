"""Waiting for what a process needs and does not have yet: patiently, with a clear line, never by dying.

Only what may pass by itself is waited out; a defect or a wrong setting ends the process with its reason.
"""

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Final, TypeVar

from shared.bus.port import BusRefused, BusUnavailable, UnknownTopic
from shared.db.transient import is_transient
from shared.telemetry import logs

ROLE_WAITS: Final = "role.waits"
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 3.0
SHORT_PAUSE: Final = 0.3
"""For what another process of the same deployment is about to do."""
REMINDER_SECONDS: Final = 30.0
_NOT_YET_STATES: Final = ("28000", "28P01", "3D000", "42501")
"""No such role, wrong password, no such database, no right: whoever prepares the server may not have come to it yet."""

T = TypeVar("T")


class NotYet(Exception):
    """What is waited for answers, but has not come so far. `zh` and `en` say what is missing."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def may_pass(error: BaseException) -> bool:
    """Whether waiting can help."""
    if isinstance(error, BaseExceptionGroup):
        return all(may_pass(inner) for inner in error.exceptions)
    states = {getattr(each, "sqlstate", None) for each in (error, getattr(error, "orig", None), error.__cause__)}
    return (
        isinstance(error, (NotYet, BusUnavailable, UnknownTopic))
        or is_transient(error)
        or any(state in _NOT_YET_STATES for state in states)
    )


class Waiting:
    """What a process waits for now, for people (standard error), the log, and `readyz`."""

    def __init__(self) -> None:
        self.zh, self.en = "启动", "the start"
        self._log = logs.logger("role")

    async def patiently(
        self, step: Callable[[], Awaitable[T]], zh: str, en: str, *, longest: float = LONGEST_PAUSE
    ) -> T:
        """The outcome of `step`, tried again with pauses that grow to `longest` seconds, as long as its failure may
        pass by itself."""
        self.zh, self.en = zh, en
        pause, told = min(FIRST_PAUSE, longest), -REMINDER_SECONDS
        while True:
            try:
                return await step()
            except Exception as error:
                if not may_pass(error):
                    raise
                if monotonic() - told >= REMINDER_SECONDS:
                    told = monotonic()
                    say(f"等待{zh}({_why(error)[0]})", f"waiting for {en} ({_why(error)[1]})")
                    self._log.warning(ROLE_WAITS, missing=en, reason=type(error).__name__)
            # Many processes that lost the same server must not come back all at once.
            await asyncio.sleep(pause * random.uniform(0.7, 1.0))  # noqa: S311 - chance, not secrecy
            pause = min(pause * 2, longest)


def _why(error: BaseException) -> tuple[str, str]:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, NotYet | BusRefused):
        return error.zh, error.en
    cause = getattr(error, "orig", None)
    name = type((cause.__cause__ if cause is not None else None) or cause or error).__name__
    return name, name


def say(zh: str, en: str) -> None:
    """A line for people, on standard error."""
    with suppress(OSError):  # nobody reads it any more: no reason to end
        print(f"· {zh} {en}", file=sys.stderr, flush=True)
