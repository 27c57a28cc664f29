"""Many accepted in one request: each for itself, whatever becomes of the others."""

from typing import Any, Final

import pytest
import sqlalchemy as sa

from services.dispatch.work_orders.commands import Accept, Assign
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal
from shared.ids import new_id
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHECKER, DISPATCHER, HANDLER
from tests.support.city import COUNTY_URBAN


async def accept(dispatch: Dispatch, *orders: WorkOrder, by: Principal = HANDLER) -> Any:
    items = [{"id": str(order.id), "version": order.version} for order in orders]
    answer = await dispatch.call("POST", "/work-orders/batch", by, json={"action": "accept", "items": items})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_each_answers_for_itself(dispatch: Dispatch) -> None:
    first, second, third, moved = [await dispatch.opened() for _ in range(4)]
    await dispatch.act(second, Accept(), HANDLER)
    await dispatch.act(moved, Assign(COUNTY_URBAN), DISPATCHER)
    done = await accept(dispatch, first, second, third, moved, first)
    assert [(item["version"], item["state"]) for item in done["items"] if not item["problem"]] == [(2, "accepted")] * 2
    assert [item["problem"] and item["problem"]["code"] for item in done["items"]] == [
        None, "version_mismatch", None, "work_order_not_found", "version_mismatch",
    ]  # fmt: skip
    assert (done["done"], done["failed"]) == (2, 3)
    assert [item["id"] for item in done["items"]] == [str(o.id) for o in (first, second, third, moved, first)]
    assert all(item["problem"]["title_zh"] and item["problem"]["status"] >= 400 for item in done["items"][3:])
    states = {order.id: order.state for order in await dispatch.orders()}
    assert [states[order.id] for order in (first, second, third)] == [State.ACCEPTED] * 3
    assert states[moved.id] is State.ASSIGNED
    assert await dispatch.violations() == ()


FAILING: Final = """
    CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'somebody was faster' USING ERRCODE = 'serialization_failure'; END $$;
    CREATE TRIGGER fails BEFORE UPDATE ON dispatch.work_orders FOR EACH ROW WHEN (NEW.id = '{id}') EXECUTE FUNCTION fails();
"""


async def test_what_was_done_before_trouble_came_is_answered_for(dispatch: Dispatch) -> None:
    orders = [await dispatch.opened() for _ in range(3)]
    async with dispatch.engine.begin() as connection:
        raw = await connection.get_raw_connection()
        await raw.driver_connection.execute(FAILING.format(id=orders[1].id))
    try:
        items = (await accept(dispatch, *orders))["items"]
    finally:
        async with dispatch.engine.begin() as connection:
            await connection.execute(sa.text("DROP FUNCTION fails CASCADE"))
    assert [item["problem"] and item["problem"]["code"] for item in items] == [None, "unavailable", "unavailable"]
    assert [order.state for order in await dispatch.orders()].count(State.ACCEPTED) == 1


async def test_who_may_not_accept_one_may_not_accept_many(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    (item,) = (await accept(dispatch, order, by=CHECKER))["items"]
    assert item["problem"]["code"] == "work_order_not_competent"
    refused = await dispatch.call("POST", "/work-orders/batch", DISPATCHER, json={"action": "accept", "items": []})
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_permitted")


ONE = {"id": str(new_id()), "version": 1}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "accept", "items": []},
        {"action": "close", "items": [ONE]},
        {"action": "accept", "items": [{"id": ONE["id"]}]},
        {"action": "accept", "items": [{**ONE, "version": 0}]},
        {"action": "accept", "items": [ONE] * 201},
    ],
)
async def test_a_batch_that_cannot_be_is_refused_whole(dispatch: Dispatch, body: Any) -> None:
    answer = await dispatch.call("POST", "/work-orders/batch", HANDLER, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")
