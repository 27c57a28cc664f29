"""What can happen to a report at its ends: it is sent, and it follows its work order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.reports.lifecycle import Action, Status
from services.intake.reports.report import Channel, Contents, Report, follow, number, submit
from shared.change import Actor, Change
from shared.errors import Invalid
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


@pytest.mark.parametrize("field", ["occurred_at", "recorded_at"])
@pytest.mark.parametrize("ahead, accepted", [(0, True), (299, True), (300, True), (301, False), (86_400 * 3650, False)])
def test_times_up_to_five_minutes_ahead_are_taken_for_a_phones_clock(field: str, ahead: int, accepted: bool) -> None:
    contents = replace(TOLD, **{field: NOON + timedelta(seconds=ahead)})
    if accepted:
        assert submitted(contents).after.contents == contents
        return
    with pytest.raises(Invalid) as refused:
        submitted(contents)
    assert (refused.value.code, refused.value.field) == ("time_in_future", field)


def test_a_phone_may_send_days_later() -> None:
    assert submitted(replace(TOLD, recorded_at=NOON - timedelta(days=20))).after.version == 1


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
