"""The text form of limits."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.worktime.limits import Limit, WallClock, WorkingDays, WorkingHours, parse_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("45s", WallClock(timedelta(seconds=45))),
        ("15m", WallClock(timedelta(minutes=15))),
        ("24h", WallClock(timedelta(days=1))),
        ("30wm", WorkingHours(timedelta(minutes=30))),
        ("4wh", WorkingHours(timedelta(hours=4))),
        ("15wd", WorkingDays(15)),
    ],
)
def test_a_limit_is_read_and_written(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit
    assert str(limit) == text


def test_the_largest_whole_unit_is_written() -> None:
    assert str(parse_limit("120m")) == "2h"
    assert str(parse_limit("90wm")) == "90wm"


@given(st.integers(1, 366 * 86400), st.sampled_from([WallClock, WorkingHours]))
def test_every_limit_reads_back_as_itself(seconds: int, kind: type[WallClock] | type[WorkingHours]) -> None:
    limit = kind(timedelta(seconds=seconds))
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0h",
        "-1h",
        "4",
        "4d",
        "1.5h",
        " 4h",
        "4H",
        "4wd ",
        "5wd1wh",
        "٤h",
        "367wd",
        "8785h",
        "999999999wd",
        "99999999999h",
    ],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_limit(text)
    assert refused.value.code == "worktime_limit"
    assert "5wd" in refused.value.zh
    assert "5wd" in refused.value.en


@pytest.mark.parametrize(("text", "most"), [("99999wd", "366wd"), ("8785h", "8784h"), ("8785wh", "8784wh")])
def test_too_long_a_limit_is_named_as_it_was_written_with_the_longest(text: str, most: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_limit(text)
    for words in (refused.value.zh, refused.value.en):
        assert text in words
        assert most in words
    parse_limit(most)


def test_a_limit_of_nothing_cannot_be_made() -> None:
    for make in (lambda: WallClock(timedelta(0)), lambda: WorkingHours(-timedelta(hours=1)), lambda: WorkingDays(0)):
        with pytest.raises(Invalid):
            make()
