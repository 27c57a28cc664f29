"""When another working calendar comes with a release, the limits of open work orders move by it, each once."""

from dataclasses import replace
from datetime import date, timedelta

from services.dispatch.schema import measured_by
from services.dispatch.work_orders.commands import Accept
from services.dispatch.work_orders.follow_calendar import follow_calendar
from services.dispatch.work_orders.lifecycle import State
from shared.calendar_watch import CalendarWatch
from shared.worktime.calendar import Calendar
from tests.conftest import NOON
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHINA, HANDLER

FRIDAY_OFF = replace(CHINA.years[2026], holidays=CHINA.years[2026].holidays | {date(2026, 11, 20)})
ANNOUNCED = replace(CHINA, version="with a holiday", years={**CHINA.years, 2026: FRIDAY_OFF})


async def applied(dispatch: Dispatch, calendar: Calendar) -> int:
    """In how many batches a worker of a release with this calendar is through."""
    watch, batches = CalendarWatch(dispatch.uow, measured_by, calendar, follow_calendar, service="dispatch"), 0
    while await watch.look():
        batches += 1
    return batches


async def test_limits_of_open_work_orders_move_once_and_are_told(dispatch: Dispatch) -> None:
    assert await applied(dispatch, CHINA) == 0
    order = await dispatch.act(await dispatch.opened(), Accept(), HANDLER)
    closed = await dispatch.in_state(State.CLOSED)
    told = len(await dispatch.events())
    for _ in range(2):
        await applied(dispatch, ANNOUNCED)
    moved = await dispatch.order(order.id)
    assert order.resolve.due_at == NOON + timedelta(days=7)
    assert moved == replace(
        order, version=order.version + 1,
        resolve=replace(
            order.resolve, due_at=NOON + timedelta(days=8), warn_at=order.resolve.warn_at + timedelta(days=1)
        ),
    )  # fmt: skip
    assert await dispatch.order(closed.id) == closed
    ((_, event),) = (await dispatch.events())[told:]
    assert (event["action"], event["limits"]["resolve"]["due_at"]) == ("remeasure", "2026-11-26T02:00:00Z")
    entry = (await dispatch.get(f"/work-orders/{order.id}/trail"))["entries"][-1]
    assert (entry["by"], entry["what"]["calendar"]) == ("calendar", "with a holiday")
    assert entry["what"]["resolve_was_due_at"] == "2026-11-25T02:00:00Z"
    assert await dispatch.violations() == ()


async def test_what_was_cut_off_goes_on_where_it_was(dispatch: Dispatch) -> None:
    assert await applied(dispatch, CHINA) == 0
    first, second = await dispatch.opened(), await dispatch.opened()
    async with dispatch.uow() as uow:
        assert await follow_calendar(uow, CHINA, ANNOUNCED, first.id, 1) == second.id
    assert await dispatch.order(first.id) == first
    assert await applied(dispatch, ANNOUNCED) == 1
    assert [(await dispatch.order(one.id)).version for one in (first, second)] == [2, 2], (
        "the second is not moved again"
    )
