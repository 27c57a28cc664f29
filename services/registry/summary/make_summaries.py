"""Periods that are over get their summaries: each unit one, once, however many workers look and whenever they are killed."""

from typing import Final
from zlib import crc32

import sqlalchemy as sa

from services.registry.summary.counting_reading import Counter
from services.registry.summary.numbers import Numbers, rolled_up
from services.registry.summary.period import Length, Period, period_of
from services.registry.summary.reading import NOT_SUMMED
from services.registry.summary.store import Summaries
from services.registry.summary.summary import make
from services.registry.summary.tree_reading import parents_on, tree_on
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.worktime.calendar import Calendar

BY: Final = Actor(id="registry", role="service")
_TURN: Final = sa.select(sa.func.pg_try_advisory_xact_lock(crc32(b"gridgov.registry.summary")))


async def make_summaries(uow: UnitOfWork, calendar: Calendar) -> int:
    """Make the summaries of the oldest period that lacks them; how many. 0: none lacks them, or another worker is at it."""
    if not await uow.connection.scalar(_TURN):
        return 0
    for length in Length:
        if (period := await _lacking(uow, length)) is not None:
            return await _make(uow, period, calendar)
    return 0


async def _lacking(uow: UnitOfWork, length: Length) -> Period | None:
    """After an outage all that ended meanwhile, one after the other; at first only the period that ended last."""
    over = period_of(length, local_day(uow.now)).before
    newest = await Summaries.of(uow).newest(length)
    if newest is None:
        return over
    return newest.after if newest.first < over.first else None


async def _make(uow: UnitOfWork, period: Period, calendar: Calendar) -> int:
    numbers = rolled_up(await Counter(uow, period, calendar).counted(), await parents_on(uow, period.last))
    there = tree_on(uow, period.last).c
    rows = await uow.connection.scalars(sa.select(there.code).where(there.kind.not_in(NOT_SUMMED)).order_by(there.code))
    store, codes = Summaries.of(uow), list(rows)
    for code in codes:
        store.add(make(new_id(), code, period, numbers.get(code, Numbers()), by=BY, now=uow.now))
    return len(codes)
