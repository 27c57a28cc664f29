"""What can happen to a report at its ends: it is sent, and it follows its work order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.intake.reports.lifecycle import Action, Status
from services.intake.reports.report import Channel, Contents, DoubtfulTime, Report, follow, number, submit
from shared.change import Actor, Change
from shared.events.intake.reports import ReportSubmitted
from shared.ids import new_id
from tests.conftest import NOON

CLERK = Actor("clerk", "intake_clerk", "A7", "phone")
TOLD = Contents(channel=Channel.HOTLINE, text="路边井盖不见了", title="井盖")


def submitted(contents: Contents = TOLD) -> Change[Report]:
    return submit(
        contents, id=new_id(), number="A7-QT-20261118-000001", home="A7-QT", street="A7-QT", by=CLERK, now=NOON
    )


def test_a_new_report_is_received_and_told_without_its_words() -> None:
    change = submitted()
    report = change.after
    assert (report.status, report.version, report.submitted_at, report.home) == (Status.RECEIVED, 1, NOON, "A7-QT")
    assert (change.action, change.by, change.at) == ("submit", CLERK, NOON)
    assert change.what == {"number": report.number, "channel": "hotline"}
    assert change.events == (
        ReportSubmitted(report_id=report.id, number=report.number, channel="hotline", submitted_at=NOON, version=1),
    )


OCCURRED, RECORDED = DoubtfulTime.OCCURRED_AT, DoubtfulTime.RECORDED_AT
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "occurred, recorded, doubtful",
    [
        (NOON - DAY, NOON, ()),
        (NOON + timedelta(minutes=5), NOON + timedelta(minutes=5), ()),
        (NOON + timedelta(seconds=301), None, (OCCURRED,)),
        (None, NOON + timedelta(seconds=301), (RECORDED,)),
        (NOON - DAY, NOON + timedelta(hours=1), (OCCURRED, RECORDED)),
        (None, NOON - 20 * DAY, ()),
        (datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), (OCCURRED, RECORDED)),
        (datetime(1969, 12, 31, 16, tzinfo=UTC), None, (OCCURRED,)),
        (datetime(1999, 8, 22, tzinfo=UTC), None, (OCCURRED,)),
        (datetime(2019, 1, 1, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC), (OCCURRED, RECORDED)),
        (datetime(2019, 1, 1, tzinfo=UTC), None, ()),
        (datetime(2106, 2, 7, tzinfo=UTC), None, (OCCURRED,)),
        (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), (OCCURRED, RECORDED)),
    ],
)
def test_a_time_that_cannot_be_right_is_kept_as_told_and_marked(occurred, recorded, doubtful) -> None:
    contents = replace(TOLD, occurred_at=occurred, recorded_at=recorded)
    report = submitted(contents).after
    assert (report.contents, report.doubtful_times) == (contents, doubtful)


def test_records_may_be_of_any_age() -> None:
    told = replace(
        TOLD, channel=Channel.IMPORT, occurred_at=datetime(1998, 1, 1, tzinfo=UTC), recorded_at=NOON - 900 * DAY
    )
    assert submitted(told).after.doubtful_times == ()


def test_a_report_follows_its_work_order_through_rework_to_the_end() -> None:
    report = replace(submitted().after, status=Status.TRIAGED)
    for action, status in (
        (Action.DISPATCH, Status.DISPATCHED),
        (Action.RESOLVE, Status.RESOLVED),
        (Action.REWORK, Status.DISPATCHED),
        (Action.RESOLVE, Status.RESOLVED),
        (Action.CLOSE, Status.CLOSED),
    ):
        change = follow(report, action, work_order="GD-1", work_order_version=report.version, by=CLERK, now=NOON)
        assert (change.after.status, change.after.version) == (status, report.version + 1)
        assert (change.after.work_order, change.events) == ("GD-1", ())
        report = change.after


def test_the_number_is_street_day_and_six_digits() -> None:
    assert number("A7-QT", "20261118", 1) == "A7-QT-20261118-000001"
    assert number("A7-QT", "20261118", 999_999) == "A7-QT-20261118-999999"


def test_a_million_serials_in_a_row_give_a_million_numbers() -> None:
    # Wherever the serial stands: the six digits wrap, and only the millionth next repeats one.
    start = 999_500_000
    assert len({number("A", "20261118", start + n) for n in range(1_000_000)}) == 1_000_000
    assert number("A", "20261118", start) == number("A", "20261118", start + 1_000_000)
