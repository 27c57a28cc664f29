"""The numbers of the board: against what is counted by hand, for each part of the tree, at two instants."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.dispatch.work_orders.commands import Assign, Close, Resolve, Verify
from services.dispatch.work_orders.lifecycle import State
from shared.auth.principal import Principal, Role
from shared.clock import LOCAL
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import CHECKER, DISPATCHER, HANDLER, LEADER
from tests.support.city import COMMUNITY, ELSEWHERE, OTHER_COMMUNITY, STREET, STREET_URBAN

TUESDAY = datetime(2026, 11, 17, 10, tzinfo=LOCAL)
WEDNESDAY = TUESDAY + timedelta(days=1)
CITY = Principal("市长", Role.LEADER, "A")


async def two_days(dispatch: Dispatch) -> None:
    """Tuesday: three opened, of which one is resolved and closed. Wednesday: one opened, one resolved, late."""
    dispatch.clock.set(TUESDAY)
    first = await dispatch.in_state(State.CLOSED)
    assert first.closed_at == TUESDAY
    late = await dispatch.in_state(State.IN_PROGRESS)
    await dispatch.opened(unit=OTHER_COMMUNITY)
    dispatch.clock.set(TUESDAY + timedelta(days=8))
    late = await dispatch.act(late, Resolve("终于"), HANDLER)
    await dispatch.opened(unit=ELSEWHERE)
    for command, by in ((Verify(), CHECKER), (Close(), DISPATCHER)):
        late = await dispatch.act(late, command, by)


async def test_today_and_yesterday(dispatch: Dispatch) -> None:
    dispatch.clock.set(TUESDAY)
    await dispatch.in_state(State.CLOSED)
    await dispatch.in_state(State.IN_PROGRESS)
    await dispatch.opened(unit=OTHER_COMMUNITY)
    day = {"opened": 3, "closed": 1, "resolved": 1, "on_time_rate": 1.0, "open": 2, "overdue": 0}
    nothing = {"opened": 0, "closed": 0, "resolved": 0, "on_time_rate": None, "open": 0, "overdue": 0}
    board = await dispatch.get("/board", LEADER)
    assert (board["as_of"], board["unit"]) == ("2026-11-17T02:00:00Z", STREET)
    assert (board["today"], board["yesterday"]) == (day, nothing)
    dispatch.clock.set(WEDNESDAY)
    await dispatch.opened()
    board = await dispatch.get("/board", LEADER)
    # At Tuesday's end the limit to accept of the one that nobody took had passed.
    assert board["yesterday"] == {**day, "overdue": 1}
    assert board["today"] == {**nothing, "opened": 1, "open": 3, "overdue": 1}


async def test_what_was_resolved_late_is_not_in_time(dispatch: Dispatch) -> None:
    await two_days(dispatch)
    board = await dispatch.get("/board", LEADER)
    assert (board["today"]["resolved"], board["today"]["on_time_rate"]) == (1, 0.0)
    assert (board["today"]["closed"], board["today"]["open"]) == (1, 1)
    late = next(one for one in board["parts"] if one["resolved"])
    assert (late["unit"], late["name"], late["resolved"], late["on_time_rate"]) == (COMMUNITY, "星湖社区", 1, 0.0)
    dispatch.clock.advance(timedelta(days=20))
    board = await dispatch.get("/board", LEADER)
    assert {one["on_time_rate"] for one in board["parts"]} == {None}
    assert board["today"]["overdue"] == 1


async def test_by_area_and_department_worst_first(dispatch: Dispatch) -> None:
    await two_days(dispatch)
    await dispatch.opened()
    board = await dispatch.get("/board", CITY)
    assert [(area["unit"], area["name"], area["kind"], area["open"], area["overdue"]) for area in board["areas"]] == [
        (OTHER_COMMUNITY, "映霞社区", "community", 1, 1),
        (ELSEWHERE, "柳湾街道", "street", 1, 0),
        (COMMUNITY, "星湖社区", "community", 1, 0),
    ]
    assert [(one["unit"], one["open"], one["closed"]) for one in board["departments"]] == [(STREET_URBAN, 2, 1)]


async def test_what_lies_below_is_ranked_at_every_level(dispatch: Dispatch) -> None:
    await two_days(dispatch)
    await dispatch.opened()

    async def ranked(caller: Principal, unit: str | None = None) -> list[tuple[str, str, int, int]]:
        board = await dispatch.get("/board", caller, **({"unit": unit} if unit else {}))
        return [(one["unit"], one["kind"], one["open"], one["overdue"]) for one in board["parts"]]

    assert await ranked(Principal("admin", Role.ADMIN)) == [("A", "city", 3, 1)]
    assert await ranked(CITY) == [("A7", "district", 2, 1), ("A3", "district", 1, 0)]
    assert await ranked(CITY, "A7") == await ranked(Principal("县长", Role.LEADER, "A7")) == [(STREET, "street", 2, 1)]
    assert await ranked(LEADER) == [(OTHER_COMMUNITY, "community", 1, 1), (COMMUNITY, "community", 1, 0)]
    assert await ranked(CITY, COMMUNITY) == []


async def test_each_part_of_the_tree_has_its_own(dispatch: Dispatch) -> None:
    await two_days(dispatch)

    async def opened(caller: Principal, **query: Any) -> int:
        board = await dispatch.get("/board", caller, **query)
        return int(board["today"]["open"])

    assert await opened(CITY) == await opened(Principal("admin", Role.ADMIN)) == 2
    assert await opened(CITY, unit="A7") == await opened(CITY, unit=STREET) == 1
    assert await opened(CITY, unit=COMMUNITY) == 0
    assert await opened(CITY, unit=OTHER_COMMUNITY) == await opened(CITY, unit=STREET_URBAN) == 1
    assert await opened(LEADER, unit=ELSEWHERE) == await opened(LEADER, unit="A3") == 0
    assert await opened(CITY, unit="nowhere") == 0
    assert await opened(Principal("居民", Role.RESIDENT, STREET)) == 0


async def test_a_street_that_leads_is_no_department(dispatch: Dispatch) -> None:
    await dispatch.act(await dispatch.opened(unit=ELSEWHERE), Assign(ELSEWHERE), Principal("市", Role.DISPATCHER, "A"))
    assert (await dispatch.get("/board", CITY))["departments"] == []


async def test_it_costs_one_statement_beside_the_transaction_and_the_tree(dispatch: Dispatch) -> None:
    await two_days(dispatch)
    await dispatch.get("/board", LEADER)
    said: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    engine = dispatch.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        await dispatch.get("/board", LEADER)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert sum("work_orders" in statement for statement in said) == 1
    assert len(said) <= 4
