"""Intake's handlers on a database of the test's own: units of work that really commit, and what is in the tables."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from services.intake.audit import aggregates
from services.intake.classifier.keyword import KeywordClassifier
from services.intake.reports.report import Channel, Contents, Report
from services.intake.reports.store import Origin, Reports
from services.intake.reports.submit_report import Receipt, Submission, submit_reports
from services.intake.reports.table import reports
from services.intake.schema import tables, units
from services.intake.triage.triage_reports import Triage
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import SetClock
from shared.db.unit_of_work import Database, UnitOfWork
from shared.errors import GridGovError
from shared.events.codec import Envelope
from shared.events.intake.reports import ReportSubmitted
from shared.events.registry.units import UnitChanged
from shared.ids import new_id
from shared.telemetry.context import continued
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from tests.support.city import CITY, STREET
from tests.support.gridgov import WORDS
from tests.support.platform import module_database, module_engine, wipe

__all__ = ["module_database", "module_engine"]

CLERK = Actor("clerk", "intake_clerk", STREET)


def submission(key: str, text: str = "路边井盖不见了", *, caller: str = "clerk", **more: Any) -> Submission:
    body = sha256(f"{text}{more}".encode()).digest()
    return Submission(
        Origin(caller, key, body),
        Contents(channel=Channel.HOTLINE, text=text, **more),
        CLERK,
        STREET,
        None,
        continued(None, None),
    )


class Intake:
    """What a test does to the service, and what it finds afterwards."""

    def __init__(self, engine: AsyncEngine, clock: SetClock) -> None:
        self.engine, self.clock = engine, clock
        self.projection = UnitProjection(units)
        self.triage = Triage(KeywordClassifier(WORDS), 0.4, self.projection)

    def uow(self) -> UnitOfWork:
        return UnitOfWork(Database(self.engine, tables, self.clock))

    async def answers(self, *submissions: Submission) -> list[Receipt | GridGovError]:
        """The answer to each, refusals too, in one transaction."""
        async with self.uow() as uow:
            return await submit_reports(submissions, uow, projection=self.projection)

    async def submit(self, *submissions: Submission) -> list[Receipt]:
        """The receipts of what must all be accepted."""
        receipts = await self.answers(*submissions)
        assert all(isinstance(receipt, Receipt) for receipt in receipts), receipts
        return receipts

    async def triaged(self, *submissions: Submission) -> list[UUID]:
        """The ids of reports that were sent and triaged by rule."""
        ids = [receipt.id for receipt in await self.submit(*submissions)]
        async with self.uow() as uow:
            await self.triage(Batch([await self.told(report_id) for report_id in ids]), uow)
        return ids

    async def told(self, report_id: UUID) -> Envelope[ReportSubmitted]:
        """The event of a submission, as the bus would deliver it; each call with an event report_id of its own."""
        report = await self.report(report_id)
        event = ReportSubmitted(
            report_id=report.id,
            number=report.number,
            channel=report.contents.channel,
            submitted_at=report.submitted_at,
            version=1,
        )
        return Envelope(new_id(), event, continued(None, None))

    async def report(self, report_id: UUID) -> Report:
        async with self.uow() as uow:
            return (await Reports.of(uow).load([report_id]))[report_id]

    async def counts(self) -> dict[str, int]:
        async with self.engine.connect() as connection:
            return {
                table.name: await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in (reports, tables.trail, tables.outbox)
            }

    async def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Type and value of the events told so far, in order."""
        outbox = tables.outbox
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.id))
            return [(json.loads(row.headers)["ce_type"], json.loads(row.value)) for row in rows]

    async def trail(self, report_id: UUID) -> list[dict[str, Any]]:
        trail = tables.trail
        async with self.engine.connect() as connection:
            rows = await connection.execute(
                sa.select(trail.c.body).where(trail.c.aggregate_id == report_id).order_by(trail.c.seq)
            )
            return [json.loads(body) for body in rows.scalars()]

    async def violations(self) -> Sequence[object]:
        async with self.engine.connect() as connection:
            return (await verify(connection, tables, aggregates)).violations


@pytest.fixture
async def intake(module_engine: AsyncEngine, clock: SetClock) -> Intake:
    """In the tests' own city, with nothing reported yet."""
    await wipe(module_engine, tables)
    intake = Intake(module_engine, clock)
    city = [
        Envelope(
            new_id(),
            UnitChanged(
                code=facts.code, kind=facts.kind, name=facts.name, aliases=facts.aliases, parent=facts.parent,
                boundary=dict(facts.boundary) if facts.boundary else None, functions=facts.functions,
                serves=facts.serves, valid_from=facts.valid_from, valid_to=facts.valid_to, version=1,
            ),
        )
        for facts in CITY.units
    ]  # fmt: skip
    async with intake.uow() as uow:
        await intake.projection.keep(Batch(city), uow)
    return intake
