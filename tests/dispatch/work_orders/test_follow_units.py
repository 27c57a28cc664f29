"""In a new city a work order may be opened before dispatch heard of the units: it goes where these send it, once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.dispatch.subscriptions import subscriptions
from services.dispatch.work_orders.commands import Return
from services.dispatch.work_orders.follow_units import WITHIN
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.events.base import Event
from shared.events.codec import Envelope
from shared.events.limits import LimitTold
from shared.events.registry.hazards import FoundBy, HazardFound
from shared.events.registry.units import UnitChanged
from shared.ids import new_id
from shared.limits import LimitState
from tests.conftest import NOON
from tests.dispatch.conftest import Dispatch, told
from tests.dispatch.work_orders.orders import CHINA

DISTRICT, STREET, COMMUNITY = "A9", "A9-XQ", "A9-XQ-01"
OF_STREET, OF_DISTRICT = "A9-XQ-D-XF", "A9-D-XF"
HANDLER_THERE = Principal("办事员", Role.DEPARTMENT_HANDLER, OF_DISTRICT)


def unit(code: str, kind: str, parent: str, **more: Any) -> UnitChanged:
    return UnitChanged(code=code, kind=kind, name=code, parent=parent, valid_from=date(2020, 1, 1), version=1, **more)


def office(code: str, parent: str) -> UnitChanged:
    return unit(code, "department", parent, functions=("urban_rural", "party_affairs"), serves=(parent,))


AREAS = [unit(COMMUNITY, "community", STREET), unit(STREET, "street", DISTRICT), unit(DISTRICT, "district", "A")]
OFFICES = [office(OF_DISTRICT, DISTRICT), office(OF_STREET, STREET)]


def hazard() -> HazardFound:
    limit = LimitTold(
        unit=COMMUNITY, limit="72h", started_at=NOON, warn_at=NOON + timedelta(hours=57),
        due_at=NOON + timedelta(hours=72), state=LimitState.RUNNING,
    )  # fmt: skip
    return HazardFound(
        hazard_id=new_id(), number="A9-XQ-20261118-H000001", area=COMMUNITY, street=STREET, limits={"rectify": limit},
        at=NOON, version=1, source=FoundBy(kind="told"), item="evacuation", grade="general", state="rectifying",
        text="通道堵塞", found_on=date(2026, 11, 18),
    )  # fmt: skip


async def hears(dispatch: Dispatch, *events: Event) -> None:
    """One batch, through the table of reactions."""
    table = subscriptions(dispatch.projection, CHINA)
    async with dispatch.uow() as uow:
        for handler, batch in table.calls([Envelope(new_id(), event) for event in events]):
            await handler(batch, uow)


async def only(dispatch: Dispatch) -> WorkOrder:
    (order,) = await dispatch.orders()
    return order


async def led_by(dispatch: Dispatch, *deliveries: Sequence[Event]) -> tuple[State, str | None]:
    for events in deliveries:
        await hears(dispatch, *events)
    order = await only(dispatch)
    return order.state, order.lead_unit


async def test_a_hazard_that_comes_before_its_units_is_assigned_all_the_same(dispatch: Dispatch) -> None:
    assert await led_by(dispatch, [hazard()]) == (State.PENDING, None)
    assert await led_by(dispatch, AREAS[:1], [OFFICES[0], *AREAS[1:]]) == (State.ASSIGNED, OF_DISTRICT)
    dispatch.clock.advance(timedelta(minutes=1))
    assert await led_by(dispatch, [OFFICES[1]], OFFICES) == (State.ASSIGNED, OF_STREET)
    order = await only(dispatch)
    assert order.accept.started_at == NOON + timedelta(minutes=1), "it counts from the assignment"
    assert (order.resolve.unit, order.resolve.due_at) == (OF_STREET, NOON + timedelta(hours=72)), (
        "the hazard's deadline"
    )
    actions = [(value["action"], value["lead_unit"]) for _, value in await dispatch.events()]
    assert actions == [("open", None), ("reroute", OF_DISTRICT), ("reroute", OF_STREET)], "each once"
    assert await dispatch.violations() == ()


async def test_in_one_batch_too_whichever_comes_first(dispatch: Dispatch) -> None:
    assert await led_by(dispatch, [hazard(), *OFFICES, *AREAS]) == (State.ASSIGNED, OF_STREET)


async def test_a_report_learns_its_street_and_keeps_both_lengths(dispatch: Dispatch) -> None:
    await dispatch.deliver(told(unit=COMMUNITY))
    assert (await only(dispatch)).place.street == COMMUNITY, "unknown yet"
    await hears(dispatch, *AREAS, *OFFICES)
    order = await only(dispatch)
    assert (order.lead_unit, order.place.street, str(order.accept.limit)) == (OF_STREET, STREET, "4wh")


async def test_what_a_person_decided_and_what_is_old_stays(dispatch: Dispatch) -> None:
    await hears(dispatch, *AREAS, OFFICES[0])
    old = await dispatch.opened(unit=COMMUNITY)
    dispatch.clock.advance(WITHIN)
    by_hand = await dispatch.act(await dispatch.opened(unit=COMMUNITY), Return("不归我们管"), HANDLER_THERE)
    await hears(dispatch, OFFICES[1])
    assert await dispatch.order(by_hand.id) == by_hand
    assert await dispatch.order(old.id) == old
    assert (await dispatch.opened(unit=COMMUNITY)).lead_unit == OF_STREET
