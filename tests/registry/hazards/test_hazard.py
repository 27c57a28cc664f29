"""What happens to a hazard: its deadline, who may say what, transfer and re-checks, and the listing of a major one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.registry.hazards.commands import (
    AskExtension,
    DeclineListing,
    Delist,
    Fail,
    GrantExtension,
    JudgeMajor,
    List,
    Pass,
    Recheck,
    Report,
    StateSheet,
    Submit,
    Transfer,
)
from services.registry.hazards.follow_calendar import measured
from services.registry.hazards.following import Lapse, Reopened, Resolved
from services.registry.hazards.hazard import Criteria, Grade
from services.registry.hazards.lifecycle import Listing, State
from services.registry.hazards.moving import Context, moved
from services.registry.hazards.possible import possible_for
from shared.auth.principal import Principal, Role
from shared.clock import local_day
from shared.errors import Conflict, Forbidden, GridGovError, Invalid
from shared.limits import LimitState
from tests.conftest import NOON
from tests.registry.hazards.found import CHINA, HANDLER, INSPECTOR, LEADER, UNTIL, after, done, found, major

DUE = datetime(2026, 11, 25, 16, tzinfo=UTC)
"""The end of the last local day."""
LATE = DUE + timedelta(hours=1)
OVERDUE = after(found().after, (Lapse(), INSPECTOR), at=LATE)
TRANSFERRED = after(OVERDUE, (Transfer("R1-S-D-PC", "逾期未改"), HANDLER), at=LATE)


def test_what_is_found_runs_to_the_end_of_its_day_and_is_told_whole() -> None:
    change = found()
    hazard = change.after
    assert (hazard.state, hazard.rectify and hazard.rectify.due_at, hazard.due_at) == (State.RECTIFYING, DUE, DUE)
    [event] = change.events
    assert (event.type, event.state, event.limits["rectify"].due_at) == ("gridgov.hazard.found.v1", "rectifying", DUE)


def test_what_the_unit_resolved_in_time_is_kept_also_where_that_is_heard_of_late() -> None:
    in_time = DUE - timedelta(hours=1)
    resolved, late = Resolved("GD-1", "已清理", "P00009", 3), Context(INSPECTOR, LATE, local_day(LATE), CHINA)
    hazard = moved(OVERDUE, resolved, late, at=in_time).after
    assert hazard.state is State.AWAITING_REINSPECTION
    assert hazard.rectify is not None
    assert (hazard.rectify.state, hazard.rectify.ended_at) == (LimitState.FULFILLED, in_time)


def test_what_is_fixed_on_the_spot_is_closed_and_has_no_limit() -> None:
    hazard = found(fixed_on_spot=True).after
    assert (hazard.state, hazard.limits, hazard.closed_at) == (State.FIXED_ON_SPOT, {}, NOON)


def test_criteria_make_it_major_and_a_deadline_lies_ahead() -> None:
    hazard = found(criteria=Criteria("GB 35181-2025", "5.1"), rectify_by=None).after
    assert (hazard.grade, hazard.due_at) == (Grade.MAJOR, datetime(2026, 12, 18, 16, tzinfo=UTC))
    with pytest.raises(Invalid) as refused:
        found(rectify_by=UNTIL.replace(month=1))
    assert refused.value.field == "rectify_by"


def test_who_says_it_is_put_right_does_not_reinspect_it() -> None:
    submitted = after(found().after, (Submit("已清空"), HANDLER))
    assert (submitted.state, submitted.rectify and submitted.rectify.state) == (
        State.AWAITING_REINSPECTION, LimitState.FULFILLED,
    )  # fmt: skip
    for verdict in (Pass(), Fail("仍有杂物")):
        with pytest.raises(Forbidden, match="somebody else"):
            done(submitted, verdict, HANDLER)
    closed = after(submitted, (Pass(), INSPECTOR))
    assert (closed.state, closed.closed_at, closed.due_at) == (State.RECTIFIED, NOON, None)


def test_a_failed_reinspection_goes_on_under_the_same_deadline() -> None:
    failed = after(found().after, (Submit("已清空"), HANDLER), (Fail("仍有杂物"), INSPECTOR))
    assert (failed.state, failed.due_at, failed.failed, failed.failed_version) == (State.RECTIFYING, DUE, 1, 3)
    late = after(after(found().after, (Submit("已清空"), HANDLER)), (Fail("仍有杂物"), INSPECTOR), at=LATE)
    assert late.state is State.OVERDUE
    again = after(TRANSFERRED, (Submit("已清空"), HANDLER), (Fail("仍有杂物"), INSPECTOR), at=LATE)
    assert again.state is State.TRANSFERRED


def test_an_extension_is_decided_by_somebody_else_and_brings_back_what_was_overdue() -> None:
    later = UNTIL.replace(day=30)
    asked = after(found().after, (AskExtension(later, "等材料"), HANDLER))
    with pytest.raises(Forbidden):
        done(asked, GrantExtension("同意"), HANDLER)
    granted = after(asked, (GrantExtension("同意"), LEADER))
    assert granted.rectify is not None
    assert (granted.rectify.due_at, granted.rectify.started_at) == (datetime(2026, 11, 30, 16, tzinfo=UTC), NOON)
    assert asked.rectify is not None
    warned = after(asked, (GrantExtension("同意"), LEADER), at=asked.rectify.warn_at)
    assert warned.rectify is not None
    assert warned.rectify.started_at == asked.rectify.warn_at, "else the new warning is never given"
    revived = after(OVERDUE, (AskExtension(later, "等材料"), HANDLER), (GrantExtension("同意"), LEADER), at=LATE)
    assert revived.rectify is not None
    assert (revived.state, revived.rectify.started_at) == (State.RECTIFYING, LATE)
    with pytest.raises(Invalid, match="beyond"):
        done(found().after, AskExtension(UNTIL, "等材料"))


def test_what_was_transferred_is_rechecked_every_week() -> None:
    assert TRANSFERRED.recheck is not None
    assert (TRANSFERRED.state, TRANSFERRED.recheck.unit) == (State.TRANSFERRED, "R1-S-D-PC")
    assert TRANSFERRED.recheck.due_at == LATE + timedelta(days=7)
    day = LATE + timedelta(days=6)
    checked = after(TRANSFERRED, (Recheck("仍未整改"), HANDLER), at=day)
    assert checked.recheck is not None
    assert (checked.rechecks, checked.recheck.due_at) == (1, day + timedelta(days=7))
    closed = after(checked, (Submit("已清空"), HANDLER), (Pass(), INSPECTOR), at=day)
    assert (closed.state, closed.recheck and closed.recheck.state) == (State.RECTIFIED, LimitState.STOPPED)


def test_a_major_hazard_is_reported_listed_and_delisted_after_it_passed() -> None:
    with pytest.raises(Conflict):
        done(found().after, Report("R1", "柳消〔2026〕3号"))
    judged = after(found().after, (JudgeMajor("GB 35181-2025", "5.1"), HANDLER))
    reported = after(judged, (Report("R1", "柳消〔2026〕3号"), HANDLER))
    assert reported.decide is not None
    assert (reported.listing, reported.decide.unit, str(reported.decide.limit)) == (Listing.REPORTED, "R1", "7wd")
    friday_off = replace(CHINA.years[2026], holidays=CHINA.years[2026].holidays | {date(2026, 11, 20)})
    announced = replace(CHINA, version="another", years={**CHINA.years, 2026: friday_off})
    moved = measured(reported, CHINA, announced, NOON)
    assert moved is not None
    assert moved.after.decide == replace(
        reported.decide,
        due_at=reported.decide.due_at + timedelta(days=3),  # over the weekend
        warn_at=reported.decide.warn_at + timedelta(days=1),
    )
    assert moved.after.rectify == reported.rectify, "it names a day"
    assert measured(moved.after, CHINA, announced, NOON) is None, "once"
    listed = after(reported, (List(UNTIL.replace(day=30)), LEADER))
    assert listed.decide is not None
    assert (listed.listing, listed.decide.state) == (Listing.LISTED, LimitState.FULFILLED)
    assert listed.due_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    with pytest.raises(Conflict):
        done(listed, Delist(), LEADER)
    waiting = after(reported, (Submit("已改"), HANDLER), (List(UNTIL.replace(day=30)), LEADER))
    assert after(waiting, (Fail("仍有"), INSPECTOR)).due_at == listed.due_at, (
        "listed while it waited for its re-inspection"
    )
    assert after(listed, (Submit("已改"), HANDLER), (Fail("仍有"), INSPECTOR), at=LATE).due_at == listed.due_at
    passed = after(listed, (Submit("已改"), HANDLER), (Pass(), INSPECTOR))
    assert after(passed, (Delist(), LEADER)).listing is Listing.DELISTED
    declined = after(after(major(), (Report("R1", "3号"), HANDLER)), (DeclineListing("已在整改"), LEADER))
    assert (declined.listing, declined.due_at) == (Listing.DECLINED, DUE)


def test_reopened_by_who_reported_it_all_begins_anew() -> None:
    closed = after(TRANSFERRED, (Submit("已清空"), HANDLER), (Pass(), INSPECTOR), at=LATE)
    again = after(closed, (Reopened("GD-1", 9), HANDLER), at=LATE)
    assert again.rectify is not None
    assert (again.state, again.closed_at, again.recheck) == (State.RECTIFYING, None, None)
    assert again.rectify.due_at >= LATE + (DUE - NOON)


def test_the_sheet_keeps_its_signature_and_names_stand_in_no_trail() -> None:
    change = done(found().after, StateSheet("清空通道", person="王强", signed_by="李红"))
    assert change.after.sheet is not None
    assert change.after.sheet.person == "王强"
    assert "王强" not in str(change.what)
    assert "李红" not in str(change.what)


def test_what_is_offered_is_what_is_let_through() -> None:
    people = [(INSPECTOR, Role.GRID_WORKER), (HANDLER, Role.DEPARTMENT_HANDLER), (LEADER, Role.LEADER)]
    submitted = after(found().after, (Submit("已清空"), HANDLER))
    for hazard in (found().after, submitted, OVERDUE, TRANSFERRED, major()):
        for actor, role in people:
            context = Context(actor, LATE, local_day(LATE), CHINA)
            for one in possible_for(Principal(actor.id, role, actor.unit), hazard, context):
                assert one.consequence.zh
                assert one.consequence.en
    offered = [
        one.action
        for one in possible_for(
            Principal(HANDLER.id, Role.DEPARTMENT_HANDLER), submitted, Context(HANDLER, NOON, local_day(NOON), CHINA)
        )
    ]
    assert "pass" not in offered
    with pytest.raises(GridGovError):
        done(submitted, Pass(), HANDLER)
