"""Photos of before and after with the resolving, and of the check: attached once, shown with the work order, on its trail."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.dispatch.catalogue.store import publish
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal
from shared.ids import new_id
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHECKER, HANDLER, SUPERVISOR, catalogue_data, rule_data
from tests.shared.files.pictures import picture
from tests.support.tus import uploaded

PHOTO = picture(size=(640, 480))


async def photo(dispatch: Dispatch, by: Principal) -> str:
    return await uploaded(dispatch.client, {"authorization": f"Bearer {dispatch.token(by)}"}, PHOTO)


async def resolved(dispatch: Dispatch, order: WorkOrder, **photos: Any) -> Any:
    answer = await dispatch.post(order, "resolve", HANDLER, result="井盖已更换", **photos)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_before_and_after_and_the_check(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.IN_PROGRESS)
    before, after, more = [await photo(dispatch, HANDLER) for _ in range(3)]
    shown = await resolved(dispatch, order, before=[before], after=[after, more])
    assert [(one["id"], one["use"]) for one in shown["photos"]] == [
        (before, "before"), (after, "after"), (more, "after"),
    ]  # fmt: skip
    dispatch.clock.advance(timedelta(minutes=1))
    seen = await photo(dispatch, CHECKER)
    order = await dispatch.order(order.id)
    verified = (await dispatch.post(order, "verify", CHECKER, photos=[seen])).json()
    assert [one["use"] for one in verified["photos"]] == ["before", "after", "after", "verification"]
    assert await dispatch.get(f"/work-orders/{order.id}", CHECKER) == verified
    listed = await dispatch.get("/work-orders", CHECKER, number=order.number)
    assert listed["items"][0]["photos"] == verified["photos"]
    said = {e["action"]: e["what"] for e in (await dispatch.get(f"/work-orders/{order.id}/trail"))["entries"]}
    assert (said["resolve"]["before"], said["resolve"]["after"], said["verify"]["photos"]) == (
        [before], [after, more], [seen],
    )  # fmt: skip
    assert "photos" not in said["accept"]
    assert await dispatch.violations() == ()


@pytest.mark.parametrize("whose", ["nobody's", "another's", "attached"])
async def test_what_may_not_be_attached_undoes_the_resolving(dispatch: Dispatch, whose: str) -> None:
    order = await dispatch.in_state(State.IN_PROGRESS)
    file = str(new_id())
    if whose == "another's":
        file = await photo(dispatch, CHECKER)
    if whose == "attached":
        file = await photo(dispatch, HANDLER)
        await resolved(dispatch, await dispatch.in_state(State.IN_PROGRESS), after=[file])
    before = await dispatch.counts()
    answer = await dispatch.post(order, "resolve", HANDLER, result="井盖已更换", after=[file])
    assert answer.status_code in (409, 422), answer.text
    assert answer.json()["data"]["id"] == file
    assert (await dispatch.order(order.id), await dispatch.counts()) == (order, before)


async def test_a_second_check_has_its_own(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.RESOLVED)
    first = await photo(dispatch, CHECKER)
    answer = await dispatch.post(order, "rework", CHECKER, why="仍松动", photos=[first])
    assert [one["id"] for one in answer.json()["photos"]] == [first]
    dispatch.clock.advance(timedelta(minutes=1))
    await resolved(dispatch, await dispatch.order(order.id))
    second = await photo(dispatch, CHECKER)
    answer = await dispatch.post(await dispatch.order(order.id), "verify", CHECKER, photos=[second])
    assert [one["id"] for one in answer.json()["photos"]] == [first, second]


async def test_a_grid_workers_check_needs_a_photo_where_the_catalogue_says_so(dispatch: Dispatch) -> None:
    async with dispatch.uow() as uow:
        assert await publish(catalogue_data("2", "2020-01-02", rule_data(check_photo=True)), uow)
    order = await dispatch.in_state(State.RESOLVED)
    assert (await dispatch.get(f"/work-orders/{order.id}", CHECKER))["check_photo"]
    refused = await dispatch.post(order, "verify", CHECKER)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        422,
        "work_order_photo_missing",
        "photos",
    )
    done = await dispatch.post(order, "verify", CHECKER, photos=[await photo(dispatch, CHECKER)])
    assert done.json()["state"] == "verified"
    other = await dispatch.in_state(State.RESOLVED)
    assert (await dispatch.post(other, "verify", SUPERVISOR)).json()["state"] == "verified"


async def test_too_many_are_refused(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.IN_PROGRESS)
    answer = await dispatch.post(order, "resolve", HANDLER, result="好", after=[str(new_id())] * 10)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")


async def test_anybody_with_the_link_sees_how_it_is_now_and_nothing_else(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.IN_PROGRESS)
    before, after = [await photo(dispatch, HANDLER) for _ in range(2)]
    await resolved(dispatch, order, before=[before], after=[after])
    assert (await dispatch.events())[-1][1]["result_photos"] == [after]
    links = dispatch.service.api.state.dispatch.public_links
    found = [
        await dispatch.client.get(f"/public/photos/{seal}")
        for seal in (links.of(UUID(after)), links.of(UUID(before)), links.of(new_id()), "AAAA")
    ]
    assert [answer.status_code for answer in found] == [200, 404, 404, 404]
    assert found[0].headers["content-type"] == "image/jpeg"
