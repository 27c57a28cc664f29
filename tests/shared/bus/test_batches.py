"""Calls of handlers: as few as the order of each key allows; and what is done for an event carries its trace."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.batch import Batch
from shared.bus.subscriptions import Subscriptions
from shared.events.codec import Envelope
from shared.ids import new_id
from shared.telemetry import context
from tests.shared.probe import ThingMoved, ThingNoted

THINGS = [UUID(int=n) for n in range(4)]


class ThingGone(ThingMoved):
    type = "gridgov.probe_thing.gone.v1"


async def follow(*_: object) -> None: ...


async def count(*_: object) -> None: ...


async def note(*_: object) -> None: ...


REACTIONS = {ThingMoved: (follow, count), ThingGone: (follow, count), ThingNoted: (note,)}
SUBSCRIPTIONS = Subscriptions("probes", REACTIONS)


def envelopes(picks: Sequence[tuple[type[ThingMoved], UUID]]) -> list[Envelope[ThingMoved]]:
    return [Envelope(new_id(), kind(thing=thing, step=step)) for step, (kind, thing) in enumerate(picks)]


_PICKS = st.lists(st.tuples(st.sampled_from([ThingMoved, ThingNoted, ThingGone]), st.sampled_from(THINGS)), max_size=40)


@given(_PICKS)
def test_every_handler_of_an_event_gets_it_once_and_each_key_in_its_order(
    picks: Sequence[tuple[type[ThingMoved], UUID]],
) -> None:
    calls = SUBSCRIPTIONS.calls(envelopes(picks))
    for handler in (follow, count, note):
        mine = [event for called, batch in calls if called is handler for event in batch.events]
        expected = [step for step, (kind, _) in enumerate(picks) if handler in REACTIONS[kind]]
        assert sorted(event.step for event in mine) == expected
        for thing in THINGS:
            steps = [event.step for event in mine if event.thing == thing]
            assert steps == sorted(steps)


@given(_PICKS)
def test_what_is_done_about_an_event_is_done_before_anything_about_the_next_of_its_key(
    picks: Sequence[tuple[type[ThingMoved], UUID]],
) -> None:
    calls = SUBSCRIPTIONS.calls(envelopes(picks))
    for thing in THINGS:
        done = [
            (at, event.step) for at, (_, batch) in enumerate(calls) for event in batch.events if event.thing == thing
        ]
        for kind in (ThingNoted, ThingMoved):
            firsts = [(at, step) for at, step in done if (picks[step][0] is ThingNoted) is (kind is ThingNoted)]
            others = [(at, step) for at, step in done if (picks[step][0] is ThingNoted) is not (kind is ThingNoted)]
            assert all(at < after for at, step in firsts for after, later in others if step < later)


def test_events_that_go_to_the_same_handlers_are_one_call_each() -> None:
    given = envelopes([(ThingMoved, THINGS[0]), (ThingGone, THINGS[0]), (ThingNoted, THINGS[1])])
    calls = [(handler, batch.envelopes) for handler, batch in SUBSCRIPTIONS.calls(given)]
    assert calls == [(follow, given[:2]), (count, given[:2]), (note, given[2:])]
    assert SUBSCRIPTIONS.calls([]) == []


def test_the_body_of_the_loop_works_in_the_name_of_its_event() -> None:
    first, second = (context.continued(None, None, cause) for cause in ("a", "b"))
    thing = ThingMoved(thing=THINGS[0], step=1)
    batch = Batch(
        [Envelope(new_id(), thing, first), Envelope(new_id(), thing, None), Envelope(new_id(), thing, second)]
    )
    outside = context.continued("outside", None)
    with context.bound(outside):
        assert [context.current() for _ in batch] == [first, None, second]
        assert context.current() == outside
        for _ in batch:
            break
        assert context.current() == outside
    assert len(batch) == 3


def test_a_loop_that_an_error_ended_does_not_disturb_the_work_in_which_it_is_closed() -> None:
    batch = Batch([Envelope(new_id(), ThingMoved(thing=THINGS[0], step=1), context.continued(None, None, "a"))])
    with context.bound(None):  # as the consumer calls a handler: what the loop bound goes with the call
        loop = iter(batch)
        next(loop)
        with context.bound(context.continued("other-work", None)):
            loop.close()
            assert context.correlation_id() == "other-work"
