"""Local days (Asia/Shanghai) and the instants (UTC) between which they lie; for domain code, which asks no clock."""

from datetime import UTC, date, datetime, time, timedelta

from shared.clock import LOCAL, local_day

__all__ = ["end_of_day", "instant_of", "last_day_of", "local_day"]


def instant_of(day: date, at: time = time()) -> datetime:
    """The instant (UTC) of a local time on a local day; its midnight where no time is told."""
    return datetime.combine(day, at, LOCAL).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The instant (UTC) at which a local day is over: a deadline that is told as a day."""
    return instant_of(day + timedelta(days=1))


def last_day_of(until: datetime) -> date:
    """The last local day before an instant: what `end_of_day` made it of."""
    return local_day(until - timedelta(microseconds=1))
