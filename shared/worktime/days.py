"""Local days (Asia/Shanghai) and the instants (UTC) between which they lie; for domain code, which asks no clock."""

from datetime import UTC, date, datetime, time

from shared.clock import LOCAL, local_day

__all__ = ["instant_of", "local_day"]


def instant_of(day: date, at: time = time()) -> datetime:
    """The instant (UTC) of a local time on a local day; its midnight where no time is told."""
    return datetime.combine(day, at, LOCAL).astimezone(UTC)
