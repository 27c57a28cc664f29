"""Local days (Asia/Shanghai) and the instants at which they end: a deadline that is told as a day is its end."""

from datetime import UTC, date, datetime, time, timedelta

from shared.clock import LOCAL, local_day


def end_of_day(day: date) -> datetime:
    """The instant (UTC) at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


def last_day_of(until: datetime) -> date:
    """The last local day before an instant: what `end_of_day` made it of."""
    return local_day(until - timedelta(microseconds=1))
