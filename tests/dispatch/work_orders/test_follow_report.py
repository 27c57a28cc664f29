"""The work order follows its report: corrected while work is open, left when it is closed, opened again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.dispatch.catalogue.store import publish
from services.dispatch.work_orders.commands import AskExtension, AskSuspension, GrantExtension, GrantSuspension, Return
from services.dispatch.work_orders.follow_report import count_joined, follow_corrections, follow_reopenings
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal
from shared.bus.batch import Batch
from shared.events.codec import Envelope
from shared.events.intake.reports import ReportCorrected, ReportJoined, ReportReopened
from shared.ids import new_id
from shared.limits import LimitState, start
from shared.telemetry.context import continued
from shared.worktime.limits import parse_limit
from tests.conftest import NOON
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHINA, DISPATCHER, HANDLER, LEADER, WAY, catalogue_data, rule_data
from tests.support.city import CIVIL, COMMUNITY, ELSEWHERE, OTHER_COMMUNITY, STREET, STREET_URBAN

LATER = NOON + timedelta(days=1)
RULES = (rule_data(), rule_data(id="r2", category="民政", function="civil_affairs", accept="1wd", resolve="15wd",
                                priority="complex", closing_condition="已答复"))  # fmt: skip


async def corrected(dispatch: Dispatch, order: WorkOrder, version: int = 3, **changes: Any) -> WorkOrder:
    facts = {"unit": order.place.area, "category": order.category, **changes}
    event = ReportCorrected(
        report_id=order.sources[0].id, number=order.sources[0].number, why="不在这里", by="研判员",
        corrected_at=LATER, version=version, **facts,
    )  # fmt: skip
    dispatch.clock.set(LATER)
    async with dispatch.uow() as uow:
        batch = Batch([Envelope(new_id(), event, continued(None, None))])
        await follow_corrections(batch, uow, projection=dispatch.projection, calendar=CHINA)
    return await dispatch.order(order.id)


async def reopened(dispatch: Dispatch, order: WorkOrder, version: int = 9, report: UUID | None = None) -> WorkOrder:
    event = ReportReopened(
        report_id=report or order.sources[0].id, number=order.sources[0].number, work_order=order.number, closing=1,
        why="又坏了", reopened_at=LATER, version=version,
    )  # fmt: skip
    dispatch.clock.set(LATER)
    async with dispatch.uow() as uow:
        batch = Batch([Envelope(new_id(), event, continued(None, None))])
        await follow_reopenings(batch, uow, projection=dispatch.projection, calendar=CHINA)
    return await dispatch.order(order.id)


@pytest.fixture
async def ruled(dispatch: Dispatch) -> Dispatch:
    """With a second rule, for civil affairs."""
    async with dispatch.uow() as uow:
        assert await publish(catalogue_data("2", "2020-01-02", *RULES), uow)
    return dispatch


async def last_entry(dispatch: Dispatch, order: WorkOrder) -> dict[str, Any]:
    entry: dict[str, Any] = (await dispatch.get(f"/work-orders/{order.id}/trail"))["entries"][-1]
    return entry


async def test_another_category_is_another_units_work_with_its_limits(ruled: Dispatch) -> None:
    before = await ruled.in_state(State.IN_PROGRESS)
    order = await corrected(ruled, before, category="民政")
    assert (order.state, order.lead_unit, order.category) == (State.ASSIGNED, CIVIL, "民政")
    assert (order.rule, order.priority, order.closing_condition) == ("r2", "complex", "已答复")
    assert order.accept == start(CIVIL, parse_limit("1wd"), LATER, CHINA)
    assert order.resolve == start(CIVIL, parse_limit("15wd"), NOON, CHINA), "from its original start"
    entry = await last_entry(ruled, order)
    assert (entry["action"], entry["why"], entry["by"]) == ("reroute", "不在这里", "routing")
    assert entry["what"]["category"] == ["城乡建设", "民政"]
    assert entry["what"]["corrected_by"] == "研判员"
    assert "民政由A7县民政局负责" in entry["what"]["routing"]
    (*_, (_, told)) = await ruled.events()
    assert (told["action"], told["lead_unit"], told["previous"]) == ("reroute", CIVIL, "in_progress")
    assert told["limits"]["resolve"]["due_at"] == "2026-12-09T02:00:00Z"
    assert await ruled.violations() == ()


async def test_where_nobody_is_competent_it_goes_back_to_the_dispatcher(ruled: Dispatch) -> None:
    order = await corrected(ruled, await ruled.in_state(State.ACCEPTED), unit=ELSEWHERE)
    assert (order.state, order.lead_unit, order.place.area, order.place.street) == (
        State.PENDING, None, ELSEWHERE, ELSEWHERE,
    )  # fmt: skip
    assert (order.accept.unit, order.accept.started_at, order.resolve.unit) == (ELSEWHERE, LATER, ELSEWHERE)
    entry = await last_entry(ruled, order)
    assert entry["action"] == "recall"
    assert "没有负责城乡建设的部门" in entry["what"]["routing"]
    theirs = await ruled.get("/inbox", Principal("派单", DISPATCHER.role, ELSEWHERE))
    assert [item["id"] for item in theirs["items"]] == [str(order.id)]
    assert (await ruled.get("/inbox", DISPATCHER))["items"] == []


async def test_nobody_found_and_then_somebody(ruled: Dispatch) -> None:
    lost = await ruled.opened(unit=ELSEWHERE)
    assert lost.state is State.PENDING
    order = await corrected(ruled, lost, unit=COMMUNITY)
    assert (order.state, order.lead_unit, order.place.street) == (State.ASSIGNED, STREET_URBAN, STREET)


@pytest.mark.parametrize("state", [State.ASSIGNED, State.ACCEPTED, State.IN_PROGRESS, State.SUSPENDED])
async def test_who_leads_by_the_same_rule_works_on(ruled: Dispatch, state: State) -> None:
    before = await ruled.in_state(state)
    order = await corrected(ruled, before, unit=OTHER_COMMUNITY)
    assert (order.state, order.lead_unit, order.place.area) == (state, STREET_URBAN, OTHER_COMMUNITY)
    assert order.limits == before.limits
    assert (await last_entry(ruled, order))["action"] == "correct"


async def test_a_suspension_ends_and_what_was_asked_for_lapses(ruled: Dispatch) -> None:
    suspended = await corrected(ruled, await ruled.in_state(State.SUSPENDED), category="民政")
    assert (suspended.state, suspended.suspended_until) == (State.ASSIGNED, None)
    assert suspended.resolve.state is LimitState.RUNNING
    ruled.clock.set(NOON)
    asking = await ruled.act(await ruled.in_state(State.ACCEPTED), AskExtension("料未到", "3wd"), HANDLER)
    assert (await corrected(ruled, asking, category="民政")).asked is None


async def test_what_was_granted_stays_where_the_length_is_the_same(ruled: Dispatch) -> None:
    order = await ruled.in_state(State.ACCEPTED)
    for command, by in ((AskExtension("料未到", "3wd"), HANDLER), (GrantExtension("同意"), LEADER)):
        order = await ruled.act(order, command, by)
    moved = await corrected(ruled, order, category="没有的", unit=ELSEWHERE)
    assert (moved.state, moved.resolve.due_at) == (State.PENDING, order.resolve.due_at)


@pytest.mark.parametrize("state", [State.RESOLVED, State.VERIFIED])
async def test_what_is_resolved_is_checked_where_it_is(ruled: Dispatch, state: State) -> None:
    before = await ruled.in_state(state)
    order = await corrected(ruled, before, unit=OTHER_COMMUNITY, category="民政")
    assert (order.state, order.lead_unit, order.rule) == (state, STREET_URBAN, "r1")
    assert (order.place.area, order.category, order.limits) == (OTHER_COMMUNITY, "民政", before.limits)


async def test_what_is_closed_is_left_with_a_line_on_its_trail(ruled: Dispatch) -> None:
    before = await ruled.in_state(State.CLOSED)
    order = await corrected(ruled, before, unit=ELSEWHERE)
    assert (order.state, order.place, order.limits) == (State.CLOSED, before.place, before.limits)
    assert (await last_entry(ruled, order))["what"]["area"] == [COMMUNITY, ELSEWHERE]


async def test_a_correction_that_comes_twice_or_late_changes_nothing(ruled: Dispatch) -> None:
    order = await corrected(ruled, await ruled.opened(), category="民政")
    assert await corrected(ruled, order, category="民政") == order
    assert await corrected(ruled, order, version=1, category="城乡建设") == order
    returned = await ruled.act(order, Return("不归我们管"), Principal("民政", HANDLER.role, CIVIL))
    again = await corrected(ruled, returned, version=4, category="城乡建设")
    assert (again.state, again.lead_unit, again.suggested_unit) == (State.ASSIGNED, STREET_URBAN, None)


async def test_opened_again_the_same_unit_must_act_with_new_limits(ruled: Dispatch) -> None:
    closed = await ruled.in_state(State.CLOSED)
    order = await reopened(ruled, closed)
    assert (order.state, order.lead_unit, order.closed_at) == (State.ASSIGNED, STREET_URBAN, None)
    assert (order.reopened, order.reopened_why, order.resolved_by) == (1, "又坏了", None)
    assert order.accept == start(STREET_URBAN, closed.accept.limit, LATER, CHINA)
    assert order.resolve == start(STREET_URBAN, closed.resolve.limit, LATER, CHINA)
    entry = await last_entry(ruled, order)
    assert (entry["action"], entry["why"], entry["what"]["reopened"]) == ("reopen", "又坏了", 1)
    shown = await ruled.get(f"/work-orders/{order.id}", HANDLER)
    assert (shown["reopened"], shown["light"]) == (1, "green")
    for command, by in WAY[State.CLOSED]:
        order = await ruled.act(order, command, by)
    assert order.state is State.CLOSED
    assert (await reopened(ruled, order, version=12)).reopened == 2
    assert await ruled.violations() == ()


async def test_opened_again_twice_at_once_it_counts_once(ruled: Dispatch) -> None:
    order = await reopened(ruled, await ruled.in_state(State.CLOSED))
    assert await reopened(ruled, order) == order
    for command, by in WAY[State.CLOSED]:
        order = await ruled.act(order, command, by)
    assert await reopened(ruled, order) == order, "the same event, long after"


async def test_what_is_not_closed_or_unknown_is_not_opened_again(ruled: Dispatch) -> None:
    order = await ruled.in_state(State.VERIFIED)
    assert await reopened(ruled, order) == order
    assert await reopened(ruled, order, report=new_id()) == order


async def test_a_suspension_that_was_granted_twice_is_no_trouble(ruled: Dispatch) -> None:
    order = await corrected(ruled, await ruled.in_state(State.SUSPENDED), category="民政")
    civil = Principal("民政", HANDLER.role, CIVIL)
    for command, _ in WAY[State.IN_PROGRESS]:
        order = await ruled.act(order, command, civil)
    order = await ruled.act(order, AskSuspension("等待材料"), civil)
    order = await ruled.act(order, GrantSuspension("同意"), DISPATCHER)
    assert order.resolve.state is LimitState.SUSPENDED


async def test_how_many_say_the_same_is_counted_and_changes_nothing_else(dispatch: Dispatch) -> None:
    order = await dispatch.opened(joined=1)
    assert order.joined == 1
    source = order.sources[0]
    told = [
        ReportJoined(report_id=source.id, number=source.number, joined=joined, joined_by=new_id(), version=3)
        for joined in (3, 2)
    ]
    for _ in range(2):
        async with dispatch.uow() as uow:
            await count_joined(Batch([Envelope(new_id(), event) for event in told]), uow)
    assert await dispatch.order(order.id) == replace(order, joined=3)
