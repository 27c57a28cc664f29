"""Poison: what no retry can help becomes a dead letter with its origin and cause, and the partition moves on."""

import asyncio
import json
from typing import Any

import pytest

from shared.bus.consumer import MOST_IN_A_ROW, Halted
from shared.bus.port import Record
from shared.errors import Conflict
from shared.events.catalog import EVENTS
from shared.ids import new_id
from tests.shared.bus.consumers import GROUP, Consumers, headers_of, running
from tests.shared.probe import THINGS, ThingMoved, ThingNoted

pytestmark = pytest.mark.anyio
SECRET = "王小明 13900001111"
GOOD = ThingMoved(thing=new_id(), step=1, note=SECRET)


def marks(**changed: str | None) -> str:
    headers = {**headers_of(GOOD), **changed}
    return json.dumps({name: text for name, text in headers.items() if text is not None})


_BODY = GOOD.model_dump_json().encode()
POISON: dict[str, tuple[str | None, bytes | None, str, str]] = {
    "not JSON": (GOOD.key, SECRET.encode(), marks(), "does not fit: body"),
    "not UTF-8": (GOOD.key, b"\xff\xfe{}", marks(), "does not fit: body"),
    "empty": (GOOD.key, b"", marks(), "does not fit: body"),
    "a list": (GOOD.key, f'["{SECRET}"]'.encode(), marks(), "does not fit: body"),
    "a field of another type": (GOOD.key, _BODY.replace(b'"step":1', b'"step":"x"'), marks(), "does not fit: step"),
    "a field missing": (GOOD.key, b"{}", marks(), "does not fit: thing, step"),
    "unknown version": (GOOD.key, _BODY, marks(ce_type="gridgov.probe_thing.moved.v2"), "a version of this event"),
    "no type": (GOOD.key, _BODY, marks(ce_type=None), "no ce_type header"),
    "no headers": (GOOD.key, _BODY, "{}", "no ce_type header"),
    "no id": (GOOD.key, _BODY, marks(ce_id=None), "ce_id is missing or no UUID"),
    "an id that is none": (GOOD.key, _BODY, marks(ce_id=SECRET), "ce_id is missing or no UUID"),
    "null key": (None, _BODY, marks(), "no key: its order cannot be kept"),
    "null value": (GOOD.key, None, marks(), "no value"),
}


@pytest.mark.parametrize(("key", "value", "headers", "reason"), POISON.values(), ids=POISON)
async def test_a_record_that_cannot_be_read_goes_to_the_dead_letters_with_origin_and_reason_and_the_next_one_taken(
    consumers: Consumers, key: str | None, value: bytes | None, headers: str, reason: str
) -> None:
    thing = new_id()
    before, after = (ThingMoved(thing=thing, step=step) for step in (1, 2))
    await consumers.send_raw(before.key, before.model_dump_json().encode(), json.dumps(headers_of(before)))
    await consumers.send_raw(key, value, headers)
    await consumers.send_raw(after.key, after.model_dump_json().encode(), json.dumps(headers_of(after)))
    assert await consumers.drain() == 3
    assert await consumers.steps(thing) == [1, 2]
    (letter,) = await consumers.letters()
    found = letter.headers
    assert (found["dead_topic"], found["dead_partition"], found["dead_offset"]) == (THINGS, "0", "1")
    assert found["dead_group"] == GROUP
    assert reason in found["dead_reason"]
    assert SECRET not in found["dead_reason"]
    assert found.items() >= json.loads(headers).items()
    assert letter.value == value
    assert await consumers.drain() == 0


class Mistake(Exception):
    """As a library raises it, with the value in its text."""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Mistake(SECRET), "Mistake at "),
        (KeyError(SECRET), "KeyError at "),
        (Conflict("closed", SECRET, SECRET), "closed"),
    ],
    ids=["unexpected", "builtin", "refused"],
)
async def test_a_handler_that_always_fails_buries_the_event_without_what_the_error_quotes(
    consumers: Consumers, error: Exception, reason: str
) -> None:
    def fail(events: list[Any]) -> None:
        if any(event.note == SECRET for event in events):
            raise error

    consumers.handlers.trouble = fail
    await consumers.send(GOOD, ThingNoted(thing=GOOD.thing, step=2))
    await consumers.drain()
    assert await consumers.steps(GOOD.thing) == [2]
    (letter,) = await consumers.letters()
    assert reason in letter.headers["dead_reason"]
    assert SECRET not in letter.headers["dead_reason"]
    assert letter.headers["dead_offset"] == "0"


async def test_a_key_that_the_database_cannot_hold_does_not_stop_the_consumer(consumers: Consumers) -> None:
    """Kafka lets a stranger use any bytes as a key."""
    await consumers.consumer().handle(
        [Record(THINGS, 0, 5, "a\x00b", b"?", {"x": "a\x00b"}, consumers.probe.clock.now())]
    )
    (letter,) = await consumers.letters()
    assert (letter.key, letter.headers["x"]) == ("a\ufffdb", "a\x00b")


async def test_types_that_are_somebody_elses_business_are_passed_over(consumers: Consumers) -> None:
    for name in ("gridgov.other.happened.v1", EVENTS[0].type, "anything"):
        await consumers.send_raw(None, b"?", json.dumps({"ce_type": name}))
    assert await consumers.drain() == 3
    assert await consumers.letters() == []
    assert await consumers.effects() == []


def refuse(_: list[Any]) -> None:
    raise Conflict("no", "不", "no")


async def test_too_many_letters_in_a_row_stop_the_consumer_and_its_readiness_says_so(consumers: Consumers) -> None:
    consumers.handlers.trouble = refuse
    await consumers.send(*(ThingMoved(thing=new_id(), step=step) for step in range(3 * MOST_IN_A_ROW)))
    consumer = consumers.consumer()
    async with running(consumer) as (task, _):
        async with asyncio.timeout(20):
            while not consumer.halted:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert not task.done(), "its process would end with it, and the next one dead_letter the next events"
    with pytest.raises(Halted):
        await consumer.ready()
    assert consumers.counted("consumer_halted") == 1
    assert len(await consumers.letters()) == MOST_IN_A_ROW

    consumers.handlers.trouble = lambda _: None
    await consumers.drain()
    assert len(await consumers.effects()) == 3 * MOST_IN_A_ROW, "after the cause is mended nothing is missing"


async def test_a_success_in_between_starts_the_count_anew(consumers: Consumers) -> None:
    good = new_id()

    def refuse_others(events: list[Any]) -> None:
        if any(event.thing != good for event in events):
            refuse(events)

    consumers.handlers.trouble = refuse_others
    for step in range(MOST_IN_A_ROW + 5):
        await consumers.send_raw_event(ThingMoved(thing=new_id(), step=step))
        if step % 10 == 0:
            await consumers.send_raw_event(ThingMoved(thing=good, step=step))
    await consumers.drain()
    assert len(await consumers.letters()) == MOST_IN_A_ROW + 5


async def test_what_takes_no_effect_in_between_does_not_start_the_count_anew(consumers: Consumers) -> None:
    """A topic in which half of the events are nobody's business here must not hide that all others fail."""
    known = ThingMoved(thing=new_id(), step=0)
    headers = json.dumps(headers_of(known))
    await consumers.send_raw(known.key, known.model_dump_json().encode(), headers)
    await consumers.drain()
    consumers.handlers.trouble = refuse
    for step in range(MOST_IN_A_ROW + 1):
        await consumers.send_raw_event(ThingMoved(thing=new_id(), step=step))
        await consumers.send_raw("k", b"{}", json.dumps({"ce_type": "gridgov.other.happened.v1"}))
        await consumers.send_raw(known.key, known.model_dump_json().encode(), headers)
    with pytest.raises(Halted):
        await consumers.drain()
    assert len(await consumers.letters()) == MOST_IN_A_ROW
