"""Limits and instants as people say them."""

from datetime import datetime, timedelta

import pytest

from shared.clock import LOCAL
from shared.worktime.calendar import china
from shared.worktime.limits import parse_limit
from shared.worktime.words import instant_in_words, left_in_words, limit_in_words

CHINA = china()
WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=LOCAL)


@pytest.mark.parametrize(
    "limit, zh, en",
    [
        ("15m", "15 分钟", "15 minutes"),
        ("24h", "24 小时", "24 hours"),
        ("72h", "72 小时", "72 hours"),
        ("374h", "15 天 14 小时", "15 days 14 hours"),
        ("240h", "10 天", "10 days"),
        ("1346203s", "15 天 13 小时", "15 days 13 hours"),
        ("90m", "1 小时 30 分钟", "1 hour 30 minutes"),
        ("30s", "30 秒", "30 seconds"),
        ("4wh", "4 小时（工作时间）", "4 hours of working time"),
        ("1wd", "1 个工作日", "1 working day"),
        ("5wd", "5 个工作日", "5 working days"),
    ],
)
def test_limits(limit: str, zh: str, en: str) -> None:
    assert limit_in_words(parse_limit(limit)) == (zh, en)


def test_instants_are_local_and_name_the_year_where_it_is_another() -> None:
    assert instant_in_words(WEDNESDAY, WEDNESDAY) == ("11月18日 10:00", "18 Nov 10:00")
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=LOCAL) + timedelta(hours=8)
    assert instant_in_words(new_year, WEDNESDAY) == ("2027年1月1日 00:30", "1 Jan 2027 00:30")


@pytest.mark.parametrize(
    "due, limit, zh, en",
    [
        ("2026-11-25T10:00", "5wd", "剩 5 个工作日", "5 working days left"),
        ("2026-11-19T12:00", "5wd", "剩 1 个工作日 2 小时", "1 working day 2 hours left"),
        ("2026-11-18T15:30", "4wh", "剩 4 小时（工作时间）", "4 hours of working time left"),
        ("2026-11-18T14:00", "4h", "剩 4 小时", "4 hours left"),
        ("2026-11-18T09:20", "4h", "已超 40 分钟", "40 minutes over"),
        ("2026-11-16T10:00", "5wd", "已超 2 个工作日", "2 working days over"),
        ("2026-11-18T10:00", "5wd", "剩 0 秒（工作时间）", "0 seconds of working time left"),
    ],
)
def test_what_is_left_is_in_the_limits_own_kind_of_time(due: str, limit: str, zh: str, en: str) -> None:
    at = datetime.fromisoformat(due).replace(tzinfo=LOCAL)
    assert left_in_words(WEDNESDAY, at, parse_limit(limit), CHINA) == (zh, en)
