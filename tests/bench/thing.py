"""A service called bench with one kind of aggregate: what the spine is measured on, so that no service's rules count."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.change import Actor, Change
from shared.db.tables import service_tables
from shared.events.intake.reports import ReportSubmitted
from shared.trail.tables import append_only

tables = service_tables("bench")
things = sa.Table(
    "things",
    tables.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)
BY = Actor("bench", "service", "A7-QT")


@dataclass(frozen=True, slots=True)
class Thing:
    id: UUID
    version: int = 1


def told(thing: Thing, at: datetime) -> Change[Thing]:
    """A change to `thing` as intake's own are: one event, a few facts for the trail."""
    number = f"A7-QT-20261118-{thing.id.int % 1_000_000:06d}"
    event = ReportSubmitted(report_id=thing.id, number=number, channel="import", submitted_at=at, version=thing.version)
    return Change(thing, "submit", BY, at, what={"number": number, "channel": "import"}, events=(event,))


async def create_tables(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.schema.CreateSchema(tables.service))
        await connection.run_sync(tables.metadata.create_all)
        for statement in append_only(tables.service):
            await connection.execute(sa.text(statement))
