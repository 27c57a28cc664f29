"""Times as people write them: read where there is one meaning, refused with the two meanings otherwise."""

import contextlib
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import LOCAL
from shared.errors import Invalid
from shared.sheets.times import SINCE_1904, clock, day, days, end_shown, instant, month, until
from shared.sheets.weekdays import shown, weekdays

HALF_PAST = "2026-03-02T10:30:00+08:00"


@pytest.mark.parametrize(
    "told",
    [
        "2026年3月2日 10:30", "2026-03-02 10:30:00.0", "2026.3.2 10:30", "2026-03-02T10:30:00+08:00",
        "2026-03-02T02:30:00Z", "2026/3/2 10：30", "２０２６/3/2 10:30", "2026/3/2  10:30", "2026-03-02T10:30",
        "46083.4375", 46083.4375, "2026年3月2日10时30分", "2026年3月2日 上午10点半", "2026年03月02日 10点30分00秒",
        "2026/3/2 上午10:30", "2026/3/2 10:30 AM", "2026-3-2 10:30am", "20260302103000", "202603021030",
        "2026年3月2日 星期一 10:30", "2026-03-02(周一) 10:30", "二〇二六年三月二日 10:30", "26年3月2日 10:30",
        "2026/3/2(一) 10:30", "2026-03-02_10:30", "2026.3.2 10.30", "民国115年3月2日 10:30", "中華民國 115 年3月2日10:30",
        "2 Mar 2026 10:30", "March 2, 2026 10:30", "2026－03－02 10:30", "2026/03/02 10:30:00 +0800",
        datetime(2026, 3, 2, 10, 30), datetime(2026, 3, 2, 10, 29, 59, 999_500), timedelta(days=46083.4375),
    ],
)  # fmt: skip
def test_one_meaning_is_read(told):
    assert instant(told).astimezone(LOCAL).isoformat() == HALF_PAST


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-03-02 10:30:00.123", "2026-03-02 10:30:00.123000"),
        ("2026/3/2 下午3:30:00", "2026-03-02 15:30:00"), ("2026/3/2 下午15:30", "2026-03-02 15:30:00"),
        ("2026/3/2 下午12:05", "2026-03-02 12:05:00"), ("2026/3/2 12:05 AM", "2026-03-02 00:05:00"),
        ("2026/3/2 中午12:05", "2026-03-02 12:05:00"), ("2026/3/2 中午1:05", "2026-03-02 13:05:00"),
        ("2026/3/2 晚上8点", "2026-03-02 20:00:00"), ("2026/3/2 凌晨12:05", "2026-03-02 00:05:00"),
        ("2026-3-2 24:00", "2026-03-03 00:00:00"), ("20260302", "2026-03-02 00:00:00"),
        (20260302.0, "2026-03-02 00:00:00"), ("2026/2/28", "2026-02-28 00:00:00"),
        ("13/04/2026", "2026-04-13 00:00:00"), ("04/13/2026 9:00", "2026-04-13 09:00:00"),
        ("3/3/2026", "2026-03-03 00:00:00"), (date(2026, 3, 2), "2026-03-02 00:00:00"),
    ],
)  # fmt: skip
def test_each_is_read_as_what_it_means(told, meant):
    assert str(instant(told).replace(tzinfo=None)) == meant


@pytest.mark.parametrize(
    ("told", "first", "second"),
    [
        ("03/02/2026 10:30:00 AM", "2026-03-02 10:30", "2026-02-03 10:30"),
        ("03/04/2026", "2026-03-04 00:00", "2026-04-03 00:00"),
        ("1.2.2026 8:00", "2026-01-02 08:00", "2026-02-01 08:00"),
        ("26/3/2", "2026-03-02 00:00", "2002-03-26 00:00"),
        ("2026/3/2 上午12:30", "2026-03-02 00:30", "2026-03-02 12:30"),
        ("2026/3/2 晚上12点", "2026-03-02 00:00", "2026-03-03 00:00"),
    ],
)
def test_two_meanings_are_named_and_not_chosen_between(told, first, second):
    with pytest.raises(Invalid) as refused:
        instant(told)
    assert refused.value.code == "cell_ambiguous"
    assert refused.value.data["meanings"] == [first, second]
    assert first in refused.value.zh
    assert second in refused.value.en


@pytest.mark.parametrize(
    "told",
    [
        "昨天上午", "2026/2/30", "2026-13-01", "10:30", time(10, 30), "2026/3/2 25:00", "2026/3/2 24:01", "2026/3/2 10:60",
        "2026", 2026, 5, "2026年3月", "三月二日", "2026/3/2 上午15:00", "2026-03/02", "2026/3/2 10", "x2026/3/2",
        "2026/3/2 10:30 左右", True, timedelta(hours=10), 1e300, float("inf"), "2026-03-02T10:30+99:00", "0000-00-00 00:00:00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(told):
    with pytest.raises(Invalid) as refused:
        instant(told)
    assert refused.value.code in {"cell_not_a_time", "cell_without_day"}


def test_nothing_is_nothing():
    assert [instant(told) for told in (None, "", "  ", "　")] == [None] * 4


def test_days():
    assert (
        day("2026年3月2日") == day("2026-03-01T17:00:00Z") == day(46083) == day(44621, SINCE_1904) == date(2026, 3, 2)
    )


@pytest.mark.parametrize(
    "told",
    [
        "8:30",
        "8：30",
        "08:30:00",
        "上午8点半",
        "8.30",
        8.5 / 24,
        time(8, 30),
        timedelta(hours=8.5),
        datetime(2026, 1, 1, 8, 30),
    ],
)
def test_a_time_of_day_is_read_however_it_is_kept(told):
    assert clock(told) == "08:30"


def test_a_month_is_read_as_far_as_it_is_told_and_what_excel_left_of_it_is_not_guessed():
    told = ["1985", 1985, "1985.6", "1985年6月", "198506", 1985.06, "1985-6-3", 19850603, datetime(1985, 6, 3), ""]
    wanted = ["1985"] * 2 + ["1985-06"] * 4 + ["1985-06-03"] * 3 + [""]
    assert [month(one) for one in told] == wanted
    for wrong, code in ((1985.1, "cell_ambiguous"), ("1985-13", "cell_not_a_month"), ("六月", "cell_not_a_month")):
        with pytest.raises(Invalid) as refused:
            month(wrong)
        assert refused.value.code == code
    with pytest.raises(Invalid):
        clock("9")
    assert day("长期有效") is None
    assert days("2026.3.1、2026年3月2日") == (date(2026, 3, 1), date(2026, 3, 2))


def test_a_last_day_counts_whole_and_comes_back_as_a_day():
    end = datetime(2026, 3, 3, tzinfo=LOCAL)
    for told in (
        "2026-03-02",
        "20260302",
        date(2026, 3, 2),
        datetime(2026, 3, 2),
        46083,
        "2026-03-03 00:00",
        "2026-3-2 24:00",
    ):
        assert until(told) == end, told
    assert until("202603030000") == end and until("") is None
    assert until(end_shown(end)) == end and end_shown(end) == date(2026, 3, 2)
    noon = end + timedelta(hours=12)
    assert until(end_shown(noon)) == noon


def test_weekdays():
    told = ("周一、周三", "星期一三", "1，3", "每周一、礼拜三", "周1、周3")
    assert {weekdays(one) for one in told} == {(1, 3)}
    assert (weekdays("周一至周五"), weekdays("周末"), weekdays(7.0), weekdays("全年无休")) == (
        (1, 2, 3, 4, 5),
        (6, 7),
        (7,),
        (),
    )
    assert weekdays(shown(range(1, 8))) == tuple(range(1, 8))
    for wrong in ("周八", "周", "周五至周一", "0", "一月"):
        with pytest.raises(Invalid):
            weekdays(wrong)


@given(st.datetimes(datetime(1910, 1, 1), datetime(2099, 12, 30)).map(lambda at: at.replace(microsecond=0)))
def test_every_second_written_in_the_usual_ways_is_read_as_itself(at):
    for form in (
        "%Y-%m-%d %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
        "%Y%m%d%H%M%S",
        "%Y-%m-%dT%H:%M:%S",
    ):
        assert instant(at.strftime(form)).replace(tzinfo=None) == at
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    assert instant(serial).replace(tzinfo=None) == at
    assert instant(serial - 1462, SINCE_1904).replace(tzinfo=None) == at


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_nothing_but_a_refusal_comes_of_anything(told):
    for read in (instant, clock, month, days):
        with contextlib.suppress(Invalid):
            read(told)
