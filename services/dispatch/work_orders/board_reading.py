"""The numbers of the board: one statement over what is open or was closed within a week, grouped three ways at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dispatch.schema import units
from services.dispatch.work_orders.table import work_orders
from shared.units.scope import Scope, below
from shared.units.tree import UnitTree

_o = work_orders.c
_SETS: Final = sa.text("GROUPING SETS ((), (lead_unit), (area))")
_ALL, _LEAD, _AREA = 0b11, 0b01, 0b10
"""What `grouping` says of each set: a bit for every column that is not in it."""
WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The whole, and the same by lead unit and area; each row by the names of `_measures`."""

    whole: Mapping[str, int]
    by_lead: Mapping[str, Mapping[str, int]]
    by_area: Mapping[str, Mapping[str, int]]


async def numbers(
    connection: AsyncConnection, scope: Scope, unit: str | None, tree: UnitTree, *, now: datetime, midnight: datetime
) -> Numbers:
    """Of the part of the tree that `unit` is (None: of all that the caller sees); `midnight` began the local day."""
    measures = _measures(now, midnight)
    shown = [condition.label(name) for name, condition in measures.items()]
    what = sa.func.grouping(_o.lead_unit, _o.area).label("what")
    select = scope.select(work_orders, what, _o.lead_unit, _o.area, *shown)
    select = select.where(sa.or_(_o.closed_at.is_(None), _o.closed_at >= midnight - WEEK), *_part(scope, unit, tree))
    rows = (await connection.execute(select.group_by(_SETS))).mappings().all()

    def by(set_: int, key: str) -> dict[str, Mapping[str, int]]:
        return {row[key]: _counts(row, measures) for row in rows if row["what"] == set_ and row[key] is not None}

    whole = next((_counts(row, measures) for row in rows if row["what"] == _ALL), dict.fromkeys(measures, 0))
    return Numbers(whole, by(_LEAD, "lead_unit"), by(_AREA, "area"))


def _counts(row: sa.RowMapping, measures: Mapping[str, Any]) -> Mapping[str, int]:
    return {name: row[name] for name in measures}


def _part(scope: Scope, unit: str | None, tree: UnitTree) -> Sequence[sa.ColumnElement[bool]]:
    """A street's rows by its own column, so that an index finds them; of a city or district its streets'."""
    if unit is None:
        return ()
    known = tree.get(unit)
    if known is not None and known.kind == "street":
        return (_o.street == unit,)
    if known is not None and known.kind in {"city", "district"}:
        return (_o.street.in_(below(units.units, unit)),)
    return (scope.within(unit, work_orders),)


def _measures(now: datetime, midnight: datetime) -> Mapping[str, sa.ColumnElement[int]]:
    """Yesterday's `open` and `overdue` are those at its end, by the limits as they stand now."""
    yesterday, week = midnight - _DAY, midnight - WEEK
    open_now = _o.closed_at.is_(None)
    open_then = (_o.opened_at < midnight) & (open_now | (_o.closed_at >= midnight))
    in_time = _o.resolve_ended_at <= _o.resolve_due_at

    def resolved(since: datetime, until: datetime) -> sa.ColumnElement[bool]:
        return (_o.resolve_state == "fulfilled") & _between(_o.resolve_ended_at, since, until)

    conditions = {
        "open": open_now,
        "overdue": open_now & (_o.due_at <= now),
        "opened": _o.opened_at >= midnight,
        "closed": _o.closed_at >= midnight,
        "resolved": resolved(midnight, now),
        "in_time": resolved(midnight, now) & in_time,
        "open_before": open_then,
        "overdue_before": open_then & sa.or_(_late("accept", midnight), _late("resolve", midnight)),
        "opened_before": _between(_o.opened_at, yesterday, midnight),
        "closed_before": _between(_o.closed_at, yesterday, midnight),
        "resolved_before": resolved(yesterday, midnight),
        "in_time_before": resolved(yesterday, midnight) & in_time,
        "resolved_week": resolved(week, now),
        "in_time_week": resolved(week, now) & in_time,
    }
    return {name: sa.func.count().filter(condition) for name, condition in conditions.items()}


def _between(column: sa.ColumnElement[Any], since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    return (column >= since) & (column <= until)


def _late(name: str, at: datetime) -> sa.ColumnElement[bool]:
    """Whether the limit ran at that instant and was over."""
    of = {what: _o[f"{name}_{what}"] for what in ("started_at", "due_at", "ended_at", "suspended_at")}
    return sa.and_(
        of["started_at"] < at,
        of["due_at"] <= at,
        of["ended_at"].is_(None) | (of["ended_at"] > at),
        of["suspended_at"].is_(None) | (of["suspended_at"] > at),
    )
