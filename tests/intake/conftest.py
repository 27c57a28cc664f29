"""Intake on real PostgreSQL in the tests' own city: handlers, people who ask over HTTP, and what is in the tables."""

import json
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.local.postgres import BlockingPostgres
from services.intake.app import build
from services.intake.audit import aggregates
from services.intake.classifier.keyword import KeywordClassifier
from services.intake.places.coordinates import System, Told
from services.intake.reports.report import Channel, Contents, Report
from services.intake.reports.store import Reports
from services.intake.reports.submit_report import Receipt, Submission, submit_reports
from services.intake.reports.table import reports
from services.intake.schema import tables, units
from services.intake.triage.triage_reports import Triage
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.batch import Batch
from shared.bus.postgres.bus import PostgresBus
from shared.change import Actor
from shared.clock import SetClock
from shared.db.unit_of_work import Database, UnitOfWork
from shared.errors import GridGovError
from shared.events.codec import Envelope
from shared.events.intake.reports import ReportSubmitted
from shared.events.registry.units import UnitChanged
from shared.ids import new_id
from shared.origin import Origin
from shared.service import Resources, Service
from shared.settings import Settings
from shared.telemetry.context import continued
from shared.telemetry.metrics import Metrics
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from tests.support.city import CITY, STREET
from tests.support.gridgov import WORDS
from tests.support.platform import module_database, module_engine, wipe

__all__ = ["module_database", "module_engine"]

CLERK = Actor("clerk", "intake_clerk", STREET)


def told_point(longitude: float, latitude: float, system: System = System.WGS84) -> dict[str, Any]:
    """The contents of a report that was sent with this point."""
    told = Told(longitude, latitude, system)
    point, radius = told.centre()
    return {
        "longitude": point.lon, "latitude": point.lat, "point_radius": radius, "declared_point": str(told),
    }  # fmt: skip


def submission(key: str, text: str = "路边井盖不见了", *, caller: str = "clerk", **more: Any) -> Submission:
    body = sha256(f"{text}{more}".encode()).digest()
    return Submission(
        Origin(caller, key, body),
        Contents(channel=Channel.HOTLINE, text=text, **more),
        CLERK,
        STREET,
        None,
        None,
        continued(None, None),
    )


class Intake:
    """What a test does to the service, and what it finds afterwards."""

    def __init__(self, service: Service, client: httpx2.AsyncClient, issuer: LocalIssuer, clock: SetClock) -> None:
        self.service, self.client, self.clock = service, client, clock
        self.engine = service.database.engine
        self._issuer = issuer
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
        await self.triage_by_rule(*ids)
        return ids

    async def triage_by_rule(self, *report_ids: UUID) -> None:
        told = [await self.told(report_id) for report_id in report_ids]
        async with self.uow() as uow:
            await self.triage(Batch(told), uow)

    def token(self, role: Role, unit: str | None = None, subject: str | None = None) -> str:
        return self._issuer.issue(subject or (f"{role}@{unit}" if unit else str(role)), role, unit=unit)

    def caller(self, role: Role, unit: str | None = None, subject: str | None = None) -> dict[str, str]:
        """The headers of a caller."""
        return {"authorization": f"Bearer {self.token(role, unit, subject)}"}

    async def get(self, path: str, *, role: Role = Role.ADMIN, unit: str | None = None, **query: Any) -> Any:
        """The body of a GET that must succeed."""
        answer = await self.client.get(path, params=query, headers=self.caller(role, unit))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(
        self,
        path: str,
        body: Any,
        *,
        role: Role = Role.INTAKE_CLERK,
        unit: str | None = STREET,
        version: int | str | None = None,
    ) -> httpx2.Response:
        """The answer to a POST, by default a clerk's; `version` as a number or as If-Match has it."""
        headers = self.caller(role, unit)
        if version is not None:
            headers["if-match"] = version if isinstance(version, str) else f'"{version}"'
        return await self.client.post(path, json=body, headers=headers)

    async def send(
        self, text: str, key: str, *, role: Role = Role.SERVICE, unit: str | None = None, **more: Any
    ) -> httpx2.Response:
        """Send a report over HTTP and return the answer, whatever it is."""
        return await self.client.post(
            "/reports",
            json={"text": text, "channel": "hotline", **more},
            headers={**self.caller(role, unit), "idempotency-key": key},
        )

    async def reported(self, text: str, key: str, **more: Any) -> str:
        """The id of a report that was sent over HTTP and triaged by rule."""
        answer = await self.send(text, key, **more)
        assert answer.status_code == 201, answer.text
        await self.triage_by_rule(UUID(answer.json()["id"]))
        return str(answer.json()["id"])

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

    async def content(self, table: sa.Table) -> list[sa.RowMapping]:
        """Every row of a table, as it is stored."""
        async with self.engine.connect() as connection:
            rows = await connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            return list(rows.mappings())

    async def violations(self) -> Sequence[object]:
        async with self.engine.connect() as connection:
            return (await verify(connection, tables, aggregates)).violations


@pytest.fixture
async def intake(
    module_engine: AsyncEngine, migrated_server: BlockingPostgres, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Intake]:
    """In the tests' own city, with nothing reported yet, in a database that the tests of a module share."""
    await wipe(module_engine, tables)
    issuer = LocalIssuer(tmp_path / "tokens", clock)
    resources = Resources(
        Settings(member="test"), clock, module_engine, PostgresBus(migrated_server.dsn_of("postgres")),
        LocalVerifier(tmp_path / "tokens", clock), Metrics(CollectorRegistry()), tmp_path / "fields", issuer,
        behind_proxy=True,
    )  # fmt: skip
    service = build(resources, KeywordClassifier(WORDS))
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
    transport = httpx2.ASGITransport(app=service.api)
    async with httpx2.AsyncClient(transport=transport, base_url="http://intake") as client:
        intake = Intake(service, client, issuer, clock)
        async with intake.uow() as uow:
            await intake.projection.keep(Batch(city), uow)
        yield intake
