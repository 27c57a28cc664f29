"""Periods: every day lies in one of each length, its name says which, and they follow each other without a gap."""

from datetime import date, timedelta

import pytest

from services.registry.summary.period import Length, named, period_of
from shared.errors import Invalid


@pytest.mark.parametrize("length", Length)
def test_days_of_ten_years_lie_in_one_period_each_and_names_come_back(length: Length) -> None:
    day, period = date(2019, 12, 20), period_of(length, date(2019, 12, 20))
    while day < date(2030, 1, 10):
        if day > period.last:
            assert period.after.first == day
            period = period.after
        assert period.first <= day <= period.last
        assert period_of(length, day) == period == named(period.name)
        assert period.before.last == period.first - timedelta(days=1)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    "text", ["2026-W54", "2026-W00", "2025-W53", "2026-13", "2026-Q5", "26-01", "2026-1", "0000", ""]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        named(text)
