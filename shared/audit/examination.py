"""What an examination is asked and answers: one finding per question about an installation, each with what to do."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.bus.log import Log

OK: Final = "ok"
ATTENTION: Final = "attention"
BAD: Final = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was found, and where the `state` is not ok, what to do about it, in Chinese and English."""

    about: str
    state: str
    what: str
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined, and not changed. `databases`: the services of each. `log` opens the log of events. `now` is this
    machine's clock; `model` the directory of the category model."""

    engines: Mapping[str, AsyncEngine]
    databases: Sequence[Sequence[str]]
    log: Callable[[], AbstractAsyncContextManager[Log]]
    state: Path
    model: Path
    now: Callable[[], datetime]


Question = Callable[[Patient], AsyncIterator[Finding]]
"""May raise: that is a bad finding, and keeps no other question from being asked."""


def graded(value: float, limits: tuple[float, float], *, low: bool = False) -> str:
    """ok, attention or bad by two limits; `low` when small is bad."""
    attention, bad = (-limit if low else limit for limit in limits)
    value = -value if low else value
    return BAD if value > bad else ATTENTION if value > attention else OK
