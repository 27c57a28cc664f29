"""What holds for every deadline, whenever it starts."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.clock import LOCAL
from shared.worktime.arithmetic import deadline, elapsed_working, point, remaining, resumed
from shared.worktime.calendar import china
from shared.worktime.limits import Limit, WallClock, WorkingDays, WorkingHours

CHINA = china()
OPENINGS = [time(9), time(12), time(13, 30), time(17, 30), time(0), time(8, 59, 59, 999_999), time(17, 30, 0, 1)]

edges = st.builds(
    lambda day, clock: datetime.combine(day, clock, tzinfo=LOCAL).astimezone(UTC),
    st.dates(datetime(2018, 6, 1).date(), datetime(2029, 6, 1).date()),
    st.sampled_from(OPENINGS),
)
anywhen = st.datetimes(datetime(2018, 6, 1), datetime(2029, 6, 1), timezones=st.just(UTC))
instants = edges | anywhen
hours = st.integers(1, 400 * 3600).map(lambda seconds: WorkingHours(timedelta(seconds=seconds)))
whole_hours = st.integers(1, 100).map(lambda n: WorkingHours(timedelta(hours=n)))
days = st.integers(1, 300).map(WorkingDays)
wall = st.integers(1, 40 * 86400).map(lambda seconds: WallClock(timedelta(seconds=seconds)))
limits = wall | hours | whole_hours | days
DAY = timedelta(hours=7)


def working_time(limit: WorkingHours | WorkingDays) -> timedelta:
    return limit.days * DAY if isinstance(limit, WorkingDays) else limit.duration


def plus(a: Limit, b: Limit) -> Limit:
    if isinstance(a, WorkingDays) and isinstance(b, WorkingDays):
        return WorkingDays(a.days + b.days)
    if isinstance(a, WallClock) and isinstance(b, WallClock):
        return WallClock(a.duration + b.duration)
    assert isinstance(a, WorkingHours)
    assert isinstance(b, WorkingHours)
    return WorkingHours(a.duration + b.duration)


@given(instants, instants, limits)
def test_who_starts_later_is_never_due_earlier(one: datetime, other: datetime, limit: Limit) -> None:
    early, late = sorted((one, other))
    assert deadline(early, limit, CHINA) <= deadline(late, limit, CHINA)


@given(
    instants,
    st.one_of(*(st.tuples(kind, kind) for kind in (wall, hours, whole_hours, st.integers(1, 100).map(WorkingDays)))),
)
def test_more_time_is_never_due_earlier_and_limits_add_up(start: datetime, pair: tuple[Limit, Limit]) -> None:
    first, second = pair
    whole = deadline(start, plus(first, second), CHINA)
    assert start < deadline(start, first, CHINA) < whole
    assert deadline(deadline(start, first, CHINA), second, CHINA) == whole


@given(instants, hours | whole_hours | days)
def test_the_working_time_until_the_deadline_is_the_limit(start: datetime, limit: WorkingHours | WorkingDays) -> None:
    due = deadline(start, limit, CHINA)
    assert elapsed_working(start, due, CHINA) == remaining(start, due, limit, CHINA) == working_time(limit)


@given(instants, hours | whole_hours | days)
def test_a_working_deadline_lies_in_working_time(start: datetime, limit: WorkingHours | WorkingDays) -> None:
    due = deadline(start, limit, CHINA)
    local = due.astimezone(LOCAL)
    assert CHINA.is_working_day(local.date())
    beside = timedelta(minutes=1)
    if isinstance(limit, WorkingDays):
        assert elapsed_working(due, due + beside, CHINA) == beside  # somebody can still act
    else:
        assert elapsed_working(due - timedelta(seconds=1), due, CHINA) > timedelta(0)


@given(instants, days)
def test_a_start_in_office_hours_keeps_its_time_of_day(start: datetime, limit: WorkingDays) -> None:
    local = start.astimezone(LOCAL)
    inside = any(opens <= local.time() < closes for opens, closes in CHINA.hours.spans)
    expected = {time(9), time(13, 30)}
    if inside and CHINA.is_working_day(local.date()):
        expected = {local.time()}
    assert deadline(start, limit, CHINA).astimezone(LOCAL).time() in expected


@given(instants, instants, instants)
def test_working_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    assert elapsed_working(a, b, CHINA) + elapsed_working(b, c, CHINA) == elapsed_working(a, c, CHINA)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_working_time_is_what_a_walk_over_the_days_counts(start: datetime, length: timedelta) -> None:
    end = start + length
    counted, day = timedelta(0), start.astimezone(LOCAL).date()
    while day <= end.astimezone(LOCAL).date():
        for opens, closes in CHINA.hours.spans if CHINA.is_working_day(day) else ():
            first = max(start, datetime.combine(day, opens, tzinfo=LOCAL))
            last = min(end, datetime.combine(day, closes, tzinfo=LOCAL))
            counted += max(last - first, timedelta(0))
        day += timedelta(days=1)
    assert elapsed_working(start, end, CHINA) == counted


@given(instants, limits, st.integers(1, 100), st.integers(1, 100))
def test_parts_of_a_limit_come_in_order_and_end_at_the_deadline(start: datetime, limit: Limit, p: int, q: int) -> None:
    less, more = sorted((p, q))
    assert start <= point(start, limit, less, CHINA) <= point(start, limit, more, CHINA)
    assert point(start, limit, more, CHINA) <= deadline(start, limit, CHINA) == point(start, limit, 100, CHINA)


@given(instants, limits, instants, instants)
def test_suspension_takes_nothing_and_gives_nothing(start: datetime, limit: Limit, s: datetime, r: datetime) -> None:
    due = deadline(start, limit, CHINA)
    suspended_at, resumed_at = sorted((s, r))
    again = resumed(due, suspended_at, resumed_at, limit, CHINA)
    assert resumed(due, suspended_at, suspended_at, limit, CHINA) == due <= again
    if due > suspended_at:
        assert remaining(resumed_at, again, limit, CHINA) == remaining(suspended_at, due, limit, CHINA)
    else:
        assert again == due
