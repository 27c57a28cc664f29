"""The duty (定期职责): what one unit or premises owes by a plan, run after run. Pure.

One run is open at a time, as the limit `do`. Past its due time it stays overdue until it is fulfilled or waived; runs
that pass meanwhile do not pile up, they are missed. What an act did late counts for its own period, too.
No two runs of a duty begin at one instant, which names a run: where plan, opening hours or calendar change, the next one
begins when the one before was due, or now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.registry.duties.kinds import Bearer, Outcome
from services.registry.duties.periods import Rhythm, Span, first_span, limit_of, span_after, spans_between
from services.registry.errors import DUTY_DONE_ALREADY
from shared.auth.principal import Role
from shared.change import Actor, Change
from shared.events.limits import told
from shared.events.registry.duties import DutyBegun, DutyEvent, DutyMoved
from shared.lifecycle import Lifecycle, Move
from shared.limits import Effect, TimeLimit, affected
from shared.worktime.calendar import Calendar


class State(StrEnum):
    RUNNING = "running"
    WAIVER_ASKED = "waiver_asked"
    PAUSED = "paused"
    ENDED = "ended"


class Action(StrEnum):
    FULFIL = "fulfil"
    ASK_WAIVER = "ask_waiver"
    GRANT_WAIVER = "grant_waiver"
    DECLINE_WAIVER = "decline_waiver"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


_DOERS: Final = frozenset(
    {Role.GRID_WORKER, Role.DEPARTMENT_HANDLER, Role.POLICE_LIAISON, Role.LEADER, Role.SAFETY_MANAGER, Role.ADMIN}
)
_DECIDERS: Final = frozenset({Role.LEADER, Role.SUPERVISOR, Role.ADMIN})
LIFE: Final[Lifecycle[State, Action, Move]] = Lifecycle(
    "duty",
    "定期职责",
    "duty",
    {
        (State.RUNNING, Action.FULFIL): Move(State.RUNNING, _DOERS),
        (State.RUNNING, Action.ASK_WAIVER): Move(State.WAIVER_ASKED, _DOERS),
        (State.RUNNING, Action.PAUSE): Move(State.PAUSED),
        (State.RUNNING, Action.END): Move(State.ENDED),
        (State.WAIVER_ASKED, Action.FULFIL): Move(State.RUNNING, _DOERS),
        (State.WAIVER_ASKED, Action.GRANT_WAIVER): Move(State.RUNNING, _DECIDERS),
        (State.WAIVER_ASKED, Action.DECLINE_WAIVER): Move(State.RUNNING, _DECIDERS),
        (State.WAIVER_ASKED, Action.PAUSE): Move(State.PAUSED),
        (State.WAIVER_ASKED, Action.END): Move(State.ENDED),
        (State.PAUSED, Action.RESUME): Move(State.RUNNING),
        (State.PAUSED, Action.END): Move(State.ENDED),
        (State.ENDED, Action.RESUME): Move(State.RUNNING),
    },
)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a bearer owes by a plan: the plan's part of a duty, and where it is. Of a premises `unit` is the one it lies in."""

    duty: str
    name: str
    plan_id: UUID
    watched: bool
    bearer: Bearer
    bearer_id: UUID
    unit: str
    street: str
    rhythm: Rhythm

    @property
    def premises_id(self) -> UUID | None:
        return self.bearer_id if self.bearer is Bearer.PREMISES else None


@dataclass(frozen=True, slots=True)
class Last:
    """What fulfilled it last: `what` is an act's word or `by_hand`; then `id` and `number` are of the thing that was done.
    `at` is when it was done (UTC)."""

    what: str
    at: datetime
    outcome: Outcome
    id: UUID | None = None
    number: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who asked that the run be waived, of which unit, when and why. `declined` is why it is still owed, empty until
    somebody said so."""

    by: str
    unit: str | None
    at: datetime
    why: str
    declined: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """`duty` is the code of what is owed. Bearer and code together are no other duty's, for ever."""

    id: UUID
    number: str
    duty: str
    name: str
    plan_id: UUID
    watched: bool
    bearer: Bearer
    bearer_id: UUID
    street: str
    state: State
    do: TimeLimit
    last: Last | None
    waiver: Waiver | None
    version: int

    @property
    def unit(self) -> str:
        """Who must act."""
        return self.do.unit

    @property
    def premises_id(self) -> UUID | None:
        return self.bearer_id if self.bearer is Bearer.PREMISES else None


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is over; `last` is what ended it, None for one that was missed."""

    duty: Duty
    span: Span
    outcome: Outcome
    last: Last | None


@dataclass(frozen=True, slots=True)
class Step:
    """Several changes of one duty in their order, and the runs that they ended."""

    changes: Sequence[Change[Duty]]
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts, when (UTC), in which working calendar."""

    by: Actor
    now: datetime
    calendar: Calendar


def begin(owed: Owed, id: UUID, number: str, moment: Moment) -> Change[Duty]:
    """A new duty in its first run."""
    duty = Duty(
        id=id, number=number, duty=owed.duty, name=owed.name, plan_id=owed.plan_id, watched=owed.watched,
        bearer=owed.bearer, bearer_id=owed.bearer_id, street=owed.street, state=State.RUNNING,
        do=_first(owed, moment), last=None, waiver=None, version=1,
    )  # fmt: skip
    return _change(duty, "begin", moment, {"duty": owed.duty, "unit": owed.unit, "due_at": duty.do.due_at})


def counts_for(duty: Duty, at: datetime) -> bool:
    """Whether what was done at `at` counts for the open run: not what was done before it began."""
    return Action.FULFIL in LIFE.possible(duty.state) and at >= duty.do.started_at


def fulfil(duty: Duty, last: Last, rhythm: Rhythm, moment: Moment) -> Step:
    """The duty fulfilled, in its next run. Raises Conflict where the open run has not begun, or nothing is owed."""
    state = State(LIFE.move(duty.state, Action.FULFIL).after)
    if last.at < duty.do.started_at:
        raise DUTY_DONE_ALREADY(data={"begins_at": duty.do.started_at})
    late = last.at > duty.do.due_at
    last = replace(last, outcome=Outcome.LATE if late else Outcome.KEPT)
    runs = [Run(duty, _span(duty), last.outcome, last)]
    following = _following(duty, rhythm, duty.do.due_at, moment)
    if late:
        runs += [Run(duty, span, Outcome.MISSED, None) for span in _passed(duty, rhythm, last.at, moment)]
        following = _following(duty, rhythm, last.at, moment)
        if following.start <= last.at:
            kept = replace(last, outcome=Outcome.KEPT)
            runs.append(Run(duty, following, Outcome.KEPT, kept))
            following = span_after(rhythm, following.due, moment.calendar)
    # Whether it was kept is a question of when it was done, not of when that was told.
    ended = replace(duty, state=state, do=affected(duty.do, Effect.FULFIL, last.at, moment.calendar))
    ended = replace(ended, last=last, waiver=None)
    return Step(list(_begun_anew(ended, Action.FULFIL, last, following, rhythm, moment)), runs)


def ask_waiver(duty: Duty, why: str, moment: Moment) -> Change[Duty]:
    """The duty, of whose open run somebody asks to be let off; the run goes on meanwhile."""
    state = State(LIFE.move(duty.state, Action.ASK_WAIVER).after)
    waiver = Waiver(moment.by.id, moment.by.unit, moment.now, why)
    return _changed(replace(duty, state=state, waiver=waiver), Action.ASK_WAIVER, moment, why=why)


def decline_waiver(duty: Duty, why: str, moment: Moment) -> Change[Duty]:
    """The duty, still owed; who asked reads why until the run is over."""
    state = State(LIFE.move(duty.state, Action.DECLINE_WAIVER).after)
    waiver = duty.waiver and replace(duty.waiver, declined=why)
    return _changed(replace(duty, state=state, waiver=waiver), Action.DECLINE_WAIVER, moment, why=why)


def grant_waiver(duty: Duty, why: str, rhythm: Rhythm, moment: Moment) -> Step:
    """The duty in its next run: nobody waits for the open one, nor for those that passed since."""
    state = State(LIFE.move(duty.state, Action.GRANT_WAIVER).after)
    last = Last("waiver", moment.now, Outcome.WAIVED, why=why)
    passed = _passed(duty, rhythm, moment.now, moment)
    runs = [Run(duty, span, Outcome.WAIVED, last) for span in (_span(duty), *passed)]
    following = _following(duty, rhythm, max(duty.do.due_at, moment.now), moment)
    ended = replace(duty, state=state, do=affected(duty.do, Effect.STOP, moment.now, moment.calendar))
    ended = replace(ended, last=last, waiver=None)
    return Step(list(_begun_anew(ended, Action.GRANT_WAIVER, last, following, rhythm, moment)), runs)


def end(duty: Duty, rhythm: Rhythm, moment: Moment) -> Step:
    """The duty, which nobody owes any more: its bearer ended, or no plan asks for it. What was overdue until then was
    missed."""
    return Step([_stopped(duty, Action.END, moment)], _missed(duty, rhythm, moment))


def follow(duty: Duty, owed: Owed, moment: Moment, *, paused: bool, new_calendar: bool = False) -> Step | None:
    """The duty as the plan and the bearer are now: moved, by another plan, paused or resumed. None where nothing differs.
    Another rhythm begins a new run, a `new_calendar` moves the end of the open one; an overdue one stays overdue, and was
    missed where a pause begins."""
    if duty.state is State.ENDED and paused:
        return None
    named = replace(duty, name=owed.name, plan_id=owed.plan_id, watched=owed.watched, street=owed.street)
    if duty.state in (State.ENDED, State.PAUSED) and not paused:
        state = State(LIFE.move(duty.state, Action.RESUME).after)
        resumed = replace(named, state=state, do=_first_from_now(duty, owed, moment))
        return Step([_changed(resumed, Action.RESUME, moment, told_before=duty.watched)], ())
    if paused and duty.state is not State.PAUSED:
        paused_now = _stopped(named, Action.PAUSE, moment, told_before=duty.watched)
        return Step([paused_now], _missed(duty, owed.rhythm, moment))
    placed = replace(named, do=replace(duty.do, unit=owed.unit))
    run = _run_now(placed, owed, moment, new_calendar=new_calendar)
    if new_calendar and run != placed.do:
        what = {"due_at": run.due_at, "was_due_at": duty.do.due_at, "calendar": moment.calendar.version}
        after = replace(placed, do=run)
        return Step([_changed(after, "remeasure", moment, what=what, told_before=duty.watched)], ())
    placed = replace(placed, do=run)
    return None if placed == duty else Step([_changed(placed, "follow", moment, told_before=duty.watched)], ())


def _run_now(duty: Duty, owed: Owed, moment: Moment, *, new_calendar: bool) -> TimeLimit:
    """The open run as rhythm and calendar have it now. A new calendar moves its end, and makes nobody late by that."""
    if duty.state is State.PAUSED or duty.do.due_at <= moment.now:
        return duty.do
    if new_calendar:
        span = _begun(span_after(owed.rhythm, duty.do.started_at, moment.calendar), duty.do.started_at)
        run = limit_of(span, duty.do.unit, owed.rhythm, moment.calendar)
        return run if run.due_at > moment.now else duty.do
    return duty.do if _in_step(duty, owed, moment) else _first_from_now(duty, owed, moment)


def _in_step(duty: Duty, owed: Owed, moment: Moment) -> bool:
    """Whether the open run is one of the rhythm, or the rest of one."""
    started = duty.do.started_at
    return _begun(span_after(owed.rhythm, started, moment.calendar), started) == _span(duty)


def _first(owed: Owed, moment: Moment) -> TimeLimit:
    span = first_span(owed.rhythm, moment.now, moment.calendar)
    return limit_of(span, owed.unit, owed.rhythm, moment.calendar)


def _first_from_now(duty: Duty, owed: Owed, moment: Moment) -> TimeLimit:
    """The same of a duty that had runs before: a period in which it was done is done, and of any other the rest is owed."""
    span, last, open_since = first_span(owed.rhythm, moment.now, moment.calendar), duty.last, duty.do.started_at
    if last is not None and last.outcome is Outcome.WAIVED:  # maybe before it began: nobody waits before the open run
        span = max(span, _begun(span_after(owed.rhythm, open_since, moment.calendar), open_since))
    elif last is not None and last.at >= span.start:
        span = span_after(owed.rhythm, span.due, moment.calendar)
    return limit_of(_begun(span, moment.now), owed.unit, owed.rhythm, moment.calendar)


def _following(duty: Duty, rhythm: Rhythm, at: datetime, moment: Moment) -> Span:
    """The first run that is due after `at`, of those after the open one."""
    return _begun(span_after(rhythm, at, moment.calendar), duty.do.due_at)


def _passed(duty: Duty, rhythm: Rhythm, until: datetime, moment: Moment) -> Iterator[Span]:
    """The runs after the open one that are due by `until`."""
    for span in spans_between(rhythm, duty.do.due_at, until, moment.calendar):
        yield _begun(span, duty.do.due_at)


def _missed(duty: Duty, rhythm: Rhythm, moment: Moment) -> list[Run]:
    """What is overdue now: the open run, and those that passed since."""
    if duty.state not in RUNNING or duty.do.due_at > moment.now:
        return []
    spans = (_span(duty), *_passed(duty, rhythm, moment.now, moment))
    return [Run(duty, span, Outcome.MISSED, None) for span in spans]


def _begun(span: Span, earliest: datetime) -> Span:
    """The run, or what is left of it: another rhythm may have it begin before the last run was due."""
    return span._replace(start=max(span.start, earliest))


def _span(duty: Duty) -> Span:
    return Span(duty.do.started_at, duty.do.due_at)


def _stopped(duty: Duty, action: Action, moment: Moment, *, told_before: bool = False) -> Change[Duty]:
    state = State(LIFE.move(duty.state, action).after)
    effect = Effect.SUSPEND if action is Action.PAUSE else Effect.STOP
    do = affected(duty.do, effect, moment.now, moment.calendar)
    return _changed(replace(duty, state=state, do=do, waiver=None), action, moment, told_before=told_before)


def _begun_anew(
    ended: Duty, action: Action, last: Last, following: Span, rhythm: Rhythm, moment: Moment
) -> Iterator[Change[Duty]]:
    """The end of a run and the next one: two changes where supervision watches, for it must hear of both limits."""
    what = {"outcome": last.outcome, "what": last.what, "thing": last.number, "due_at": ended.do.due_at}
    do = limit_of(following, ended.unit, rhythm, moment.calendar)
    if not ended.watched:
        yield _changed(replace(ended, do=do), action, moment, why=last.why or None, what=what)
        return
    over = _changed(ended, action, moment, why=last.why or None, what=what, outcome=last.outcome)
    yield over
    yield _changed(replace(over.after, do=do), "begin", moment, what={"due_at": do.due_at})


def _changed(
    after: Duty,
    action: str,
    moment: Moment,
    *,
    why: str | None = None,
    what: dict[str, Any] | None = None,
    outcome: Outcome | None = None,
    told_before: bool = False,
) -> Change[Duty]:
    after = replace(after, version=after.version + 1)
    return _change(after, action, moment, what or {}, why=why, outcome=outcome, told_before=told_before)


def _change(
    after: Duty,
    action: str,
    moment: Moment,
    what: dict[str, Any],
    *,
    why: str | None = None,
    outcome: Outcome | None = None,
    told_before: bool = False,
) -> Change[Duty]:
    events = (_event(after, action, outcome, moment.now),) if after.watched or told_before else ()
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in what.items()}
    return Change(after, action, moment.by, moment.now, why, said, events)


def _event(duty: Duty, action: str, outcome: Outcome | None, at: datetime) -> DutyEvent:
    kind = DutyBegun if duty.version == 1 else DutyMoved
    return kind(
        duty_id=duty.id, number=duty.number, area=duty.unit, street=duty.street, at=at, version=duty.version,
        limits={"do": told(duty.do)} if duty.watched else {}, duty=duty.duty, name=duty.name, bearer=duty.bearer,
        premises_id=duty.premises_id, action=action, state=duty.state, outcome=outcome,
    )  # fmt: skip


RUNNING: Final = (State.RUNNING, State.WAIVER_ASKED)
"""The states in which a run is open."""
