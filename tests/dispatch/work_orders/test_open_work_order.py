"""Exactly one work order per triaged report, however often, in what order and by how many it is delivered."""

import asyncio
import json
from random import Random

import pytest
import sqlalchemy as sa

from services.dispatch.catalogue.store import publish
from services.dispatch.schema import tables
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.open_work_order import open_work_orders
from services.dispatch.work_orders.work_order import Place
from shared.bus.batch import Batch
from shared.errors import Unavailable
from tests.dispatch.conftest import Dispatch, told
from tests.dispatch.work_orders.orders import CHINA, catalogue_data, rule_data
from tests.support.city import COUNTY_URBAN, ELSEWHERE, GRID, STREET, STREET_URBAN
from tests.support.platform import wipe


async def test_a_work_order_is_stored_as_it_was_decided(dispatch: Dispatch) -> None:
    order = await dispatch.opened(unit=GRID)
    assert (order.state, order.lead_unit) == (State.ASSIGNED, STREET_URBAN)
    assert order.place == Place(GRID, STREET, 113.05, 28.05, 612.5, "星湖路 3 号门前")
    assert (order.rule, order.catalogue, order.priority, order.tier) == ("r1", "1", "normal", "street")
    ((headers, value),) = await dispatch.events()
    assert headers["ce_type"] == "gridgov.work_order.opened.v1"
    assert headers["ce_subject"] == value["work_order_id"] == str(order.id)
    assert await dispatch.violations() == ()


async def test_a_work_order_nobody_is_named_for_waits(dispatch: Dispatch) -> None:
    order = await dispatch.opened(unit=ELSEWHERE)
    assert (order.state, order.lead_unit, order.accept.unit) == (State.PENDING, None, ELSEWHERE)


async def test_a_report_without_a_point_has_none(dispatch: Dispatch) -> None:
    order = await dispatch.opened(longitude=None, latitude=None, address="")
    assert (order.place.longitude, order.place.latitude, order.place.address) == (None, None, "")


@pytest.mark.parametrize("seed", range(3))
async def test_three_deliveries_in_any_order_make_one_each(dispatch: Dispatch, seed: int) -> None:
    envelopes = [told() for _ in range(30)]
    shuffled = envelopes * 3
    Random(seed).shuffle(shuffled)
    while shuffled:
        batch, shuffled = shuffled[:17], shuffled[17:]
        await dispatch.deliver(*batch)
    orders = await dispatch.orders()
    assert sorted(order.sources[0].id for order in orders) == sorted(e.event.report_id for e in envelopes)
    assert await dispatch.counts() == {"work_orders": 30, "trail": 30, "outbox": 30}
    assert await dispatch.violations() == ()


async def test_batches_at_once_in_opposite_orders_make_one_each(dispatch: Dispatch) -> None:
    for _ in range(5):
        envelopes = [told() for _ in range(20)]
        await asyncio.gather(dispatch.deliver(*envelopes), dispatch.deliver(*envelopes[::-1]))
    assert await dispatch.counts() == {"work_orders": 100, "trail": 100, "outbox": 100}


async def test_a_later_delivery_does_not_touch_what_was_done_meanwhile(dispatch: Dispatch) -> None:
    envelope = told()
    await dispatch.deliver(envelope)
    before = await dispatch.orders(), await dispatch.counts()
    await dispatch.deliver(told(report_id=envelope.event.report_id, category="民政", unit=ELSEWHERE))
    assert (await dispatch.orders(), await dispatch.counts()) == before


async def test_the_events_go_on_from_the_trace_of_their_report(dispatch: Dispatch) -> None:
    envelopes = [told() for _ in range(5)]
    await dispatch.deliver(*envelopes)
    expected = {str(e.event.report_id): e.trace for e in envelopes}
    for headers, value in await dispatch.events():
        trace = expected[value["sources"][0]["id"]]
        assert trace is not None
        assert headers["ce_correlationid"] == trace.correlation_id
        assert headers["traceparent"].split("-")[1] == trace.traceparent.split("-")[1]


async def test_a_batch_that_fails_leaves_nothing(dispatch: Dispatch) -> None:
    async def fails_late() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async with dispatch.uow() as uow:
            uow.before_commit(fails_late)
            await open_work_orders(Batch([told()]), uow, projection=dispatch.projection, calendar=CHINA)
    assert await dispatch.counts() == {"work_orders": 0, "trail": 0, "outbox": 0}


async def test_a_catalogue_published_meanwhile_is_in_force_at_once(dispatch: Dispatch) -> None:
    assert (await dispatch.opened()).catalogue == "1"
    new = rule_data(id="new", accept="15m", condition="井盖缺失", closing_condition="恢复")
    async with dispatch.uow() as uow:
        assert await publish(catalogue_data("2", "2026-11-18", new), uow)
        assert not await publish(catalogue_data("2", "2026-11-18"), uow), "a version never changes"
    order = await dispatch.opened()
    assert (order.catalogue, order.rule, str(order.accept.limit)) == ("2", "new", "15m")
    assert (order.condition, order.closing_condition) == ("井盖缺失", "恢复")


async def test_without_any_catalogue_the_event_waits(dispatch: Dispatch) -> None:
    await wipe(dispatch.engine, tables)
    with pytest.raises(Unavailable) as waits:
        await dispatch.deliver(told())
    assert waits.value.code == "catalogue_missing"


async def test_a_department_that_is_dissolved_gets_nothing_more(dispatch: Dispatch) -> None:
    await dispatch.dissolve(STREET_URBAN)
    assert (await dispatch.opened()).lead_unit == COUNTY_URBAN


async def test_the_trail_says_why_and_who_else_could_have_been(dispatch: Dispatch) -> None:
    order = await dispatch.opened(unit=GRID)
    async with dispatch.engine.connect() as connection:
        (body,) = (await connection.execute(sa.select(tables.trail.c.body))).scalars()
    what = json.loads(body)["what"]
    assert what["alternatives"] == [COUNTY_URBAN]
    assert what["why"] == order.routing
