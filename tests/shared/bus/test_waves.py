"""Waves: as few calls of handlers as the order of each key allows."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.subscriptions import waves
from shared.events.codec import Envelope
from shared.ids import new_id
from tests.shared.probe import ThingMoved, ThingNoted

THINGS = [UUID(int=n) for n in range(4)]


class ThingGone(ThingMoved):
    type = "gridgov.probe_thing.gone.v1"


def envelopes(picks: Sequence[tuple[type[ThingMoved], UUID]]) -> list[Envelope[ThingMoved]]:
    return [Envelope(new_id(), kind(thing=thing, step=step)) for step, (kind, thing) in enumerate(picks)]


_PICKS = st.lists(st.tuples(st.sampled_from([ThingMoved, ThingNoted, ThingGone]), st.sampled_from(THINGS)), max_size=40)


@given(_PICKS)
def test_every_event_is_in_once_with_its_own_class_and_each_key_keeps_its_order(
    picks: Sequence[tuple[type[ThingMoved], UUID]],
) -> None:
    batch = envelopes(picks)
    called = [(kind, envelope) for wave in waves(batch) for kind, members in wave.items() for envelope in members]
    assert all(type(envelope.event) is kind for kind, envelope in called)
    assert sorted(envelope.event.step for _, envelope in called) == list(range(len(batch)))
    for thing in THINGS:
        steps = [envelope.event.step for _, envelope in called if envelope.event.thing == thing]
        assert steps == sorted(steps)


@given(_PICKS)
def test_a_wave_ends_only_where_a_key_changes_its_class(picks: Sequence[tuple[type[ThingMoved], UUID]]) -> None:
    changes, last = 0, {}
    for kind, thing in picks:
        if last.get(thing, kind) is not kind:
            changes, last = changes + 1, {}
        last[thing] = kind
    assert len(waves(envelopes(picks))) == changes + 1


def test_events_of_one_class_and_of_different_keys_go_together() -> None:
    moved = envelopes([(ThingMoved, thing) for thing in THINGS * 3])
    assert waves(moved) == [{ThingMoved: moved}]
    both = envelopes([(ThingMoved, THINGS[0]), (ThingNoted, THINGS[1]), (ThingMoved, THINGS[0])])
    assert waves(both) == [{ThingMoved: [both[0], both[2]], ThingNoted: [both[1]]}]
    assert waves([]) == [{}]
