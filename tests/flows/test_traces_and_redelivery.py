"""What a request started can be followed to the last event; and events may come again, in any order between keys."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gridgov.local.postgres import BlockingPostgres
from shared.auth.principal import Role
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SetClock
from shared.events import topics
from tests.conftest import NOON
from tests.support.buses import Thrice, shuffled
from tests.support.city import CITY, COMMUNITY, STREET, STREET_URBAN
from tests.support.gridgov import GridGov, gridgov

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EVENTS = (topics.REPORTS, topics.WORK_ORDERS, topics.CLOCKS)


async def test_correlation_and_trace_reach_the_last_event(platform: GridGov) -> None:
    headers = {
        **platform.caller(Role.SERVICE),
        "idempotency-key": "traced",
        "x-correlation-id": "hotline-4711",
        "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
    }
    # Others at the same time, in the same batches: nobody's events carry somebody else's marks.
    await platform.report("星湖社区井盖", "before")
    answer = await platform.clients["intake"].post("/reports", json={"text": "星湖社区井盖"}, headers=headers)
    await platform.report("星湖社区井盖", "after")
    assert answer.headers["x-correlation-id"] == "hotline-4711"
    await platform.drain()
    order = await platform.work_order(answer.json()["id"])
    platform.clock.advance(timedelta(hours=6))
    await platform.watch()
    mine = [
        record for record in await platform.records(*EVENTS) if record.headers["ce_correlationid"] == "hotline-4711"
    ]
    assert {record.headers["traceparent"].split("-")[1] for record in mine} == {TRACE}
    assert [record.headers["ce_type"] for record in mine] == [
        "gridgov.report.submitted.v1",
        "gridgov.report.triaged.v1",
        "gridgov.work_order.opened.v1",
        "gridgov.clock.warned.v1",
        "gridgov.clock.reminded.v1",
    ]
    assert {record.key for record in mine} == {answer.json()["id"], order["id"]}
    spans = [record.headers["traceparent"].split("-")[2] for record in mine]
    assert "00f067aa0ba902b7" not in spans


async def lives(platform: GridGov) -> None:
    """Reports in every stage: waiting for a person, dispatched, pending, returned, reworked, closed."""
    texts = ["说不清是什么事", "柳湾街道井盖", *["星湖社区井盖"] * 4]
    ids = [(await platform.report(text, f"life-{n}")).json()["id"] for n, text in enumerate(texts)]
    await platform.drain()
    handler, checker = (Role.DEPARTMENT_HANDLER, STREET_URBAN), (Role.GRID_WORKER, COMMUNITY)
    steps: list[tuple[str, tuple[Role, str], dict[str, str]]] = [
        ("accept", handler, {}),
        ("start", handler, {}),
        ("resolve", handler, {"result": "已更换"}),
        ("rework", checker, {"why": "仍松动"}),
        ("resolve", handler, {"result": "已紧固"}),
        ("verify", checker, {}),
        ("close", (Role.DISPATCHER, STREET), {}),
    ]
    returned, reworked, closed = [await platform.work_order(report) for report in ids[3:]]
    assert (await platform.act(returned, "return", *handler, why="不归我们管")).status_code == 200
    for order, count in ((reworked, 4), (closed, 7)):
        now: dict[str, Any] = order
        for action, who, body in steps[:count]:
            answer = await platform.act(now, action, *who, **body)
            assert answer.status_code == 200, answer.text
            now = answer.json()
    await platform.drain()
    platform.clock.advance(timedelta(days=30))
    await platform.watch()


async def stages(platform: GridGov) -> tuple[list[str], list[str]]:
    content = await platform.content()
    return (
        sorted(report["status"] for report in content["intake.reports"]),
        sorted(order["state"] for order in content["dispatch.work_orders"]),
    )


EXPECTED = (
    ["closed", "dispatched", "dispatched", "dispatched", "dispatched", "needs_review"],
    ["assigned", "closed", "in_progress", "pending", "pending"],
)


async def deliver_all_again(platform: GridGov, times: int, random: Random) -> None:
    records = await platform.records(topics.UNITS, topics.POSTS, *EVENTS)
    for _ in range(times):
        again = shuffled(records, random)
        for consumer in platform.consumers:
            await consumer.handle([r for r in again if r.topic in consumer._subscriptions.topics])
    await platform.drain()


async def test_every_event_three_times_more_changes_not_a_byte(own_platform: GridGov) -> None:
    await lives(own_platform)
    assert await stages(own_platform) == EXPECTED
    before = await own_platform.content()
    await deliver_all_again(own_platform, 3, Random(1))
    assert await own_platform.content() == before
    assert await own_platform.trail_violations() == []


async def test_the_effects_know_what_they_took_even_without_the_inbox(own_platform: GridGov) -> None:
    await lives(own_platform)
    before = await own_platform.content()
    await own_platform.forget_what_was_taken()
    await deliver_all_again(own_platform, 1, Random(2))
    after = await own_platform.content()
    for content in (before, after):
        # The services' own notes may go on: how often a projection was written, what a version was before.
        for name in [name for name in content if name.endswith("units_revision")]:
            del content[name]
        for row in content["supervision.things"]:
            del row["before"]
    assert after == before


@pytest.fixture(params=[1, 2])
async def platform_thrice(
    request: pytest.FixtureRequest, migrated_server: BlockingPostgres, database_name: str, tmp_path: Path
) -> AsyncIterator[GridGov]:
    bus = Thrice(PostgresBus(migrated_server.dsn_of(database_name)), seed=request.param)
    await bus.start()
    try:
        url = migrated_server.url_of(database_name)
        async with gridgov(url, bus, SetClock(NOON), tmp_path, city=CITY) as platform:
            yield platform
    finally:
        await bus.close()


async def test_everything_delivered_three_times_from_the_start_comes_to_the_same(platform_thrice: GridGov) -> None:
    await lives(platform_thrice)
    assert await stages(platform_thrice) == EXPECTED
    content = await platform_thrice.content()
    assert len(content["supervision.clocks"]) == 10
    assert await platform_thrice.trail_violations() == []
