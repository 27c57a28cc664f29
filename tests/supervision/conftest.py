"""Supervision on a database of the test's own: units of work that really commit, and what is in the tables."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from services.supervision.clocks.clock import Clock
from services.supervision.clocks.follow_limits import keep_clocks
from services.supervision.clocks.store import clock_of
from services.supervision.schema import aggregates, clocks, tables, units
from services.supervision.unit_of_work import SupervisionUnitOfWork
from shared.bus.batch import Batch
from shared.clock import SetClock
from shared.db.unit_of_work import Database
from shared.events.codec import Envelope
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china

CHINA = china()
UowFactory = Callable[[], SupervisionUnitOfWork]


class Supervision:
    """What a test does to the service, and what it finds afterwards."""

    def __init__(self, engine: AsyncEngine, clock: SetClock) -> None:
        self.engine, self.clock = engine, clock
        self.projection = UnitProjection(units)

    def uow(self) -> SupervisionUnitOfWork:
        return SupervisionUnitOfWork(Database(self.engine, tables, self.clock), self.projection)

    async def deliver(self, *batch: Envelope[Any]) -> None:
        """One batch as the consumer takes it, without its inbox: what is delivered twice arrives twice."""
        async with self.uow() as uow:
            await keep_clocks(Batch(batch), uow, calendar=CHINA)

    async def clocks(self, work_order_id: UUID | None = None) -> list[Clock]:
        query = sa.select(clocks).order_by(clocks.c.since, clocks.c.kind)
        if work_order_id is not None:
            query = query.where(clocks.c.work_order_id == work_order_id)
        async with self.engine.connect() as connection:
            return [clock_of(row) for row in (await connection.execute(query)).mappings()]

    async def outbox(self) -> list[tuple[dict[str, str], dict[str, Any]]]:
        """Headers and values of the events told so far, in order."""
        outbox = tables.outbox
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.id))
            return [(json.loads(row.headers), json.loads(row.value)) for row in rows]

    async def told(self) -> Counter[tuple[str, str]]:
        """How often each step of each clock was told."""
        return Counter((value["clock_id"], headers["ce_type"]) for headers, value in await self.outbox())

    async def trail(self) -> list[str]:
        """The actions on all trails, in order per clock."""
        trail = tables.trail
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(trail.c.body).order_by(trail.c.aggregate_id, trail.c.seq))
            return [json.loads(body)["action"] for body in rows.scalars()]

    async def violations(self) -> Sequence[object]:
        async with self.engine.connect() as connection:
            return (await verify(connection, tables, aggregates)).violations


@pytest.fixture
def supervision(engine: AsyncEngine, clock: SetClock) -> Supervision:
    return Supervision(engine, clock)
