"""What each action on a work order does to its two clocks: one row per action (domain.md §3.3). Pure.

An action without a row, such as one of a newer dispatch, moves no clock; an effect that a clock's own lifecycle does
not know in its state changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.supervision.clocks.clock import Clock, Kind, start
from services.supervision.clocks.lifecycle import MOVES, Action, meet, reassign, rework, stop
from shared.change import Actor, Change
from shared.events.dispatch.work_orders import WorkOrderEvent, WorkOrderOpened
from shared.worktime.calendar import Calendar
from shared.worktime.limits import parse_limit


class Effect(StrEnum):
    """What happens to one clock. `start`: what runs is stopped, a new one counts from the event's instant."""

    KEEP = "keep"
    START = "start"
    MEET = "meet"
    STOP = "stop"
    HAND_OVER = "hand_over"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Reaction:
    accept: Effect = Effect.KEEP
    resolve: Effect = Effect.KEEP

    def items(self) -> Iterable[tuple[Kind, Effect]]:
        return (Kind.ACCEPT, self.accept), (Kind.RESOLVE, self.resolve)


REACTIONS: Mapping[str, Reaction] = {
    "open": Reaction(accept=Effect.START, resolve=Effect.START),
    "assign": Reaction(accept=Effect.START, resolve=Effect.HAND_OVER),
    "accept": Reaction(accept=Effect.MEET),
    "start": Reaction(),
    "resolve": Reaction(resolve=Effect.MEET),
    "verify": Reaction(),
    "rework": Reaction(resolve=Effect.RESUME),
    "close": Reaction(accept=Effect.STOP, resolve=Effect.STOP),
    "return": Reaction(accept=Effect.STOP, resolve=Effect.HAND_OVER),
}

_RUNNING_IN: Mapping[Kind, frozenset[str]] = {
    Kind.ACCEPT: frozenset({"assigned"}),
    Kind.RESOLVE: frozenset({"pending", "assigned", "accepted", "in_progress"}),
}
"""The states of a work order in which a clock runs, where only the state is known."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reaction needs besides event and clocks: who is named on the trail, ids, working time."""

    by: Actor
    new_id: Callable[[], UUID]
    calendar: Calendar


def react(
    event: WorkOrderEvent, current: Mapping[Kind, Clock], context: Context, *, known: bool
) -> Iterator[Change[Clock]]:
    """The changes that `event` makes to the `current` clocks of its work order, oldest first.

    A work order that is not `known` although it moves gets the clocks that run in its state, from the event's facts;
    what ended before is not made up. Raises Invalid for a limit that cannot be read.
    """
    if not known and not isinstance(event, WorkOrderOpened):
        for kind, states in _RUNNING_IN.items():
            if event.state in states:
                yield _started(event, kind, context)
        return
    for kind, effect in REACTIONS.get(event.action, Reaction()).items():
        yield from _affected(event, kind, effect, current.get(kind), context)


def _affected(
    event: WorkOrderEvent, kind: Kind, effect: Effect, clock: Clock | None, context: Context
) -> Iterator[Change[Clock]]:
    if effect is Effect.START:
        if clock is not None and (clock.state, Action.STOP) in MOVES:
            yield stop(clock, event.at, context.by)
        yield _started(event, kind, context)
    elif clock is None:
        if effect is Effect.RESUME:
            yield _started(event, kind, context)
    elif effect in _ACTION and (clock.state, _ACTION[effect]) in MOVES:
        match effect:
            case Effect.MEET:
                yield meet(clock, event.at, context.by)
            case Effect.STOP:
                yield stop(clock, event.at, context.by)
            case Effect.RESUME:
                yield rework(clock, event.at, context.by)
            case Effect.HAND_OVER if clock.unit != responsible(event):
                yield reassign(clock, responsible(event), event.at, context.by)
            case _:
                pass


_ACTION: Mapping[Effect, Action] = {
    Effect.MEET: Action.MEET,
    Effect.STOP: Action.STOP,
    Effect.RESUME: Action.REWORK,
    Effect.HAND_OVER: Action.REASSIGN,
}
"""What an effect on a present clock asks of its lifecycle."""


def responsible(event: WorkOrderEvent) -> str:
    """Who must act: the lead unit, or where nobody leads yet the area, whose dispatcher must find one."""
    return event.lead_unit or event.area


def _started(event: WorkOrderEvent, kind: Kind, context: Context) -> Change[Clock]:
    accept = kind is Kind.ACCEPT
    return start(
        clock_id=context.new_id(),
        work_order_id=event.work_order_id,
        kind=kind,
        unit=responsible(event),
        limit=parse_limit(event.accept_limit if accept else event.resolve_limit),
        started_at=event.accept_from if accept else event.resolve_from,
        due_at=event.accept_due_at if accept else event.resolve_due_at,
        at=event.at,
        by=context.by,
        calendar=context.calendar,
    )
