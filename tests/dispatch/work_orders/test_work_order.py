"""A work order through its life: how it opens, what each command does, tells, and what it does to the two limits."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from services.dispatch.work_orders.commands import (
    Accept,
    AskExtension,
    AskSuspension,
    Assign,
    Close,
    Decline,
    GrantExtension,
    GrantSuspension,
    Resolve,
    Resume,
    Return,
    Rework,
    Start,
    Verify,
)
from services.dispatch.work_orders.lifecycle import Kind, State
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.work_order import Place, SourceKind, WorkOrder
from shared.auth.principal import Principal, Role
from shared.errors import Conflict, Forbidden, Invalid
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened
from shared.limits import LimitState, TimeLimit
from tests.conftest import NOON
from tests.dispatch.work_orders.orders import (
    CHECKER,
    DISPATCHER,
    HANDLER,
    LEADER,
    ROUTING,
    RULE,
    after,
    done,
    in_state,
    opened,
)
from tests.support.city import COMMUNITY, COUNTY_URBAN, STREET, STREET_URBAN

LATER = NOON + timedelta(hours=2)
ACCEPT_DUE = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)
"""Four working hours from 10:00: two until the break at 12:00, two from 13:30; 15:30 in Shanghai."""
RESOLVE_DUE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""Five working days from Wednesday 10:00: the next Wednesday, 10:00 in Shanghai."""
ASK = AskSuspension("等待材料")
MORE = AskExtension("料未到", "3wd")


def test_it_opens_assigned_where_a_rule_names_the_lead() -> None:
    change = opened()
    order = change.after
    assert (order.state, order.lead_unit, order.version) == (State.ASSIGNED, STREET_URBAN, 1)
    assert order.number == "GD-A7-QT-20261118-000001"
    ((source),) = order.sources
    assert (source.kind, source.number) == (SourceKind.REPORT, "A7-QT-20261118-000001")
    assert order.place == Place(COMMUNITY, STREET, 113.05, 28.05, 612.5, "星湖路 3 号门前")
    for limit, due in ((order.accept, ACCEPT_DUE), (order.resolve, RESOLVE_DUE)):
        assert (limit.unit, limit.started_at, limit.due_at, limit.running) == (STREET_URBAN, NOON, due, True)
    assert (change.action, change.by) == ("open", ROUTING)
    assert change.what == {
        "number": order.number,
        "report": "A7-QT-20261118-000001",
        "lead_unit": STREET_URBAN,
        "why": "because",
        "alternatives": ["A7-D-CJ"],
        "accept_due_at": ACCEPT_DUE,
        "resolve_due_at": RESOLVE_DUE,
    }


def test_the_event_tells_the_sources_the_place_and_both_limits_whole() -> None:
    change = opened()
    order, (event,) = change.after, change.events
    assert isinstance(event, WorkOrderOpened)
    assert event.key == str(order.id)
    assert (event.thing, event.report_ids) == ("work_order", (order.sources[0].id,))
    assert (event.area, event.street, event.lead_unit, event.asked) == (COMMUNITY, STREET, STREET_URBAN, None)
    assert (event.action, event.state, event.version, event.at) == ("open", "assigned", 1, NOON)
    assert (event.category, event.rule, event.catalogue) == ("城乡建设", "r1", "1")
    assert event.limits["accept"].model_dump() == {
        "unit": STREET_URBAN,
        "limit": "4wh",
        "started_at": NOON,
        "warn_at": order.accept.warn_at,
        "due_at": ACCEPT_DUE,
        "state": "running",
        "suspended_at": None,
        "ended_at": None,
    }
    assert event.limits["resolve"].due_at == RESOLVE_DUE


def test_it_waits_for_the_areas_dispatcher_where_no_department_is() -> None:
    order = opened(lead=None).after
    assert (order.state, order.lead_unit) == (State.PENDING, None)
    assert (order.accept.unit, order.resolve.unit) == (COMMUNITY, COMMUNITY)
    assert order.due_at == ACCEPT_DUE


def test_the_limits_count_from_the_opening_not_from_the_report() -> None:
    order = opened(submitted_at=NOON - timedelta(days=30)).after
    assert (order.accept.due_at, order.resolve.due_at) == (ACCEPT_DUE, RESOLVE_DUE)
    assert order.reported_at == NOON - timedelta(days=30)


def test_it_keeps_the_filing_condition_of_its_rule() -> None:
    order = opened(rule=replace(RULE, condition="井盖缺失", closing_condition="恢复")).after
    assert (order.condition, order.closing_condition) == ("井盖缺失", "恢复")


def asked(command: Command) -> WorkOrder:
    return after(in_state(State.IN_PROGRESS), (command, HANDLER))


CASES: list[tuple[WorkOrder, Command, Principal, set[str]]] = [
    # from, command, who, fields that change besides state and version
    (in_state(State.PENDING), Assign(COUNTY_URBAN), DISPATCHER, {"lead_unit", "accept", "resolve"}),
    (in_state(State.ASSIGNED), Assign(COUNTY_URBAN), DISPATCHER, {"lead_unit", "accept", "resolve"}),
    (in_state(State.ASSIGNED), Accept(), HANDLER, {"accept"}),
    (
        in_state(State.ASSIGNED),
        Return("不归我们管", COUNTY_URBAN),
        HANDLER,
        {"lead_unit", "returns", "returned_why", "suggested_unit", "accept", "resolve"},
    ),
    (in_state(State.ACCEPTED), Start(), HANDLER, set()),
    (in_state(State.IN_PROGRESS), Resolve("已更换"), HANDLER, {"result", "resolved_by", "resolve"}),
    (in_state(State.RESOLVED), Verify(), CHECKER, set()),
    (in_state(State.RESOLVED), Rework("井盖仍松动"), CHECKER, {"reworks", "resolve"}),
    (in_state(State.VERIFIED), Close(), DISPATCHER, {"closed_at"}),
    (in_state(State.ACCEPTED), ASK, HANDLER, {"asked"}),
    (asked(ASK), GrantSuspension("同意"), DISPATCHER, {"asked", "resolve"}),
    (asked(ASK), Decline("可以先做"), DISPATCHER, {"asked"}),
    (in_state(State.SUSPENDED), Resume(), HANDLER, {"resolve"}),
    (in_state(State.IN_PROGRESS), MORE, HANDLER, {"asked"}),
    (asked(MORE), GrantExtension("同意"), DISPATCHER, {"asked", "extensions", "resolve"}),
    (asked(MORE), Resolve("已更换"), HANDLER, {"asked", "result", "resolved_by", "resolve"}),
]


@pytest.mark.parametrize("order, command, by, changing", CASES, ids=[f"{c[0].state}-{c[1].action}" for c in CASES])
def test_a_command_changes_what_it_says_and_nothing_else(order, command, by, changing) -> None:
    change = done(order, command, by, LATER)
    now = change.after
    changed = {field.name for field in fields(order) if getattr(order, field.name) != getattr(now, field.name)}
    assert changed - {"state"} == changing | {"version"}
    assert now.version == order.version + 1
    assert (change.action, change.by, change.at) == (command.action, by.actor(), LATER)
    assert change.why == getattr(command, "why", None)
    assert {"from": order.state, "to": now.state, "lead_unit": now.lead_unit}.items() <= dict(change.what).items()
    assert "result" not in change.what
    (event,) = change.events
    assert isinstance(event, WorkOrderMoved)
    assert (event.previous, event.state, event.action) == (order.state, now.state, command.action)
    assert (event.lead_unit, event.at, event.version) == (now.lead_unit, LATER, now.version)
    assert event.asked == (now.asked.kind if now.asked else None)
    for name, limit in now.limits.items():
        told = event.limits[name]
        assert (told.unit, told.state, told.due_at, told.warn_at, told.started_at, told.ended_at) == (
            limit.unit, limit.state, limit.due_at, limit.warn_at, limit.started_at, limit.ended_at,
        )  # fmt: skip
        assert (change.what.get(f"{name}_due_at") == limit.due_at) == (limit.due_at != order.limits[name].due_at)


def test_assigning_gives_a_new_limit_to_accept_and_keeps_the_one_to_resolve() -> None:
    order = done(in_state(State.ASSIGNED), Assign(COUNTY_URBAN), DISPATCHER, LATER).after
    # 12:00 is the break: the four hours are the afternoon, to 17:30.
    assert (order.accept.started_at, order.accept.due_at) == (LATER, datetime(2026, 11, 18, 9, 30, tzinfo=UTC))
    assert (order.resolve.started_at, order.resolve.due_at) == (NOON, RESOLVE_DUE)
    assert (order.accept.unit, order.resolve.unit) == (COUNTY_URBAN, COUNTY_URBAN)


def test_returning_gives_the_dispatcher_a_new_limit_to_accept() -> None:
    """It used to stop the limit: a returned work order could lie with the dispatcher for ever, and nothing said so."""
    order = done(in_state(State.ASSIGNED), Return("属交警", COUNTY_URBAN), HANDLER, LATER).after
    assert (order.lead_unit, order.returned_why, order.suggested_unit) == (None, "属交警", COUNTY_URBAN)
    assert (order.accept.unit, order.accept.running, order.accept.started_at) == (COMMUNITY, True, LATER)
    assert (order.resolve.unit, order.resolve.due_at) == (COMMUNITY, RESOLVE_DUE)


def test_a_limit_that_was_fulfilled_keeps_who_fulfilled_it_when() -> None:
    order = done(in_state(State.ASSIGNED), Accept(), HANDLER, LATER).after
    assert (order.accept.state, order.accept.ended_at, order.accept.kept) == (LimitState.FULFILLED, LATER, True)
    assert order.due_at == RESOLVE_DUE


def test_rework_counts_and_goes_on_with_what_was_left_when_it_was_resolved() -> None:
    order = done(in_state(State.RESOLVED), Rework("仍松动"), CHECKER, NOON + timedelta(days=1)).after
    assert (order.state, order.reworks) == (State.IN_PROGRESS, 1)
    assert order.due_at == RESOLVE_DUE + timedelta(days=1), "the day of the check is not the unit's"
    assert order.result == "井盖已更换"


def test_suspended_time_stands_still_and_what_was_left_is_kept() -> None:
    until = NOON + timedelta(days=60)
    waits = after(in_state(State.IN_PROGRESS), (AskSuspension("等待材料", until), HANDLER))
    assert waits.asked is not None
    assert (waits.asked.kind, waits.asked.by, waits.asked.why, waits.asked.until) == (
        Kind.SUSPENSION, "办事员", "等待材料", until,
    )  # fmt: skip
    suspended = done(waits, GrantSuspension("同意"), DISPATCHER, LATER).after
    assert (suspended.state, suspended.due_at, suspended.suspended_until) == (State.SUSPENDED, None, until)
    assert suspended.resolve.suspended_at == LATER
    # Two working hours of the five days were used, at 12:00; the 33 that were left end on Tuesday at 16:30.
    back = done(suspended, Resume(), HANDLER, NOON + timedelta(days=7)).after
    assert (back.state, back.suspended_until, back.resolve.running) == (State.IN_PROGRESS, None, True)
    assert back.resolve.due_at == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


def test_an_extension_counts_from_what_was_promised() -> None:
    order = done(asked(MORE), GrantExtension("同意"), DISPATCHER, LATER).after
    assert (order.resolve.due_at, order.extensions) == (datetime(2026, 11, 30, 2, 0, tzinfo=UTC), 1)
    assert order.asked is None


def test_a_further_extension_is_for_the_streets_leader() -> None:
    once = after(asked(MORE), (GrantExtension("同意"), DISPATCHER), (MORE, HANDLER))
    community = Principal("社区书记", Role.LEADER, COMMUNITY)
    for by in (DISPATCHER, community):
        with pytest.raises(Forbidden) as refused:
            done(once, GrantExtension("同意"), by)
        assert refused.value.code == "work_order_second_extension"
    twice = after(once, (GrantExtension("同意"), LEADER), (MORE, HANDLER))
    above = Principal("区领导", Role.LEADER, "A7")
    assert after(twice, (GrantExtension("同意"), above)).extensions == 3


@pytest.mark.parametrize(
    "command, decision", [(ASK, GrantSuspension("好")), (MORE, GrantExtension("好")), (ASK, Decline("否"))]
)
def test_nobody_decides_on_their_own_request(command: Command, decision: Command) -> None:
    with pytest.raises(Forbidden) as refused:
        done(asked(command), decision, replace(DISPATCHER, subject=HANDLER.subject))
    assert refused.value.code == "work_order_own_request"


@pytest.mark.parametrize(
    "waits, command, code",
    [
        (None, GrantSuspension("好"), "work_order_nothing_asked"),
        (None, GrantExtension("好"), "work_order_nothing_asked"),
        (None, Decline("否"), "work_order_nothing_asked"),
        (ASK, ASK, "work_order_request_open"),
        (ASK, MORE, "work_order_request_open"),
        (ASK, GrantExtension("好"), "work_order_nothing_asked"),
        (MORE, GrantSuspension("好"), "work_order_nothing_asked"),
    ],
)
def test_only_what_was_asked_for_is_decided_on(waits: Command | None, command: Command, code: str) -> None:
    order = asked(waits) if waits else in_state(State.IN_PROGRESS)
    with pytest.raises(Conflict) as refused:
        done(order, command, Principal("督导", Role.SUPERVISOR, STREET))
    assert refused.value.code == code
    assert command.action not in order.possible


def test_what_is_possible_follows_what_is_asked_for() -> None:
    assert list(in_state(State.IN_PROGRESS).possible) == ["resolve", "ask-suspension", "ask-extension"]
    assert list(asked(ASK).possible) == ["resolve", "grant-suspension", "decline"]
    assert list(asked(MORE).possible) == ["resolve", "grant-extension", "decline"]
    assert list(in_state(State.SUSPENDED).possible) == ["resume"]


def test_nobody_verifies_their_own_work() -> None:
    with pytest.raises(Forbidden) as refused:
        done(in_state(State.RESOLVED), Verify(), replace(CHECKER, subject=HANDLER.subject))
    assert refused.value.code == "work_order_own_work"


@pytest.mark.parametrize(
    "command, code",
    [(AskSuspension("等", NOON), "work_order_until_past"), (AskExtension("等", "0wd"), "worktime_limit")],
)
def test_a_request_must_make_sense(command: Command, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        done(in_state(State.ACCEPTED), command, HANDLER)
    assert refused.value.code.replace(".", "_") == code


def test_a_suspension_is_not_granted_until_an_instant_that_has_passed() -> None:
    order = asked(AskSuspension("等", LATER))
    with pytest.raises(Invalid, match="decline a request whose time is over") as refused:
        done(order, GrantSuspension("同意"), DISPATCHER, LATER)
    assert refused.value.code == "work_order_until_past"
    assert done(order, Decline("已过期"), DISPATCHER, LATER).after.asked is None
    assert done(order, GrantSuspension("同意"), DISPATCHER, LATER - timedelta(seconds=1)).after.suspended_until == LATER


def test_what_is_due_next_is_the_earliest_running_limit() -> None:
    def limits(order: WorkOrder, **changes: TimeLimit) -> datetime | None:
        return replace(order, **changes).due_at

    order = in_state(State.ASSIGNED)
    assert order.due_at == ACCEPT_DUE
    early = replace(order.resolve, due_at=NOON)
    assert limits(order, resolve=early) == NOON
    assert in_state(State.RESOLVED).due_at is None
