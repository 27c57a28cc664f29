"""What an owner tells of its limits, and what becomes of the clocks: one rule for every kind of thing."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.supervision.clocks.clock import Clock, Level
from services.supervision.clocks.follow import follow
from services.supervision.clocks.ladder import due_steps
from shared.change import Actor, Change
from shared.events.limits import LimitedEvent
from shared.ids import new_id
from shared.limits import LimitState
from tests.conftest import NOON
from tests.supervision.stories import ACCEPT, AREA, LEAD, OTHER, RESOLVE, STREET, Story, life

BY = Actor("dispatch", "service")
R, S, F, H = LimitState.RUNNING, LimitState.STOPPED, LimitState.FULFILLED, LimitState.SUSPENDED


def followed(*events: LimitedEvent, clocks: dict[UUID, Clock] | None = None) -> list[Clock]:
    """The clocks after these events, in the order of their beginning."""
    present = dict(clocks or {})
    for event in events:
        for change in list(follow(event, present.values(), new_id=new_id, by=BY)):
            present[change.after.id] = change.after
    return list(present.values())


def after(*actions: str, lead: str | None = LEAD) -> list[Clock]:
    return followed(*(envelope.event for envelope in life(*actions, at=NOON, lead=lead).events))


def news(story: Story, clocks: list[Clock]) -> list[Change[Clock]]:
    return list(follow(story.last.event, clocks, new_id=new_id, by=BY))


def seen(clocks: list[Clock]) -> list[tuple[str, str, LimitState]]:
    return [(clock.name, clock.unit, clock.state) for clock in clocks]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ("", [("accept", LEAD, R), ("resolve", LEAD, R)]),
        ("accept", [("accept", LEAD, F), ("resolve", LEAD, R)]),
        ("accept start", [("accept", LEAD, F), ("resolve", LEAD, R)]),
        ("accept resolve", [("accept", LEAD, F), ("resolve", LEAD, F)]),
        ("accept resolve rework", [("accept", LEAD, F), ("resolve", LEAD, R)]),
        ("accept suspend", [("accept", LEAD, F), ("resolve", LEAD, H)]),
        ("accept suspend resume", [("accept", LEAD, F), ("resolve", LEAD, R)]),
        ("accept suspend close", [("accept", LEAD, F), ("resolve", LEAD, S)]),
        ("return", [("accept", LEAD, S), ("resolve", AREA, R), ("accept", AREA, R)]),
        ("close", [("accept", LEAD, S), ("resolve", LEAD, S)]),
    ],
)
def test_a_clock_is_what_was_told_of_its_limit(actions: str, expected: list[tuple[str, str, LimitState]]) -> None:
    assert seen(after(*actions.split())) == expected


def test_a_clock_holds_what_its_owner_promised_to_the_letter() -> None:
    story = Story(NOON)
    accept, resolve = after()
    limit = story.limit("accept")
    assert (accept.started_at, accept.warn_at, accept.due_at, accept.limit) == (
        NOON, limit.warn_at, NOON + ACCEPT, str(limit.limit),
    )  # fmt: skip
    assert (resolve.due_at, resolve.thing, resolve.area, resolve.street) == (NOON + RESOLVE, "work_order", AREA, STREET)


def test_a_limit_that_began_anew_is_another_clock_and_the_old_one_that_still_ran_stops() -> None:
    story = life("return", at=NOON)
    story("assign", lead=OTHER)
    first, resolve, second, third = followed(*(envelope.event for envelope in story.events))
    assert [clock.state for clock in (first, second, third)] == [S, S, R]
    assert (first.ended_at, second.ended_at) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=2))
    assert (third.unit, third.due_at, third.level) == (OTHER, story.at + ACCEPT, Level.NONE)
    assert (resolve.unit, resolve.state, resolve.due_at) == (OTHER, R, NOON + RESOLVE)


def test_a_clock_that_had_ended_stays_as_it_was_when_its_limit_begins_anew() -> None:
    story = life("accept", at=NOON)
    clocks = followed(*(envelope.event for envelope in story.events))
    anew = followed(story("assign", lead=OTHER).last.event, clocks={clock.id: clock for clock in clocks})
    assert anew[0] == clocks[0]
    assert anew[0].kept is True


@pytest.mark.parametrize("action", ["suspend", "extend", "return", "resolve"])
def test_what_was_taken_stays_taken(action: str) -> None:
    story = Story(NOON)
    reminded = [replace(clock, level=Level.REMINDED) for clock in followed(story.last.event)]
    assert {change.after.level for change in news(story(action), reminded) if change.after.version > 1} == {
        Level.REMINDED
    }


def test_two_runs_that_begin_at_the_same_instant_are_one_clock_that_loses_no_step() -> None:
    """None of the first can have been taken: the second was told before anything later than their beginning."""
    story = Story(NOON)
    clocks = followed(story.last.event)
    story.at -= timedelta(minutes=1)  # which the next action adds again
    (accept, *_) = followed(story("return").last.event, clocks={clock.id: clock for clock in clocks})
    assert (accept.started_at, accept.unit, accept.state, accept.level) == (NOON, AREA, R, Level.NONE)
    assert [step.due_at(accept) for step in due_steps(accept, accept.due_at)] == [accept.warn_at, accept.due_at]


def test_an_extension_moves_warning_and_due_as_told() -> None:
    story = Story(NOON)
    clocks = followed(story.last.event)
    (change,) = news(story("extend"), clocks)
    assert (change.after.due_at, change.after.warn_at) == (NOON + 2 * RESOLVE, NOON + RESOLVE * 1.8)
    assert change.what["due_at"] == [(NOON + RESOLVE).isoformat(), (NOON + 2 * RESOLVE).isoformat()]


def test_what_tells_nothing_new_changes_nothing() -> None:
    story = Story(NOON)
    clocks = followed(story.last.event)
    assert news(story("start"), clocks) == []


def test_the_trail_says_from_what_to_what() -> None:
    story = Story(NOON)
    clocks = followed(story.last.event)
    accept, *_ = news(story("accept"), clocks)
    assert (accept.action, accept.by) == ("follow", BY)
    assert accept.what == {"state": ["running", "fulfilled"], "ended_at": [None, story.at.isoformat()]}


def test_a_clock_that_is_told_of_no_more_stops() -> None:
    story = Story(NOON)
    clocks = followed(story.last.event)
    event = story("start").last.event
    without = event.model_copy(update={"limits": {"resolve": event.limits["resolve"]}})
    (change,) = follow(without, clocks, new_id=new_id, by=BY)
    assert (change.action, change.after.name, change.after.state, change.after.ended_at) == (
        "stop",
        "accept",
        S,
        story.at,
    )
    stopped = followed(without, clocks={clock.id: clock for clock in clocks})
    assert list(follow(without, stopped, new_id=new_id, by=BY)) == []


def test_a_thing_that_was_never_heard_of_gets_its_clocks_as_they_are() -> None:
    accept, resolve = followed(life("accept", "resolve", "rework", at=NOON).last.event)
    assert (accept.state, accept.kept, resolve.state, resolve.due_at) == (
        F,
        True,
        R,
        NOON + RESOLVE + timedelta(minutes=1),
    )


def test_a_limit_told_late_was_kept_or_not_by_when_the_unit_acted() -> None:
    story = Story(NOON)
    story.at += ACCEPT
    clocks = followed(story("accept").last.event)
    assert clocks[0].kept is False
    assert clocks[1].kept is None


def test_a_limit_that_warns_after_its_end_is_refused() -> None:
    clock = after()[0]
    with pytest.raises(ValueError, match="warns"):
        replace(clock, warn_at=clock.due_at + timedelta(seconds=1))
