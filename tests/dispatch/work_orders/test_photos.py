"""Photos of a work order: before and after with the result, and of the check on the spot."""

from typing import Any

import pytest

from services.dispatch.work_orders.lifecycle import State
from shared.auth.principal import Principal, Role
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHECKER, HANDLER
from tests.shared.files.pictures import picture
from tests.support.city import ELSEWHERE
from tests.support.tus import uploaded

pytestmark = pytest.mark.anyio


async def photo(dispatch: Dispatch, caller: Principal) -> str:
    who = {"authorization": f"Bearer {dispatch.token(caller)}"}
    return await uploaded(dispatch.client, who, picture(size=(64, 48)))


def by_use(shown: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in shown["photos"]:
        found.setdefault(one["use"], []).append(one["id"])
    return found


async def test_before_and_after_come_with_the_result_and_the_check_has_its_own(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.IN_PROGRESS)
    before, after, second = [await photo(dispatch, HANDLER) for _ in range(3)]
    answer = await dispatch.post(order, "resolve", HANDLER, result="井盖已更换", before=[before], after=[after, second])
    assert answer.status_code == 200, answer.text
    assert by_use(answer.json()) == {"before": [before], "after": [after, second]}
    seen = await photo(dispatch, CHECKER)
    checked = await dispatch.post(await dispatch.order(order.id), "verify", CHECKER, photos=[seen])
    assert checked.status_code == 200, checked.text
    shown = await dispatch.get(f"/work-orders/{order.id}")
    assert by_use(shown) == {"before": [before], "after": [after, second], "verification": [seen]}
    assert (await dispatch.get("/work-orders", number=order.number))["items"][0]["photos"] == shown["photos"]
    what = {
        entry["action"]: entry["what"] for entry in (await dispatch.get(f"/work-orders/{order.id}/trail"))["entries"]
    }
    assert (what["resolve"]["before"], what["verify"]["photos"]) == ([before], [seen])

    statuses = {
        caller.subject: (await dispatch.call("GET", f"/files/{after}/thumbnail", caller)).status_code
        for caller in (CHECKER, Principal("elsewhere", Role.LEADER, ELSEWHERE))
    }
    assert statuses == {CHECKER.subject: 200, "elsewhere": 404}


async def test_with_a_photo_that_cannot_be_nothing_is_done(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.IN_PROGRESS)
    mine, anothers = await photo(dispatch, HANDLER), await photo(dispatch, CHECKER)
    answer = await dispatch.post(order, "resolve", HANDLER, result="已处理", before=[mine], after=[anothers])
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_unknown")
    assert (await dispatch.order(order.id)).version == order.version
    done = await dispatch.post(order, "resolve", HANDLER, result="已处理", before=[mine])
    assert done.status_code == 200, done.text


async def test_a_rework_shows_what_is_wanting(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.RESOLVED)
    seen = await photo(dispatch, CHECKER)
    answer = await dispatch.post(order, "rework", CHECKER, why="仍松动", photos=[seen])
    assert by_use(answer.json()) == {"verification": [seen]}
