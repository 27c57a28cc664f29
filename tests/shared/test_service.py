"""The loops of a worker run until they are told to stop, all of them, or none does."""

import asyncio

import pytest

from shared import service
from shared.service import LoopEnded, run_loops


async def until_told(stop: asyncio.Event) -> None:
    await stop.wait()


async def cancelled_from_within(_: asyncio.Event) -> None:
    inner = asyncio.get_running_loop().create_future()
    inner.cancel()
    await inner


async def ended_early(_: asyncio.Event) -> None:
    return


@pytest.mark.parametrize("broken", [cancelled_from_within, ended_early])
async def test_a_loop_that_ends_by_itself_ends_the_others_with_an_error(broken: object) -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await asyncio.wait_for(run_loops({"good": until_told, "broken": broken}, asyncio.Event()), 5)
    assert raised.group_contains(LoopEnded, match="broken")


async def test_loops_that_are_told_to_stop_end_in_order() -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run_loops({"one": until_told, "two": until_told}, stop))
    await asyncio.sleep(0)
    stop.set()
    await running


async def test_a_loop_that_does_not_hear_is_cancelled_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that waits for a broker which does not answer."""
    monkeypatch.setattr(service, "GRACE_SECONDS", 0.05)
    stop, undone = asyncio.Event(), asyncio.Event()

    async def deaf(_: asyncio.Event) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            undone.set()

    running = asyncio.create_task(run_loops({"deaf": deaf, "good": until_told}, stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert undone.is_set()


async def test_loops_whose_owner_is_cancelled_are_cancelled() -> None:
    running = asyncio.create_task(run_loops({"one": until_told}, asyncio.Event()))
    await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
