"""The one source of time. Everything below the edges takes `now` as an argument; only edges ask the clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
"""The zone in which times are shown and working days are counted; stored times are UTC."""


@lru_cache(maxsize=64)
def in_utc(at: datetime) -> str:
    """The instant `at` as text, in UTC. All that one transaction writes has the same few instants."""
    return at.astimezone(UTC).isoformat()


def local_day(at: datetime) -> date:
    """The local day (Asia/Shanghai) of an instant."""
    return at.astimezone(LOCAL).date()


def end_of(day: date) -> datetime:
    """The instant (UTC) at which a local day (Asia/Shanghai) has ended."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def agreed(self, server: datetime) -> datetime:
        """The present instant where `server` is what the database just said: for what processes, whose own clocks
        differ, must order alike."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def agreed(self, server: datetime) -> datetime:
        return server


class SetClock:
    """A clock that stands where it was set, for tests and trials."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def agreed(self, server: datetime) -> datetime:  # noqa: ARG002 - it stands, whatever the time
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self._now += by
