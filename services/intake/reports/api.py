"""Reports over HTTP: sending one, finding and reading them, a person's triage, the reporter behind one."""

import json
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from services.intake.deps import Intake, IntakeDep
from services.intake.places.coordinates import to_wgs84
from services.intake.reports.reading import ReportReader, Row
from services.intake.reports.report import Contents
from services.intake.reports.reporter import Reporter
from services.intake.reports.reveal_reporter import reveal_reporter
from services.intake.reports.schemas import (
    ListQuery,
    ReceiptOut,
    ReporterIn,
    ReporterOut,
    ReportIn,
    ReportOut,
    ReportPage,
    RevealIn,
    TriageIn,
)
from services.intake.reports.store import Origin
from services.intake.reports.submit_report import Submission
from services.intake.schema import tables
from services.intake.triage.decide_triage import Decision, decide_triage
from services.intake.unit_of_work import IntakeUnitOfWork
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal, Role
from shared.errors import Invalid, NotFound
from shared.http.etags import ExpectedVersion, answer
from shared.http.routes import router
from shared.http.types import Id, IdempotencyKey
from shared.telemetry import context
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["民情 · Reports"])

Sender = Annotated[
    Principal, may(Role.RESIDENT, Role.GRID_WORKER, Role.INTAKE_CLERK, Role.DISPATCHER, Role.SERVICE, Role.ADMIN)
]
Reader = Annotated[Principal, signed_in()]
Triager = Annotated[Principal, may(Role.INTAKE_CLERK, Role.DISPATCHER, Role.ADMIN)]


@routes.post("/reports", status_code=201)
async def submit(
    body: ReportIn, key: IdempotencyKey, caller: Sender, intake: IntakeDep, response: Response
) -> ReceiptOut:
    """Send a report. The same Idempotency-Key and body gives the first answer again, any number of times · 上报民情。"""
    told = body.model_dump(mode="json")
    if body.category is not None and body.category not in intake.categories:
        raise Invalid(
            "category_unknown",
            "没有这个类别，请从类别表中选择，或留空由系统建议。",
            "There is no such category; choose one from the list, or leave it out for a suggestion.",
            field="category",
            data={"categories": sorted(intake.categories)},
        )
    origin = Origin(caller.subject, key, sha256(json.dumps(told, sort_keys=True).encode()).digest())
    submission = Submission(
        origin=origin,
        contents=_contents(body),
        by=caller.actor(),
        home=caller.unit,
        reporter=_seal(body.reporter, origin, intake),
        trace=context.current(),
    )
    receipt = await intake.submissions.submit(submission)
    if receipt.repeated:
        response.headers["Idempotent-Replay"] = "true"
    return ReceiptOut(id=receipt.id, number=receipt.number, repeated=receipt.repeated)


@routes.get("/reports")
async def find(query: Annotated[ListQuery, Query()], caller: Reader, intake: IntakeDep) -> ReportPage:
    """Reports by ids, number (or its last six digits) or status, oldest first · 查民情。"""
    async with intake.uow() as uow:
        rows, following = await _reader(uow, caller).page(
            ids=query.id, number=query.number, status=query.status, limit=query.limit, after=query.after
        )
    return ReportPage(items=[_shown(row, intake) for row in rows], next=following)


@routes.get("/reports/{report_id}")
async def read(report_id: Id, caller: Reader, intake: IntakeDep, response: Response) -> ReportOut:
    """One report; its ETag is what If-Match wants · 单条民情。"""
    async with intake.uow() as uow:
        row = await _visible(uow, caller, report_id)
    answer(response, row["version"])
    return _shown(row, intake)


@routes.get("/reports/{report_id}/trail")
async def trail(report_id: Id, caller: Reader, intake: IntakeDep) -> TrailOut:
    """Everything that happened to it, hash-chained · 留痕。"""
    async with intake.uow() as uow:
        await _visible(uow, caller, report_id)
        return await trail_of(uow.connection, tables, report_id)


@routes.post("/reports/{report_id}/triage")
async def triage(
    report_id: Id, body: TriageIn, version: ExpectedVersion, caller: Triager, intake: IntakeDep, response: Response
) -> ReportOut:
    """Decide where and what, or reject, for a report that waits for a person · 人工研判。"""
    decision = Decision(report_id, version, body.unit, body.category, body.decision == "reject", body.why)
    async with intake.uow() as uow:
        await decide_triage(decision, caller, uow, categories=intake.categories)
    async with intake.uow() as uow:
        row = await _visible(uow, caller, report_id)
    answer(response, row["version"])
    return _shown(row, intake)


@routes.post("/reports/{report_id}/reporter")
async def reveal(report_id: Id, body: RevealIn, caller: Triager, intake: IntakeDep) -> ReporterOut:
    """The reporter's name and phone unmasked; who asked and why goes on the trail · 查看反映人（留痕）。"""
    async with intake.uow() as uow:
        reporter = _reporter(await _visible(uow, caller, report_id), intake, masked=False)
        if reporter is None:
            raise NotFound("no_reporter", "这条民情没有留下反映人。", "Nobody left their name with this report.")
        await reveal_reporter(report_id, body.why, caller, uow)
    return reporter


def _reader(uow: IntakeUnitOfWork, caller: Principal) -> ReportReader:
    return ReportReader(uow.connection, uow.projection, caller)


async def _visible(uow: IntakeUnitOfWork, caller: Principal, report_id: UUID) -> Row:
    row = await _reader(uow, caller).one(report_id)
    if row is None:
        raise NotFound(
            "report_not_found", "没有这条民情，或您无权查看。", "There is no such report, or it is not yours to see."
        )
    return row


def _contents(body: ReportIn) -> Contents:
    point = to_wgs84(body.point.longitude, body.point.latitude, body.point.system) if body.point else None
    return Contents(
        channel=body.channel,
        text=body.text,
        title=body.title or "",
        category=body.category,
        longitude=point.lon if point else None,
        latitude=point.lat if point else None,
        declared_point=body.point.model_dump_json() if body.point else None,
        address=body.address or "",
        occurred_at=body.occurred_at,
        recorded_at=body.recorded_at,
    )


def _seal(reporter: ReporterIn | None, origin: Origin, intake: Intake) -> bytes | None:
    """Encrypted and bound to the submission it came with."""
    if reporter is None:
        return None
    return intake.cipher.encrypt(reporter.model_dump_json(), f"{origin.caller}/{origin.client_key}")


def _reporter(row: Row, intake: Intake, *, masked: bool) -> ReporterOut | None:
    if row["reporter"] is None:
        return None
    data: dict[str, Any] = json.loads(intake.cipher.decrypt(row["reporter"], f"{row['caller']}/{row['client_key']}"))
    reporter = Reporter(**data)
    shown = reporter.masked() if masked else reporter
    return ReporterOut(name=shown.name, phone=shown.phone, anonymous=shown.anonymous)


def _shown(row: Row, intake: Intake) -> ReportOut:
    fields = {name: row[name] for name in ReportOut.model_fields if name != "reporter"}
    return ReportOut(**fields, reporter=_reporter(row, intake, masked=True))
