"""People act on work orders: who may where, what conflicts, and that what is refused leaves no trace."""

import asyncio
from itertools import product

import pytest

from services.dispatch.work_orders.commands import (
    COMMANDS,
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
from services.dispatch.work_orders.lifecycle import LIFE, State
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.rules import competent
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.errors import Conflict, Forbidden, NotFound
from shared.ids import new_id
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CITY_TREE, DISPATCHER, HANDLER, in_state, opened
from tests.support.city import COMMUNITY, COUNTY_URBAN, ELSEWHERE, STREET, STREET_URBAN


async def test_a_whole_life_is_on_the_trail(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.CLOSED)
    assert (order.version, order.result, order.resolved_by) == (6, "井盖已更换", "办事员")
    assert order.closed_at == dispatch.clock.now()
    assert await dispatch.order(order.id) == order
    actions = [value["action"] for _, value in await dispatch.events()]
    assert actions == ["open", "accept", "start", "resolve", "verify", "close"]
    assert await dispatch.violations() == ()


async def test_returned_and_assigned_anew(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.PENDING)
    assert (order.lead_unit, order.returned_why) == (None, "不归我们管")
    order = await dispatch.act(order, Assign(COUNTY_URBAN), DISPATCHER)
    assert (order.state, order.lead_unit, order.returns) == (State.ASSIGNED, COUNTY_URBAN, 1)
    # The unit that gave it back is no longer competent; the one that has it now is.
    with pytest.raises(NotFound):
        await dispatch.act(order, Accept(), HANDLER)
    county = Principal("县办事员", Role.DEPARTMENT_HANDLER, COUNTY_URBAN)
    assert (await dispatch.act(order, Accept(), county)).state is State.ACCEPTED


async def test_what_is_suspended_and_resumed_is_stored_and_told(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.SUSPENDED)
    assert await dispatch.order(order.id) == order
    order = await dispatch.act(order, Resume(), DISPATCHER)
    assert await dispatch.order(order.id) == order
    told = [
        (value["action"], value["asked"], value["limits"]["resolve"]["state"]) for _, value in await dispatch.events()
    ]
    assert told[-3:] == [
        ("ask-suspension", "suspension", "running"),
        ("grant-suspension", None, "suspended"),
        ("resume", None, "running"),
    ]


UNITS = (None, "A", "A7", STREET, STREET_URBAN, COMMUNITY, COUNTY_URBAN, ELSEWHERE)
BY_UNIT = {Role.DEPARTMENT_HANDLER, Role.GRID_WORKER, Role.LEADER}
ROLES = {
    Assign: (set(), {Role.DISPATCHER, Role.ADMIN}),
    Accept: (BY_UNIT, set()),
    Return: (BY_UNIT, set()),
    Start: (BY_UNIT, set()),
    Resolve: (BY_UNIT, set()),
    Verify: (set(), {Role.GRID_WORKER, Role.DISPATCHER, Role.SUPERVISOR}),
    Rework: (set(), {Role.GRID_WORKER, Role.DISPATCHER, Role.SUPERVISOR}),
    Close: (set(), {Role.DISPATCHER, Role.ADMIN}),
    AskSuspension: (BY_UNIT, set()),
    GrantSuspension: (set(), {Role.DISPATCHER, Role.SUPERVISOR}),
    Resume: (BY_UNIT, {Role.DISPATCHER, Role.ADMIN}),
    AskExtension: (BY_UNIT, set()),
    GrantExtension: (set(), {Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER}),
    Decline: (set(), {Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER}),
}
REACH_LEAD, REACH_AREA = {"A", "A7", STREET, STREET_URBAN}, {"A", "A7", STREET, COMMUNITY}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.action)
def test_who_may_is_a_matter_of_role_and_place(command: type[Command]) -> None:
    """The lead unit's people and those above it do the work; those of the area decide and check. Everybody else may not."""
    lead, area = ROLES[command]
    for (state, action), step in LIFE.moves.items():
        if action is not command.action:
            continue
        order = in_state(state) if state is not State.PENDING else opened(lead=None).after
        for role, unit in product(Role, UNITS):
            everything = unit is None and role is Role.ADMIN
            by_lead = role in lead and unit in REACH_LEAD
            by_area = role in area and (unit in REACH_AREA or everything)
            assert competent(Principal("某人", role, unit), order, step, CITY_TREE) == (by_lead or by_area), (
                role,
                unit,
            )


async def test_who_may_not_changes_nothing(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    before = await dispatch.counts()
    outside = Principal("某人", Role.DEPARTMENT_HANDLER, COUNTY_URBAN)
    for command, caller, kind in (
        (Assign(COUNTY_URBAN), Principal("某人", Role.DISPATCHER, ELSEWHERE), NotFound),
        (Assign(COUNTY_URBAN), Principal("某人", Role.DISPATCHER), NotFound),
        (Accept(), outside, NotFound),
        (Accept(), DISPATCHER, Forbidden),
        (Accept(), Principal("某人", Role.GRID_WORKER, COMMUNITY), Forbidden),
        (Resolve("已更换"), HANDLER, Conflict),
    ):
        with pytest.raises(kind):
            await dispatch.act(order, command, caller)
    assert (await dispatch.order(order.id), await dispatch.counts()) == (order, before)


async def test_a_work_order_that_is_not_there(dispatch: Dispatch) -> None:
    missing = opened(report_id=new_id()).after
    with pytest.raises(NotFound):
        await dispatch.act(missing, Assign(COUNTY_URBAN), Principal("a", Role.ADMIN))


async def test_an_old_version_is_told_how_things_stand_now(dispatch: Dispatch) -> None:
    old = await dispatch.opened()
    await dispatch.act(old, Accept(), HANDLER)
    with pytest.raises(Conflict) as refused:
        await dispatch.act(old, Return("晚了"), HANDLER)
    assert refused.value.code == "version_mismatch"
    assert refused.value.data == {"expected": 1, "current": 2, "state": "accepted"}


@pytest.mark.parametrize("turn", range(5))
async def test_of_two_sessions_at_once_exactly_one_wins(dispatch: Dispatch, turn: int) -> None:
    order = await dispatch.opened()
    answers = await asyncio.gather(
        dispatch.act(order, Accept(), HANDLER),
        dispatch.act(order, Assign(STREET_URBAN), DISPATCHER),
        return_exceptions=True,
    )
    (won,) = [answer for answer in answers if isinstance(answer, WorkOrder)]
    (lost,) = [answer for answer in answers if isinstance(answer, Conflict)]
    assert lost.code == "version_mismatch"
    assert await dispatch.order(order.id) == won
    assert (await dispatch.counts())["trail"] == 2
    assert await dispatch.violations() == ()


async def test_different_work_orders_at_once_do_not_get_in_each_others_way(dispatch: Dispatch) -> None:
    orders = [await dispatch.opened() for _ in range(6)]
    done = await asyncio.gather(*(dispatch.act(order, Accept(), HANDLER) for order in orders))
    assert {order.state for order in done} == {State.ACCEPTED}
    assert await dispatch.violations() == ()
