"""People act on work orders: who may where, what conflicts, and that what is refused leaves no trace."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from services.dispatch.work_orders.lifecycle import Action, State
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.errors import Conflict, Forbidden, GridGovError, Invalid, NotFound
from shared.ids import new_id
from tests.dispatch.work_orders.handlers.conftest import COUNTY, DISPATCHER, HANDLER, Dispatch
from tests.support.city import COMMUNITY, ELSEWHERE, STREET, STREET_URBAN


async def test_a_whole_life_is_on_the_trail(dispatch: Dispatch) -> None:
    order = await dispatch.in_state("closed")
    assert (order.version, order.result, order.resolved_by, order.closed_at) == (
        6,
        "已更换",
        "办事员",
        dispatch.clock.now(),
    )
    assert await dispatch.order(order.id) == order
    actions = [value["action"] for _, value in await dispatch.events()]
    assert actions == ["open", "accept", "start", "resolve", "verify", "close"]
    assert await dispatch.violations() == ()


async def test_returned_and_assigned_anew(dispatch: Dispatch) -> None:
    order = await dispatch.act(await dispatch.opened(), Action.RETURN, HANDLER, why="不归我们管")
    assert (order.state, order.lead_unit) == (State.PENDING, None)
    order = await dispatch.act(order, Action.ASSIGN, DISPATCHER, lead_unit=COUNTY)
    assert (order.state, order.lead_unit, order.returns) == (State.ASSIGNED, COUNTY, 1)
    # The unit that gave it back is no longer competent; the one that has it now is.
    with pytest.raises(GridGovError):
        await dispatch.act(order, Action.ACCEPT, HANDLER)
    county = Principal("县办事员", Role.DEPARTMENT_HANDLER, COUNTY)
    assert (await dispatch.act(order, Action.ACCEPT, county)).state is State.ACCEPTED


def who(role: Role, unit: str | None = None) -> Principal:
    return Principal("某人", role, unit)


ACCEPT: tuple[Action, dict[str, str]] = (Action.ACCEPT, {})
ASSIGN: tuple[Action, dict[str, str]] = (Action.ASSIGN, {"lead_unit": COUNTY})
REFUSALS: list[Any] = [
    ("another street", "assigned", ASSIGN, who(Role.DISPATCHER, ELSEWHERE), NotFound, "work_order_not_found"),
    ("another department", "assigned", ACCEPT, who(Role.DEPARTMENT_HANDLER, COUNTY), NotFound, "work_order_not_found"),
    ("no unit", "assigned", ASSIGN, who(Role.DISPATCHER), NotFound, "work_order_not_found"),
    ("a dispatcher accepts", "assigned", ACCEPT, DISPATCHER, Forbidden, "not_competent"),
    ("a handler assigns", "assigned", ASSIGN, HANDLER, Forbidden, "not_competent"),
    ("an admin accepts", "assigned", ACCEPT, who(Role.ADMIN), Forbidden, "not_competent"),
    ("a supervisor closes", "verified", (Action.CLOSE, {}), who(Role.SUPERVISOR, STREET), Forbidden, "not_competent"),
    ("the department verifies", "resolved", (Action.VERIFY, {}), who(Role.GRID_WORKER, STREET_URBAN), Forbidden, "not_competent"),
    ("its own work", "resolved", (Action.VERIFY, {}), Principal("办事员", Role.SUPERVISOR, STREET), Forbidden, "own_work"),
    ("skipping a state", "assigned", (Action.RESOLVE, {"result": "已更换"}), HANDLER, Conflict, "work_order_action_not_possible"),
    ("opening by hand", "assigned", (Action.OPEN, {}), DISPATCHER, Conflict, "work_order_action_not_possible"),
    ("after the end", "closed", ASSIGN, DISPATCHER, Conflict, "work_order_action_not_possible"),
    ("an unknown lead", "assigned", (Action.ASSIGN, {"lead_unit": "A7-X"}), DISPATCHER, Invalid, "unit_unknown"),
    ("no lead", "assigned", (Action.ASSIGN, {}), DISPATCHER, Invalid, "lead_unit_required"),
    ("no reason", "assigned", (Action.RETURN, {}), HANDLER, Invalid, "why_required"),
    ("no result", "in_progress", (Action.RESOLVE, {}), HANDLER, Invalid, "result_required"),
]  # fmt: skip


@pytest.mark.parametrize("name, state, what, caller, kind, code", REFUSALS, ids=[r[0] for r in REFUSALS])
async def test_what_is_refused_changes_nothing(dispatch: Dispatch, name, state, what, caller, kind, code) -> None:
    order = await dispatch.in_state(state)
    before = await dispatch.counts()
    action, more = what
    with pytest.raises(GridGovError) as refused:
        await dispatch.act(order, action, caller, **more)
    assert (type(refused.value), refused.value.code) == (kind, code)
    assert (await dispatch.order(order.id), await dispatch.counts()) == (order, before)


async def test_a_work_order_that_is_not_there(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    with pytest.raises(NotFound):
        await dispatch.act(order, Action.ASSIGN, Principal("a", Role.ADMIN), id=new_id(), lead_unit=COUNTY)


@pytest.mark.parametrize("unit", [STREET, "A7", "A", STREET_URBAN])
async def test_the_lead_units_people_and_those_above_may_accept(dispatch: Dispatch, unit: str) -> None:
    order = await dispatch.opened()
    assert (await dispatch.act(order, Action.ACCEPT, who(Role.LEADER, unit))).state is State.ACCEPTED


async def test_reach_is_by_lead_unit_or_by_area(dispatch: Dispatch) -> None:
    order = await dispatch.opened(unit=COMMUNITY)
    community = who(Role.GRID_WORKER, COMMUNITY)
    with pytest.raises(Forbidden):
        # It sees the work order, for it happened there; accepting is the lead unit's.
        await dispatch.act(order, Action.ACCEPT, community)


async def test_a_lead_that_was_dissolved_cannot_be_named(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    async with dispatch.engine.begin() as connection:
        await connection.execute(
            sa.text(
                "WITH next AS (UPDATE dispatch.units_revision SET revision = revision + 1 RETURNING revision) "
                "UPDATE dispatch.units u SET valid_to = '2026-11-18', revision = next.revision FROM next WHERE code = :code"
            ),
            {"code": COUNTY},
        )
    with pytest.raises(Invalid):
        await dispatch.act(order, Action.ASSIGN, DISPATCHER, lead_unit=COUNTY)


async def test_an_old_version_is_told_how_things_stand_now(dispatch: Dispatch) -> None:
    old = await dispatch.opened()
    await dispatch.act(old, Action.ACCEPT, HANDLER)
    with pytest.raises(Conflict) as refused:
        await dispatch.act(old, Action.RETURN, HANDLER, why="晚了")
    assert (refused.value.code, refused.value.data) == ("version_mismatch", {"version": 2, "state": "accepted"})


@pytest.mark.parametrize("turn", range(5))
async def test_of_two_sessions_at_once_exactly_one_wins(dispatch: Dispatch, turn: int) -> None:
    order = await dispatch.opened()
    answers = await asyncio.gather(
        dispatch.act(order, Action.ACCEPT, HANDLER),
        dispatch.act(order, Action.ASSIGN, DISPATCHER, lead_unit=STREET_URBAN),
        return_exceptions=True,
    )
    won = [answer for answer in answers if isinstance(answer, WorkOrder)]
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    assert lost[0].code == "version_mismatch"
    assert await dispatch.order(order.id) == won[0]
    assert (await dispatch.counts())["trail"] == 2
    assert await dispatch.violations() == ()


async def test_different_work_orders_at_once_do_not_get_in_each_others_way(dispatch: Dispatch) -> None:
    orders = [await dispatch.opened() for _ in range(6)]
    done = await asyncio.gather(*(dispatch.act(order, Action.ACCEPT, HANDLER) for order in orders))
    assert {order.state for order in done} == {State.ACCEPTED}
    assert await dispatch.violations() == ()
