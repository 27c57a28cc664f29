"""When a hazard was overdue, by the deadlines that it had."""

from datetime import UTC, datetime

import pytest

from services.registry.summary.deadlines import Entry, overdue_since


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


ORDER = Entry("order", day(1), day(10))
NOW = day(28)


@pytest.mark.parametrize(
    ("later", "since"),
    [
        ((), [10]),
        ((Entry("submit", day(9), None),), []),
        ((Entry("submit", day(12), None),), [10]),
        # More time in time, or when it was late: what had passed by then stays overdue.
        ((Entry("grant-extension", day(8), day(20)),), [20]),
        ((Entry("grant-extension", day(12), day(20)),), [10, 20]),
        ((Entry("grant-extension", day(12), day(30)),), [10]),
        # Said to be put right in time and found not to be, before its deadline and after it.
        ((Entry("submit", day(5), None), Entry("fail", day(7), None)), [10]),
        ((Entry("submit", day(5), None), Entry("fail", day(14), None)), [14]),
        ((Entry("submit", day(12), None), Entry("fail", day(14), None)), [10]),
        ((Entry("list", day(10), day(25)), Entry("submit", day(24), None)), []),
    ],
)
def test_it_is_overdue_by_the_deadline_that_it_had(later: tuple[Entry, ...], since: list[int]) -> None:
    assert [instant.day for instant in overdue_since([ORDER, *later], NOW)] == since


def test_what_is_to_come_is_not_overdue() -> None:
    assert list(overdue_since([Entry("order", day(1), day(29))], NOW)) == []
