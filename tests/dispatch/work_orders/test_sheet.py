"""The workbook of a filter: the same work orders as on the page, in Chinese, with local times, and bounded."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from services.dispatch.work_orders import reading, sheet_api
from services.dispatch.work_orders.commands import AskExtension
from services.dispatch.work_orders.lifecycle import State
from shared.auth.principal import Principal
from tests.conftest import NOON
from tests.dispatch.conftest import Dispatch, told
from tests.dispatch.work_orders.orders import DISPATCHER, HANDLER
from tests.support.city import CIVIL
from tests.support.workbooks import rows_of


async def rows(dispatch: Dispatch, path: str, caller: Principal = DISPATCHER, **query: Any) -> list[dict[str, Any]]:
    answer = await dispatch.call("GET", path, caller, params=query)
    assert answer.status_code == 200, answer.text
    assert unquote(answer.headers["content-disposition"]).endswith(f"工单 {path.strip('/').replace('-', ' ')}")
    return rows_of(answer.content)


async def test_a_work_order_in_words_and_local_times(dispatch: Dispatch) -> None:
    order = await dispatch.in_state(State.ACCEPTED)
    await dispatch.act(order, AskExtension("料未到", "3wd"), HANDLER)
    (row,) = await rows(dispatch, "/inbox.xlsx")
    assert row["工单编号"] == order.number
    assert (row["状态"], row["时限状态"], row["紧急程度"], row["处置层级"]) == ("已签收", "正常", "一般", "街道")
    assert (row["街道"], row["区域"], row["责任单位"]) == ("泉塘街道", "星湖社区", "泉塘街道城建办")
    assert (row["办结时限"], row["待批申请"]) == ("5 个工作日", "延期")
    assert (str(row["办结期限"]), str(row["立案时间"])) == ("2026-11-25 10:00:00", "2026-11-18 10:00:00")
    assert (row["结案时间"], row["办理结果"]) == (None, None)


@pytest.mark.parametrize(
    "query", [{}, {"state": ["assigned"]}, {"task": "todo"}, {"light": "red"}, {"text": "井盖", "below": False}]
)
async def test_it_has_exactly_what_the_filter_shows(
    dispatch: Dispatch, query: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PART", 2)
    for state in (State.PENDING, State.ASSIGNED, State.ASSIGNED, State.RESOLVED, State.CLOSED):
        dispatch.clock.advance(timedelta(minutes=1))
        await dispatch.in_state(state)
    dispatch.clock.set(NOON + timedelta(days=1))
    for path in ("/inbox", "/work-orders"):
        items = (await dispatch.get(path, DISPATCHER, **query))["items"]
        found = [row["工单编号"] for row in await rows(dispatch, f"{path}.xlsx", **query)]
        assert found == [item["number"] for item in items]


async def test_nobody_gets_rows_that_are_not_theirs(dispatch: Dispatch) -> None:
    await dispatch.opened()
    assert await rows(dispatch, "/work-orders.xlsx", Principal("民政", HANDLER.role, CIVIL)) == []


async def test_a_cell_is_never_a_formula(dispatch: Dispatch) -> None:
    await dispatch.opened(title="=1+1")
    (row,) = await rows(dispatch, "/inbox.xlsx")
    assert row["标题"] == "=1+1"


async def test_more_than_it_holds_is_refused_before_anything_is_sent(
    dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_api, "MOST", 3)
    await dispatch.deliver(*(told() for _ in range(3)))
    assert len(await rows(dispatch, "/inbox.xlsx")) == 3
    await dispatch.deliver(told())
    answer = await dispatch.call("GET", "/inbox.xlsx", DISPATCHER)
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (
        413,
        "work_order_rows_too_many",
        {"most": 3},
    )
