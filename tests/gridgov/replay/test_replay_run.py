"""Pacing, the books of a run, and what happens to rows while the server goes away and comes back."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest
from yarl import URL

from gridgov.replay.books import Books, percentiles
from gridgov.replay.client import Accepted, Client, Refused
from gridgov.replay.file import Row
from gridgov.replay.refusal import Stopped
from gridgov.replay.run import Replay, planned
from gridgov.replay.table import Names
from tests.gridgov.replay.fake_gridgov import TOKEN, FakeGridGov, running


def row(number: int) -> Row:
    return Row(number, str(number), "标题", f"内容 {number}", None)


def order(report_id: str, number: str = "W-1") -> dict[str, Any]:
    return {
        "sources": [{"id": report_id}],
        "number": number,
        "category": "c",
        "place": {"area": "A"},
        "lead_unit": None,
        "text": "long",
    }


def test_a_rate_spaces_rows_evenly_from_the_start() -> None:
    assert [planned(index, 4) for index in range(5)] == [0, 0.25, 0.5, 0.75, 1.0]
    assert planned(4325, 100) == pytest.approx(43.25)
    assert planned(4325, None) is None


def test_percentiles_are_values_that_occurred() -> None:
    assert percentiles([n / 1000 for n in range(100, 0, -1)]) == {"p50": 50, "p95": 95, "p99": 99}
    assert percentiles([0.0125]) == {"p50": 12.5, "p95": 12.5, "p99": 12.5}
    assert percentiles([]) == {"p50": None, "p95": None, "p99": None}


def test_the_books_balance_at_every_moment() -> None:
    books = Books(read=4)
    for number in range(4):
        books.sent(10.0 + number)
    books.answered(row(1), Accepted("a", "N-1", repeated=False), sent_at=10.0, at=10.1)
    books.answered(row(2), Accepted("b", "N-2", repeated=True), sent_at=11.0, at=11.1)
    books.answered(row(3), Refused("text_blank", "空", "blank"), sent_at=12.0, at=12.1)
    assert (books.accepted, books.refused, books.unsent, books.settled) == (2, 1, 1, 1)
    books.visible([order("a")], 12.5)
    books.explained([{"id": "b", "status": "needs_review", "review_reasons": ["place_unknown"]}])
    summary = books.summary()
    assert (summary.work_orders, summary.needs_person, summary.repeated) == (1, 1, 1)
    assert (summary.seconds, summary.reports_per_second) == (2.5, 0.8)
    assert summary.latency_ms["p50"] == 2500
    assert summary.without_work_order == {"place_unknown": 1}


def test_the_same_message_twice_in_a_file_is_one_report() -> None:
    books = Books(read=2)
    for number in (1, 2):
        books.answered(row(number), Accepted("a", "N-1", repeated=False), sent_at=1.0, at=1.1)
    books.visible([order("a")], 2.0)
    assert (books.accepted, books.repeated, books.summary().work_orders) == (2, 1, 1)
    assert not books.outstanding


def test_two_work_orders_for_one_report_are_counted_as_two() -> None:
    books = Books(read=1)
    books.answered(row(1), Accepted("a", "N-1", repeated=False), sent_at=1.0, at=1.1)
    books.visible([order("a", "W-1"), order("a", "W-2")], 2.0)
    assert books.summary().work_orders == 2


@pytest.mark.parametrize("status", ["received", "triaged", "dispatched", "resolved", "closed"])
def test_a_report_on_its_way_stays_outstanding(status: str) -> None:
    books = Books(read=1)
    books.answered(row(1), Accepted("a", "N-1", repeated=False), sent_at=1.0, at=1.1)
    assert books.explained([{"id": "a", "status": status}]) == 0
    assert list(books.outstanding) == ["a"]


def test_an_area_is_counted_at_its_district() -> None:
    names = Names([
        {"code": "A", "kind": "city", "name": "A市", "parent": None},
        {"code": "A7", "kind": "district", "name": "A7县", "parent": "A"},
        {"code": "A7-QT", "kind": "street", "name": "泉塘街道", "parent": "A7"},
        {"code": "A7-QT-01", "kind": "community", "name": "泉塘社区", "parent": "A7-QT"},
    ])  # fmt: skip
    assert [names.district(code) for code in ("A7-QT-01", "A7", "A", "K9-X-01")] == ["A7", "A7", "A", "K9"]
    assert Names().district("A7-QT-01") == "A7"


def test_a_server_that_is_not_there_yet_is_waited_for() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    books = Books(read=1)

    async def scenario() -> None:
        async with Client(url, lambda: TOKEN, patience=0.3) as client:
            with pytest.raises(Stopped, match="start it and run this again"):
                await Replay(client, [row(1)], books).run()

    asyncio.run(scenario())
    assert books.accepted == 0


def test_a_server_that_dies_and_comes_back_in_mid_replay_costs_time_only() -> None:
    fake = FakeGridGov()
    books = Books(read=120)
    died, back = threading.Event(), threading.Event()

    def life() -> None:
        with running(fake):
            port = URL(fake.url).port
            started.set()
            died.wait(10)
        # While it is away: rows in flight meet a closed connection, then nobody at all.
        time.sleep(0.3)
        with running(fake, port):
            back.wait(20)

    async def scenario() -> bool:
        async with Client(fake.url, lambda: TOKEN) as client:
            return await Replay(client, [row(n) for n in range(120)], books).run()

    def kill_at(count: int) -> None:
        if count == 40:
            fake.drop_answers = 10
            died.set()

    started = threading.Event()
    fake.on_submission = kill_at
    server = threading.Thread(target=life)
    server.start()
    try:
        assert started.wait(10)
        assert asyncio.run(scenario())
    finally:
        died.set()
        back.set()
        server.join(20)
    summary = books.summary()
    assert (summary.accepted, summary.repeated, summary.work_orders) == (120, 0, 120)
    assert len(fake.reports) == 120
