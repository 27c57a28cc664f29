"""Limits that move: an announced holiday, an extension, a deadline heard of late. Supervision warns and reminds at the new
instants, never at the old ones, nobody twice, and nobody who acted in time."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.dispatch.schema import measured_by as of_dispatch
from services.dispatch.work_orders.follow_calendar import follow_calendar as move_orders
from services.registry.duties.apply_plans import apply_plans
from services.registry.hazards.follow_calendar import follow_calendar as move_hazards
from services.registry.schema import measured_by as of_registry
from shared.auth.principal import Role
from shared.calendar_watch import CalendarWatch
from shared.clock import LOCAL
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import Calendar, china
from tests.flows.test_hazards import INSPECTOR, LEADER, OFFICE, SAFETY, act, assert_agreed, found, order_of
from tests.support.city import COMMUNITY, STREET, STREET_URBAN
from tests.support.gridgov import GridGov

pytestmark = pytest.mark.anyio

CHINA = china()
OFF = frozenset({date(2026, 11, 20), date(2026, 11, 27)})
"""Two Fridays: NOON is the Wednesday before the first."""
ANNOUNCED = replace(
    CHINA,
    version="with two holidays",
    years={**CHINA.years, 2026: replace(CHINA.years[2026], holidays=CHINA.years[2026].holidays | OFF)},
)
HANDLER = (Role.DEPARTMENT_HANDLER, STREET_URBAN)
DECIDER = (Role.LEADER, STREET)
W, R = ["warn"], ["warn", "remind"]


def at(text: str, month: int = 11) -> datetime:
    """A little after a local time of November 2026, such as `24T10:00`."""
    return datetime.fromisoformat(f"2026-{month}-{text:0>8}").replace(tzinfo=LOCAL).astimezone(UTC) + timedelta(
        seconds=1
    )


def december(text: str) -> datetime:
    return at(text, 12)


async def measured_by(platform: GridGov, calendar: Calendar) -> None:
    """Workers of a release with this calendar go through all limits."""

    def uow_of(service: str) -> Callable[[], UnitOfWork]:
        return lambda: UnitOfWork(platform.services[service].database)

    async def done(look: Callable[[], Awaitable[bool]]) -> None:
        while await look():
            pass

    await done(CalendarWatch(uow_of("dispatch"), of_dispatch, calendar, move_orders, service="dispatch").look)
    await done(CalendarWatch(uow_of("registry"), of_registry, calendar, move_hazards, service="registry").look)
    async with uow_of("registry")() as uow:
        await apply_plans(uow, calendar)
    await platform.drain()


async def opened(platform: GridGov, key: str) -> dict[str, Any]:
    """A work order that the unit has taken up: to be resolved in 5 working days, on Wednesday, 25 November, at 10:00."""
    order = await platform.work_order(await platform.reported("星湖社区井盖", key))
    return await acted(platform, await acted(platform, order, "accept", HANDLER), "start", HANDLER)


async def acted(
    platform: GridGov, order: dict[str, Any], action: str, who: tuple[Role, str], **body: Any
) -> dict[str, Any]:
    answer = await platform.act(order, action, *who, **body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def steps(platform: GridGov, thing: dict[str, Any], name: str) -> list[str]:
    """The steps that were taken of a thing's limit, in their order."""
    taken = (await platform.get("supervision", "/steps", thing_id=thing["id"], name=name))["items"]
    return [one["step"] for one in sorted(taken, key=lambda one: (one["at"], one["step"] == "remind"))]


async def test_an_announced_holiday_moves_what_supervision_waits_for(platform: GridGov) -> None:
    await measured_by(platform, CHINA)
    kept, missed = await opened(platform, "kept"), await opened(platform, "missed")
    major = await found(platform, "major", rectify_by="2026-12-31")
    criteria = {"edition": "GB 35181-2017", "element": "6.1"}
    major = await act(platform, major, "judge-major", (Role.DEPARTMENT_HANDLER, SAFETY), **criteria)
    major = await act(
        platform, major, "report", (Role.DEPARTMENT_HANDLER, SAFETY), to=STREET, document="泉消〔2026〕1号"
    )
    await platform.apply_plans()
    (duty,) = (await platform.get("registry", "/duties", unit=COMMUNITY, duty="inspection"))["items"]
    platform.clock.set(at("19T10:00"))
    for _ in range(2):
        await measured_by(platform, ANNOUNCED)
    things = ((kept, "resolve"), (missed, "resolve"), (duty, "do"), (major, "listing"))
    for instant, taken in (
        ("24T10:00", ([], [], [], [])),  # the orders' warning as it was
        ("25T10:00", (W, W, [], [])),  # as it is, and their limit as it was
        ("25T15:42", (W, W, [], [])),  # the government's warning as it was
        ("26T10:00", (W, R, [], [])),  # the orders' limit
        ("26T10:24", (W, R, W, [])),  # the duty's warning, earlier than it was
        ("26T17:30", (W, R, R, W)),  # its end, a day earlier; the government's warning
        ("27T17:30", (W, R, R, W)),  # both ends as they were
    ):
        platform.clock.set(at(instant))
        for _ in range(2):
            await platform.watch()
        assert tuple([await steps(platform, *one) for one in things]) == taken, instant
        if instant == "25T10:00":
            now = await platform.get("dispatch", f"/work-orders/{kept['id']}")
            await acted(platform, now, "resolve", HANDLER, result="已修复")  # after the limit as it was
    platform.clock.set(december("1T10:00"))
    await platform.watch()
    assert await steps(platform, major, "listing") == R
    (clock,) = (await platform.get("supervision", "/clocks", thing_id=kept["id"], name="resolve"))["items"]
    assert (clock["kept"], clock["due_at"]) == (True, "2026-11-26T02:00:00Z")
    assert await platform.trail_violations() == []


async def test_an_extension_of_what_was_warned_of_or_overdue_is_warned_and_reminded_of_anew(platform: GridGov) -> None:
    in_time, kept, late = [await opened(platform, key) for key in ("in-time", "then-kept", "late")]
    platform.clock.set(at("25T09:00"))
    await platform.watch()
    in_time, kept = [await extended(platform, order) for order in (in_time, kept)]  # to Friday, 27 November, at 10:00
    assert in_time["light"] == "green"
    platform.clock.set(at("25T10:00"))
    await platform.watch()
    assert [await steps(platform, order, "resolve") for order in (in_time, kept, late)] == [W, W, R]
    platform.clock.set(at("25T11:00"))
    late = await extended(platform, late)
    platform.clock.set(at("27T09:30"))
    await acted(platform, kept, "resolve", HANDLER, result="已修复")
    await platform.watch()
    assert [await steps(platform, order, "resolve") for order in (in_time, late)] == [[*W, *W], [*R, *W]]
    platform.clock.set(at("27T10:00"))
    for _ in range(2):
        await platform.watch()
    assert [await steps(platform, order, "resolve") for order in (in_time, kept, late)] == [[*W, *R], W, [*R, *R]]
    clocks = (await platform.get("supervision", "/clocks", thing_id=late["id"], name="resolve"))["items"]
    assert sorted((clock["state"], clock["level"]) for clock in clocks) == [
        ("running", "reminded"),
        ("stopped", "reminded"),
    ]


async def test_who_resolved_in_time_is_not_reminded_for_the_time_of_the_check_and_who_was_late_once(
    platform: GridGov,
) -> None:
    in_time, late = await opened(platform, "checked"), await opened(platform, "checked-late")
    platform.clock.set(at("24T10:00"))
    in_time = await acted(platform, in_time, "resolve", HANDLER, result="已修复")
    platform.clock.set(at("25T11:00"))
    await platform.watch()
    late = await acted(platform, late, "resolve", HANDLER, result="已修复")
    platform.clock.set(at("30T10:00"))  # days after the limit of both
    for order in (in_time, late):
        order = await acted(platform, order, "rework", (Role.SUPERVISOR, STREET), why="仍松动")
    await platform.watch()
    assert [await steps(platform, order, "resolve") for order in (in_time, late)] == [W, R]
    platform.clock.set(december("1T10:00"))  # a working day was left
    for _ in range(2):
        await platform.watch()
    assert [await steps(platform, order, "resolve") for order in (in_time, late)] == [R, R]
    assert await platform.trail_violations() == []


async def extended(platform: GridGov, order: dict[str, Any]) -> dict[str, Any]:
    order = await acted(platform, order, "ask-extension", HANDLER, why="等材料", more="2wd")
    return await acted(platform, order, "grant-extension", DECIDER, why="同意")


async def test_a_hazards_deadline_that_is_heard_of_late_binds_from_when_it_was_set(platform: GridGov) -> None:
    platform.clock.set(december("7T10:00"))  # no other test has come so far: what is not told yet must stay so
    hazard = await found(platform, "redated", rectify_by="2026-12-09")
    order = await order_of(platform, hazard)
    hazard = await act(platform, hazard, "ask-extension", OFFICE, until="2026-12-13", why="等材料")
    platform.clock.set(december("9T22:00"))
    await platform.watch()
    things = ((hazard, "rectify"), (order, "resolve"))
    assert [await steps(platform, *one) for one in things] == [W, W]
    granted = await platform.clients["registry"].post(
        f"/hazards/{hazard['id']}/grant-extension", json={"why": "同意"},
        headers={**platform.caller(*LEADER), "if-match": f'"{hazard["version"]}"'},
    )  # fmt: skip
    assert granted.status_code == 200, granted.text
    platform.clock.set(december("11T10:00"))  # long after the deadline as it was, and only now anybody hears
    assert await platform.take_steps() == 0
    await platform.watch()
    assert [await steps(platform, *one) for one in things] == [W, W]
    platform.clock.set(december("14T00:00"))
    for _ in range(2):
        await platform.watch()
    assert [await steps(platform, *one) for one in things] == [[*W, *R], [*W, *R]]
    hazard = dict(await platform.get("registry", f"/hazards/{hazard['id']}"))
    assert hazard["state"] == "overdue"
    hazard = await act(platform, hazard, "submit", OFFICE, result="已清空")
    hazard = await act(platform, hazard, "pass", INSPECTOR)
    platform.clock.set(december("20T00:00"))
    await platform.watch()
    assert [await steps(platform, *one) for one in things] == [[*W, *R], [*W, *R]]
    await assert_agreed(platform)
