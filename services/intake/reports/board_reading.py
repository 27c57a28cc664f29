"""The board's numbers of reports: what came today and yesterday, and the latest ones, without anything that was told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.reports.table import reports
from shared.units.scope import Scope

_DAY: Final = timedelta(days=1)
_LATEST: Final = 20
_r = reports.c
_SHOWN: Final = (
    _r.id, _r.number, _r.channel, _r.status, _r.street, _r.place_unit, _r.category_name, _r.submitted_at,
)  # fmt: skip


@dataclass(slots=True)
class Day:
    """What came in one local day, by where it stands now and by channel."""

    by_status: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)


async def two_days(connection: AsyncConnection, scope: Scope, unit: str | None, midnight: datetime) -> tuple[Day, Day]:
    """Today and yesterday of the part of the tree that `unit` is (None: of all that the caller sees)."""
    today = (_r.submitted_at >= midnight).label("today")
    select = scope.select(reports, today, _r.status, _r.channel, sa.func.count())
    select = _part(select, scope, unit).where(_r.submitted_at >= midnight - _DAY)
    days = {True: Day(), False: Day()}
    for of_today, status, channel, count in await connection.execute(select.group_by(today, _r.status, _r.channel)):
        days[of_today].by_status[status] += count
        days[of_today].by_channel[channel] += count
    return days[True], days[False]


async def latest(
    connection: AsyncConnection, scope: Scope, unit: str | None, midnight: datetime
) -> Sequence[sa.RowMapping]:
    """The newest of the two days."""
    select = _part(scope.select(reports, *_SHOWN), scope, unit).where(_r.submitted_at >= midnight - _DAY)
    select = select.order_by(_r.submitted_at.desc(), _r.id).limit(_LATEST)
    rows: Sequence[sa.RowMapping] = (await connection.execute(select)).mappings().all()
    return rows


def _part(select: sa.Select[Any], scope: Scope, unit: str | None) -> sa.Select[Any]:
    if unit is None or unit == scope.caller.reach.unit:
        return select  # what the scope lets through
    return select.where(scope.within(unit, reports))
