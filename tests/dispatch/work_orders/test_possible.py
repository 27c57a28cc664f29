"""What is offered to somebody is what is let through, and what is said to follow is what follows."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from services.dispatch.work_orders.commands import (
    COMMANDS,
    Accept,
    AskExtension,
    AskSuspension,
    Assign,
    Decline,
    GrantExtension,
    GrantSuspension,
    Resolve,
    Return,
    Rework,
)
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import LIFE, Action, State
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.possible import Possible, possible_for
from services.dispatch.work_orders.rules import competent
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.clock import local_day
from shared.errors import Forbidden
from tests.conftest import NOON
from tests.dispatch.work_orders.orders import (
    CHECKER,
    CHINA,
    CITY_TREE,
    DISPATCHER,
    HANDLER,
    LEADER,
    SUPERVISOR,
    after,
    done,
    in_state,
)
from tests.support.city import STREET_URBAN

MAKE: dict[type[Command], Command] = {
    Assign: Assign(STREET_URBAN), Return: Return("理由"), Resolve: Resolve("已处理"), Rework: Rework("理由"),
    AskSuspension: AskSuspension("理由"), GrantSuspension: GrantSuspension("理由"),
    AskExtension: AskExtension("理由", "2wd"), GrantExtension: GrantExtension("理由"), Decline: Decline("理由"),
}  # fmt: skip
PEOPLE = (CHECKER, DISPATCHER, HANDLER, LEADER, SUPERVISOR, replace(CHECKER, subject=HANDLER.subject))
ASKING = (AskExtension("料未到", "2wd"), AskSuspension("等待材料"))


def possible(order: WorkOrder, caller: Principal, at=NOON) -> dict[Action, Possible]:
    context = Context(caller.actor(), at, local_day(at), CITY_TREE, CHINA)
    return {one.action: one for one in possible_for(caller, order, context)}


def said(order: WorkOrder, caller: Principal, action: Action, at=NOON) -> tuple[str, str]:
    one = possible(order, caller, at)[action]
    return one.consequence.zh, one.consequence.en


ORDERS = [in_state(state) for state in State]
ORDERS += [after(in_state(State.ACCEPTED), (asking, HANDLER)) for asking in ASKING]


def _name(of: WorkOrder | Principal) -> str:
    return of.state if isinstance(of, WorkOrder) else of.role


@pytest.mark.parametrize("order, caller", [*product(ORDERS, PEOPLE)], ids=_name)
def test_what_is_offered_is_what_is_let_through_with_these_limits(order: WorkOrder, caller: Principal) -> None:
    at = NOON + timedelta(days=2)
    offered = possible(order, caller, at)
    for kind in COMMANDS:
        action, command = kind.action, MAKE.get(kind) or kind()
        if action not in order.possible or not competent(caller, order, LIFE.move(order.state, action), CITY_TREE):
            assert action not in offered
            continue
        try:
            changed = done(order, command, caller, at).after
        except Forbidden:
            assert action not in offered
        else:
            due = {name: limit.due_at if limit.running else None for name, limit in changed.limits.items()}
            assert offered.pop(action).due_at == due
    assert offered == {}


def test_a_suspension_whose_time_is_over_is_not_offered_to_be_granted() -> None:
    order = after(in_state(State.ACCEPTED), (AskSuspension("等待材料", NOON + timedelta(hours=1)), HANDLER))
    assert possible(order, DISPATCHER).keys() >= {Action.GRANT_SUSPENSION, Action.DECLINE}
    offered = possible(order, DISPATCHER, NOON + timedelta(hours=1))
    assert (Action.GRANT_SUSPENSION in offered, Action.DECLINE in offered) == (False, True)


def test_consequences_in_words() -> None:
    assert said(in_state(State.ASSIGNED), HANDLER, Action.ACCEPT) == (
        "转为“已签收”；签收时限停止计时，按时完成；办结时限不变，至 11月25日 10:00（剩 5 个工作日）",
        (
            "becomes accepted; the limit to accept ends, in time; the limit to resolve stays, until 25 Nov 10:00 "
            "(5 working days left)"
        ),
    )
    late = said(in_state(State.ASSIGNED), HANDLER, Action.ACCEPT, NOON + timedelta(days=60))
    assert "签收时限停止计时，已超期" in late[0]
    assert "办结时限不变，至 2026年11月25日 10:00（已超 " in late[0]
    assert said(in_state(State.ASSIGNED), DISPATCHER, Action.ASSIGN)[0].startswith(
        "状态不变（待签收）；签收时限重新计算：4 小时（工作时间），至 11月18日 15:30；"
    )


def test_what_was_asked_for_is_said_with_its_length() -> None:
    extension, suspension = (after(in_state(State.ACCEPTED), (asking, HANDLER)) for asking in ASKING)
    assert "办结时限顺延 2 个工作日，至 11月27日 10:00" in said(extension, SUPERVISOR, Action.GRANT_EXTENSION)[0]
    assert "is extended by 2 working days, until 27 Nov 10:00" in said(extension, SUPERVISOR, Action.GRANT_EXTENSION)[1]
    assert "办结时限暂停计时，剩 5 个工作日" in said(suspension, DISPATCHER, Action.GRANT_SUSPENSION)[0]
    assert "由他人审批" in said(in_state(State.ACCEPTED), HANDLER, Action.ASK_EXTENSION)[0]


def test_who_verifies_reads_what_must_be_found() -> None:
    order = replace(in_state(State.RESOLVED), closing_condition="井盖恢复平整")
    assert "结案条件：井盖恢复平整" in said(order, CHECKER, Action.VERIFY)[0]
    assert "结案条件" not in said(in_state(State.RESOLVED), CHECKER, Action.VERIFY)[0]


def test_nothing_is_offered_to_who_may_nothing() -> None:
    assert possible(in_state(State.ASSIGNED), Principal("居民", Role.RESIDENT, STREET_URBAN)) == {}
    own = after(in_state(State.ACCEPTED), (AskExtension("料未到", "2wd"), LEADER))
    assert Action.GRANT_EXTENSION not in possible(own, LEADER)
    assert Accept().action in possible(in_state(State.ASSIGNED), LEADER)
