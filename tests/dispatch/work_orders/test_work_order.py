"""A work order through its life: what each action needs, does, tells, and what it does to the two limits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.dispatch.work_orders.lifecycle import Action, State
from services.dispatch.work_orders.schemas import Light, light
from services.dispatch.work_orders.work_order import Order, WorkOrder, act
from shared.errors import Conflict, Forbidden, Invalid
from shared.events.dispatch.work_orders import WorkOrderMoved, WorkOrderOpened
from shared.worktime.limits import parse_limit
from tests.conftest import NOON
from tests.dispatch.work_orders.orders import CHECKER, CHINA, DISPATCHER, HANDLER, ROUTING, RULE, moved, opened

LATER = NOON + timedelta(hours=2)
ACCEPT_DUE = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)
"""Four working hours from 10:00: two until the break at 12:00, two from 13:30; 15:30 in Shanghai."""
RESOLVE_DUE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""Five working days from Wednesday 10:00: the next Wednesday, 10:00 in Shanghai."""


def test_it_opens_assigned_where_a_rule_names_the_lead() -> None:
    change = opened()
    order = change.after
    assert (order.state, order.lead_unit, order.version) == (State.ASSIGNED, "A7-D-CJ", 1)
    assert order.number == "GD-A7-QT-20261118-000001"
    assert (order.accept_due_at, order.resolve_due_at) == (ACCEPT_DUE, RESOLVE_DUE)
    assert (order.accept_from, order.resolve_from, order.opened_at) == (NOON, NOON, NOON)
    assert (change.action, change.by) == ("open", ROUTING)
    assert change.what == {
        "number": order.number,
        "report": order.report_number,
        "lead_unit": "A7-D-CJ",
        "why": "because",
        "alternatives": ["A-D-CJ"],
        "accept_due_at": ACCEPT_DUE,
        "resolve_due_at": RESOLVE_DUE,
    }
    assert change.events == (
        WorkOrderOpened(
            work_order_id=order.id,
            number=order.number,
            report_id=order.report_id,
            action="open",
            state="assigned",
            area="A7-QT-01",
            lead_unit="A7-D-CJ",
            priority="normal",
            accept_limit="4wh",
            accept_from=NOON,
            accept_due_at=ACCEPT_DUE,
            resolve_limit="5wd",
            resolve_from=NOON,
            resolve_due_at=RESOLVE_DUE,
            at=NOON,
            version=1,
            category="城乡建设",
            rule="r1",
            catalogue="1",
        ),
    )


def test_it_waits_for_the_dispatcher_where_no_department_is() -> None:
    order = opened(lead=None).after
    assert (order.state, order.lead_unit) == (State.PENDING, None)
    assert order.due_at == ACCEPT_DUE


def test_the_limits_count_from_the_opening_not_from_the_report() -> None:
    order = opened(submitted_at=NOON - timedelta(days=30)).after
    assert (order.accept_due_at, order.resolve_due_at) == (ACCEPT_DUE, RESOLVE_DUE)
    assert order.reported_at == NOON - timedelta(days=30)


def assigned() -> WorkOrder:
    return opened().after


def in_progress() -> WorkOrder:
    return moved(moved(assigned(), Action.ACCEPT), Action.START)


def resolved() -> WorkOrder:
    return moved(in_progress(), Action.RESOLVE, result="井盖已更换")


def verified() -> WorkOrder:
    return moved(resolved(), Action.VERIFY, by=CHECKER)


CASES = [
    # from, action, who, what it needs, fields that change besides state and version
    (opened(lead=None).after, Action.ASSIGN, DISPATCHER, {"lead_unit": "X"}, {"lead_unit", "accept_from", "accept_due_at"}),
    (assigned(), Action.ASSIGN, DISPATCHER, {"lead_unit": "X"}, {"lead_unit", "accept_from", "accept_due_at"}),
    (assigned(), Action.ACCEPT, HANDLER, {}, set()),
    (assigned(), Action.RETURN, HANDLER, {"why": "不归我们管"}, {"lead_unit", "returns"}),
    (moved(assigned(), Action.ACCEPT), Action.START, HANDLER, {}, set()),
    (in_progress(), Action.RESOLVE, HANDLER, {"result": "已更换"}, {"result", "resolved_by"}),
    (resolved(), Action.VERIFY, CHECKER, {}, set()),
    (resolved(), Action.REWORK, CHECKER, {"why": "井盖仍松动"}, {"reworks"}),
    (verified(), Action.CLOSE, DISPATCHER, {}, {"closed_at"}),
]  # fmt: skip


@pytest.mark.parametrize("order, action, by, needs, fields", CASES, ids=[f"{c[0].state}-{c[1]}" for c in CASES])
def test_an_action_changes_what_it_says_and_nothing_else(order, action, by, needs, fields) -> None:
    change = act(order, Order(action, **needs), by=by, now=LATER, calendar=CHINA)
    after = change.after
    changed = {name for name in order.__dataclass_fields__ if getattr(order, name) != getattr(after, name)}
    assert changed - {"state"} == fields | {"version"}
    assert after.version == order.version + 1
    assert (change.action, change.by, change.at, change.why) == (action, by, LATER, needs.get("why"))
    assert {"from": order.state, "to": after.state, "lead_unit": after.lead_unit}.items() <= dict(change.what).items()
    (event,) = change.events
    assert isinstance(event, WorkOrderMoved)
    assert (event.previous, event.state, event.action, event.version) == (
        order.state,
        after.state,
        action,
        after.version,
    )
    assert (event.lead_unit, event.at) == (after.lead_unit, LATER)
    assert (event.accept_due_at, event.resolve_due_at) == (after.accept_due_at, after.resolve_due_at)


def test_assigning_restarts_the_limit_to_accept_and_keeps_the_one_to_resolve() -> None:
    order = moved(assigned(), Action.ASSIGN, by=DISPATCHER, at=LATER, lead_unit="A-D-CJ")
    assert order.accept_from == LATER
    # 12:00 is the break: the four hours are the afternoon, to 17:30.
    assert order.accept_due_at == datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
    assert (order.resolve_from, order.resolve_due_at) == (NOON, RESOLVE_DUE)


def test_returning_keeps_the_limit_to_resolve_and_remembers_whom_the_unit_suggests() -> None:
    change = act(
        assigned(), Order(Action.RETURN, lead_unit="A7-D-JT", why="属交警"), by=HANDLER, now=LATER, calendar=CHINA
    )
    assert (change.after.lead_unit, change.after.returns) == (None, 1)
    assert change.after.resolve_due_at == RESOLVE_DUE
    assert change.what["suggested"] == "A7-D-JT"


def test_rework_counts_and_goes_on_under_the_old_limit() -> None:
    order = moved(resolved(), Action.REWORK, by=CHECKER, at=LATER, why="仍松动")
    assert (order.state, order.reworks, order.due_at) == (State.IN_PROGRESS, 1, RESOLVE_DUE)
    assert order.result == "井盖已更换"


def test_nobody_verifies_their_own_work() -> None:
    with pytest.raises(Forbidden) as refused:
        moved(resolved(), Action.VERIFY, by=HANDLER)
    assert refused.value.code == "own_work"
    # After rework it is whoever resolved it last.
    again = moved(resolved(), Action.REWORK, by=CHECKER, why="仍松动")
    again = moved(again, Action.RESOLVE, by=CHECKER, result="已紧固")
    with pytest.raises(Forbidden):
        moved(again, Action.VERIFY, by=CHECKER)
    assert moved(again, Action.VERIFY, by=HANDLER).state is State.VERIFIED


@pytest.mark.parametrize(
    "order, action, field",
    [
        (assigned(), Action.ASSIGN, "lead_unit"),
        (assigned(), Action.RETURN, "why"),
        (resolved(), Action.REWORK, "why"),
        (in_progress(), Action.RESOLVE, "result"),
    ],
    ids=["assign", "return", "rework", "resolve"],
)
@pytest.mark.parametrize("value", [None, ""])
def test_what_an_action_needs_is_asked_for_by_name(
    order: WorkOrder, action: Action, field: str, value: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        act(order, Order(action, **{field: value}), by=CHECKER, now=NOON, calendar=CHINA)
    assert (refused.value.code, refused.value.field) == (f"{field}_required", field)


def test_the_state_is_asked_before_the_fields() -> None:
    with pytest.raises(Conflict):
        moved(verified(), Action.RESOLVE)


def test_what_is_due_next_by_state() -> None:
    quick = replace(RULE, accept=parse_limit("15wd"), resolve=parse_limit("4h"))
    assert assigned().due_at == ACCEPT_DUE
    assert opened(rule=quick).after.due_at == NOON + timedelta(hours=4)
    assert moved(assigned(), Action.ACCEPT).due_at == RESOLVE_DUE
    assert in_progress().due_at == RESOLVE_DUE
    assert [order.due_at for order in (resolved(), verified())] == [None, None]


URGENT = replace(RULE, accept=parse_limit("1h"), resolve=parse_limit("24h"))


@pytest.mark.parametrize(
    "accepted, minutes, expected",
    [
        (False, 0, Light.GREEN),
        (False, 47, Light.GREEN),
        (False, 48, Light.YELLOW),
        (False, 59, Light.YELLOW),
        (False, 60, Light.RED),
        (True, 60, Light.GREEN),
        (True, 24 * 60 * 0.8 - 1, Light.GREEN),
        (True, 24 * 60 * 0.8, Light.YELLOW),
        (True, 24 * 60, Light.RED),
    ],
)
def test_the_light_turns_yellow_in_the_last_fifth_and_red_at_the_limit(
    accepted: bool, minutes: float, expected: Light
) -> None:
    order = opened(rule=URGENT).after
    order = moved(order, Action.ACCEPT) if accepted else order
    assert light(order, NOON + timedelta(minutes=minutes)) is expected


def test_no_light_where_nothing_is_due() -> None:
    assert light(resolved(), NOON + timedelta(days=900)) is Light.NONE
