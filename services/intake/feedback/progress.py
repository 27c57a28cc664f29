"""What a reporter is told of the work on their report: where it stands, what is promised next, and the result. Pure.

Of the work order intake keeps only what is told here. A person's name is nowhere in it; the unit is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.intake.reports.lifecycle import Status
from services.intake.reports.plain_words import Words
from shared.events.dispatch.work_orders import WorkOrderEvent
from shared.limits import LimitState
from shared.personal_data import masked


@dataclass(frozen=True, slots=True)
class Progress:
    """A report's work order as its newest event tells it. A time is there as long as it runs."""

    report_id: UUID
    version: int
    state: str
    unit: str | None
    accept_due_at: datetime | None
    resolve_due_at: datetime | None
    result: str | None
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """What will be done by when (UTC); `late` when that time has passed."""

    what: Words
    due_at: datetime
    late: bool


STATES: Final[Mapping[Status, Words]] = {
    Status.RECEIVED: Words("已收到，正在核对。", "Received; it is being checked."),
    Status.NEEDS_REVIEW: Words(
        "已收到，工作人员正在核对地点和类别。", "Received; staff check the place and the matter."
    ),
    Status.TRIAGED: Words("已受理，正在安排责任单位。", "Taken up; the unit responsible is being named."),
    Status.REJECTED: Words("不属于本平台受理范围，原因见下。", "Outside of what this platform handles; see why below."),
    Status.DISPATCHED: Words("责任单位正在办理。", "The unit responsible works on it."),
    Status.RESOLVED: Words("已办理，正在核查。", "Dealt with; it is being checked."),
    Status.CLOSED: Words("已办结。", "Closed."),
    Status.DUPLICATE: Words(
        "已并入同一问题，一并办理。", "Joined with a report of the same; they are seen to together."
    ),
    Status.REOPENED: Words("已收到重新办理的要求，正在安排。", "Opened again, as you asked; it is being arranged."),
}
_WORK: Final[Mapping[str, Words]] = {
    "pending": Words("已受理，正在确定责任单位。", "Taken up; the unit responsible is being found."),
    "assigned": Words("已交责任单位，等待接单。", "Given to the unit responsible, which must take it up."),
    "accepted": Words("责任单位已接单。", "The unit responsible has taken it up."),
    "suspended": Words("因客观原因暂缓办理，条件具备后继续。", "Held up by circumstances; it goes on when they allow."),
}
"""While it is dispatched the state of the work order says more."""

NAMED: Final = Words("确定责任单位", "a unit is named")
TAKEN_UP: Final = Words("责任单位接单", "the unit takes it up")
DONE: Final = Words("办理完成", "it is dealt with")
_WITH_RESULT: Final = frozenset({Status.RESOLVED, Status.CLOSED, Status.REOPENED})


def progress_of(event: WorkOrderEvent, report_id: UUID) -> Progress:
    running = {name: limit.due_at for name, limit in event.limits.items() if limit.state is LimitState.RUNNING}
    return Progress(
        report_id=report_id,
        version=event.version,
        state=event.state,
        unit=event.lead_unit,
        accept_due_at=running.get("accept"),
        resolve_due_at=running.get("resolve"),
        result=event.result,
        photos=event.result_photos,
    )


def state(status: Status, progress: Progress | None) -> Words:
    if status is Status.DISPATCHED and progress is not None:
        return _WORK.get(progress.state, STATES[status])
    return STATES[status]


def promises(status: Status, progress: Progress | None, now: datetime) -> list[Promise]:
    """What is promised, what is due next first; empty where no time runs."""
    if status is not Status.DISPATCHED or progress is None:
        return []
    first = TAKEN_UP if progress.unit else NAMED
    told = ((first, progress.accept_due_at), (DONE, progress.resolve_due_at))
    made = [Promise(what, due_at, late=due_at < now) for what, due_at in told if due_at is not None]
    return sorted(made, key=lambda promise: promise.due_at)


def result(status: Status, progress: Progress | None) -> str | None:
    """What the unit says was done, without telephone numbers and the like; only while it stands."""
    if status not in _WITH_RESULT or progress is None or progress.result is None:
        return None
    return masked(progress.result)


def photos(status: Status, progress: Progress | None) -> tuple[UUID, ...]:
    """The photos at dispatch that show the result; as long as it stands."""
    return progress.photos if status in _WITH_RESULT and progress is not None else ()
