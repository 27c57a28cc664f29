"""Which work orders somebody looks for, as conditions of a query. Lists, counts and tables share them, so they agree."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.catalogue.catalogue import Priority
from services.dispatch.work_orders.lifecycle import (
    BY_HAZARD,
    DATED_BY_HAZARD,
    LIFE,
    OPEN_REQUEST,
    UNRESOLVED,
    Action,
    State,
)
from services.dispatch.work_orders.table import work_orders
from services.dispatch.work_orders.work_order import SourceKind
from shared.limits import Light
from shared.numbers import is_number, numbered
from shared.units.scope import Scope

_CHECKS = (Action.VERIFY, Action.REWORK)
_o = work_orders.c


class Task(StrEnum):
    """`todo`: the caller can take it a step further; `check`: the caller can verify it, having not resolved it."""

    TODO = "todo"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Filter:
    """All that is given must hold. `unit` leads it, or with `below` its part of the tree leads it or it happened there.

    `open`: not closed. `opened_since` and its like: from that instant on. `returned`: given back at least once. `exception_over`: assigned by an exception whose time is over, and still worked on. `suspension_over`: suspended until an instant that has passed. `text` stands in title, text or address, or is a number.
    """

    unit: str | None = None
    below: bool = False
    street: str | None = None
    area: str | None = None
    state: tuple[State, ...] = ()
    light: Light | None = None
    category: str | None = None
    priority: Priority | None = None
    open: bool | None = None
    opened_since: datetime | None = None
    resolved_since: datetime | None = None
    closed_since: datetime | None = None
    due_before: datetime | None = None
    asked: bool | None = None
    returned: bool | None = None
    exception_over: bool | None = None
    suspension_over: bool | None = None
    task: Task | None = None
    number: str | None = None
    text: str | None = None
    report_id: tuple[UUID, ...] = ()
    hazard_id: tuple[UUID, ...] = ()


def conditions(wanted: Filter, scope: Scope, now: datetime) -> Iterator[sa.ColumnElement[bool]]:
    """What rows must fulfil beside the scope's own condition."""
    if wanted.unit is not None and not wanted.below:
        yield _o.lead_unit == wanted.unit
    elif wanted.unit is not None and wanted.unit != scope.caller.reach.unit:
        # The caller's own part of the tree is what the scope lets through anyway.
        yield scope.within(wanted.unit, work_orders)
    for name in ("street", "area", "category", "priority"):
        if (value := getattr(wanted, name)) is not None:
            yield _o[name] == value
    for name, condition in _CONDITIONS.items():
        if (value := getattr(wanted, name)) not in (None, ()):
            yield condition(value)
    if wanted.light is not None:
        yield light_at(now) == wanted.light
    yield from _over(wanted, now)
    if wanted.task is not None:
        yield _task(wanted.task, scope)


def _over(wanted: Filter, now: datetime) -> Iterator[sa.ColumnElement[bool]]:
    for asked, over in (
        (wanted.exception_over, (_o.exception_until <= now) & _o.state.in_(UNRESOLVED)),
        (wanted.suspension_over, (_o.suspended_until <= now) & (_o.state == State.SUSPENDED)),
    ):
        if asked is not None:
            yield over if asked else sa.func.coalesce(over, sa.false()).is_(sa.false())


def light_at(now: datetime) -> sa.ColumnElement[str]:
    """`shared.limits.light` of a work order's limits, in SQL."""
    warned = sa.or_(
        *((_o[f"{name}_state"] == "running") & (_o[f"{name}_warn_at"] <= now) for name in ("accept", "resolve"))
    )
    return sa.case(
        (_o.due_at.is_(None), Light.NONE.value),
        (_o.due_at <= now, Light.RED.value),
        (warned, Light.YELLOW.value),
        else_=Light.GREEN.value,
    )


def _task(task: Task, scope: Scope) -> sa.ColumnElement[bool]:
    """What the table lets the caller do: by its roles where they reach the lead unit, by area roles the area."""
    caller = scope.caller
    reached = {"roles": scope.covers(_o.lead_unit), "area_roles": scope.covers(_o.area)}
    found: list[sa.ColumnElement[bool]] = []
    for (state, action), step in LIFE.moves.items():
        if (action in _CHECKS) is not (task is Task.CHECK):
            continue
        for whose, reach in reached.items():
            if caller.role in getattr(step, whose):
                found.append((_o.state == state) & reach & _fits(action) & _by_hand(action))
    mine = sa.or_(sa.false(), *found)
    return mine & _o.resolved_by.is_distinct_from(caller.subject) if task is Task.CHECK else mine


def _by_hand(action: Action) -> sa.ColumnElement[bool]:
    """What a hazard does to its work order is nobody's task there."""
    return _o.hazard_id.is_(None) if action in BY_HAZARD | DATED_BY_HAZARD else sa.true()


def _fits(action: Action) -> sa.ColumnElement[bool]:
    """What needs a request waits for one; what asks for one is no task."""
    if action not in OPEN_REQUEST:
        return sa.true()
    kinds = [kind.value for kind in OPEN_REQUEST[action] if kind is not None]
    return _o.asked["kind"].astext.in_(kinds) if kinds else sa.false()


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed)


def _numbered(typed: str) -> sa.ColumnElement[bool]:
    """Its own number, the report's that opened it, or its hazard's."""
    return numbered(_o.number, typed, prefixes=("", "GD-")) | numbered(_o.hazard_number, typed, prefixes=("", "YH-"))


def _worded(typed: str) -> sa.ColumnElement[bool]:
    if is_number(typed):
        return _numbered(typed)
    words = [_plain(word) for word in typed.split()]
    return sa.and_(
        *(
            sa.or_(*(_o[name].icontains(word, autoescape=True) for name in ("title", "text", "address")))
            for word in words
        )
    )


def _of_reports(ids: Sequence[UUID]) -> sa.ColumnElement[bool]:
    return (_o.source_kind == SourceKind.REPORT) & (_o.source_id == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid))))


_CONDITIONS: Mapping[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "state": _o.state.in_,
    "open": lambda still: _o.closed_at.is_(None) if still else _o.closed_at.is_not(None),
    "opened_since": lambda instant: _o.opened_at >= instant,
    "resolved_since": lambda instant: (_o.resolve_state == "fulfilled") & (_o.resolve_ended_at >= instant),
    "closed_since": lambda instant: _o.closed_at >= instant,
    "due_before": lambda instant: _o.due_at < instant,
    "asked": lambda asked: _o.asked.is_not(None) if asked else _o.asked.is_(None),
    "returned": lambda returned: _o.returns > 0 if returned else _o.returns == 0,
    "number": _numbered,
    "text": _worded,
    "report_id": _of_reports,
    "hazard_id": _o.hazard_id.in_,
}
