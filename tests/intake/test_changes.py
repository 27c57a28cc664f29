"""Watching intake: who is told of which report, from where on, and how a connection ends."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.auth.principal import Role
from shared.live import api, hub
from tests.intake.conftest import Intake
from tests.support.city import ELSEWHERE, STREET
from tests.support.watching import watching

pytestmark = pytest.mark.anyio


def app(intake: Intake) -> Any:
    return intake.service.api


async def report(intake: Intake, key: str, *, unit: str = STREET, subject: str = "resident-1") -> str:
    answer = await intake.client.post(
        "/reports", json={"text": "没有一个词认得"},
        headers={**intake.caller(Role.RESIDENT, unit, subject), "idempotency-key": key},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_clerk_is_told_what_changes_in_the_street_and_nothing_of_another(intake: Intake) -> None:
    async with watching(app(intake), intake.caller(Role.INTAKE_CLERK, STREET)) as here:
        assert here.status == 200
        assert here.headers["content-type"].startswith("text/event-stream")
        assert "content-length" not in here.headers and here.headers["cache-control"] == "no-store"
        there = await report(intake, "there", unit=ELSEWHERE)
        mine = await report(intake, "here")
        told = await here.next()
        assert told == ("changed", {"kind": "report", "id": mine, "version": 1, "action": "submit", "street": STREET})
        assert there != mine and await here.nothing()


async def test_who_sees_what(intake: Intake) -> None:
    callers = {
        "everything": intake.caller(Role.ADMIN),
        "the reporter": intake.caller(Role.RESIDENT, STREET, "resident-1"),
        "a neighbour": intake.caller(Role.RESIDENT, STREET, "resident-2"),
        "without a unit": intake.caller(Role.LEADER),
        "of no such unit": intake.caller(Role.LEADER, "X9"),
    }
    seen = {}
    for name, who in callers.items():
        async with watching(app(intake), who) as watcher:
            await report(intake, f"report-{name.replace(' ', '-')}")
            seen[name] = not await watcher.nothing(0.6)
    assert seen == {
        "everything": True, "the reporter": True, "a neighbour": False, "without a unit": False, "of no such unit": False,
    }  # fmt: skip


async def test_a_connection_goes_on_where_the_last_one_was(intake: Intake) -> None:
    who = intake.caller(Role.INTAKE_CLERK, STREET)
    async with watching(app(intake), who) as first:
        one = await report(intake, "one")
        assert [change["id"] for change in await first.some(1)] == [one]
        last = first.last_event_id
    missed = [await report(intake, f"missed-{n}") for n in range(3)]
    async with watching(app(intake), who, last) as second:
        assert [change["id"] for change in await second.some(3)] == missed
        new = await report(intake, "new")
        assert [change["id"] for change in await second.some(1)] == [new]
        assert await second.nothing(0.4)


async def test_a_fresh_connection_has_a_position_before_anything_happened(intake: Intake) -> None:
    who = intake.caller(Role.INTAKE_CLERK, STREET)
    async with watching(app(intake), who) as first:
        await asyncio.sleep(0.1)
        last = first.last_event_id
    missed = await report(intake, "missed")
    async with watching(app(intake), who, last) as second:
        assert [change["id"] for change in await second.some(1)] == [missed]


async def test_a_position_that_is_none_means_reading_anew(intake: Intake) -> None:
    async with watching(app(intake), intake.caller(Role.ADMIN), "what?") as watcher:
        assert await watcher.next() == ("reload", {})


async def test_a_quiet_connection_gets_comments_and_stays(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "BEAT_SECONDS", 0.1)
    async with watching(app(intake), intake.caller(Role.ADMIN)) as watcher:
        await asyncio.sleep(0.55)
        assert watcher.comments >= 3 and not watcher.ended.is_set()
        assert watcher.last_event_id


async def test_it_ends_with_the_token(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "BEAT_SECONDS", 0.1)
    async with watching(app(intake), intake.caller(Role.ADMIN)) as watcher:
        intake.clock.advance(timedelta(hours=13))
        async with asyncio.timeout(5):
            await watcher.ended.wait()


async def test_who_does_not_read_is_cut_off_and_the_others_are_told(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SEND_SECONDS", 0.4)
    async with (
        watching(app(intake), intake.caller(Role.ADMIN)) as slow,
        watching(app(intake), intake.caller(Role.ADMIN)) as quick,
    ):
        slow.blocked.clear()
        await report(intake, "cut-off")
        await quick.some(1)
        async with asyncio.timeout(5):
            await slow.ended.wait()


async def test_who_lets_too_much_wait_is_cut_off(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "LONGEST_QUEUE", 2)
    async with watching(app(intake), intake.caller(Role.ADMIN)) as slow:
        slow.blocked.clear()
        for n in range(5):
            await report(intake, f"waiting-{n}")
        await asyncio.sleep(0.6)
        slow.blocked.set()
        async with asyncio.timeout(5):
            await slow.ended.wait()


async def test_a_caller_and_a_process_have_so_many_at_most(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MOST_OF_ONE", 1)
    who = intake.caller(Role.ADMIN)
    async with watching(app(intake), who):
        async with watching(app(intake), who) as second:
            assert (second.status, second.headers["retry-after"]) == (503, "2")
        monkeypatch.setattr(hub, "MOST_WATCHERS", 1)
        async with watching(app(intake), intake.caller(Role.LEADER, STREET)) as other:
            assert other.status == 503
    async with watching(app(intake), who) as again:
        assert again.status == 200


async def test_it_counts_as_no_request_that_waits_for_an_answer(intake: Intake) -> None:
    limiter = app(intake).state.limiter
    async with watching(app(intake), intake.caller(Role.ADMIN)):
        assert limiter.in_flight == 0
    assert limiter.in_flight == 0


async def test_nobody_looks_when_nobody_watches(intake: Intake) -> None:
    live = app(intake).state.live
    async with watching(app(intake), intake.caller(Role.ADMIN)):
        looking = live._looking
        assert not looking.done()
    with pytest.raises(asyncio.CancelledError):
        await looking
    async with watching(app(intake), intake.caller(Role.ADMIN)) as watcher:
        await report(intake, "looks-again")
        await watcher.some(1)


async def test_a_stranger_is_told_nothing(intake: Intake) -> None:
    async with watching(app(intake), {}) as stranger:
        assert stranger.status == 401
