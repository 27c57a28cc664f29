"""Reports over HTTP: sending one, finding and reading them, the reporter behind one."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Request, Response

from services.intake.errors import REPORTER_MISSING
from services.intake.places.coordinates import Point, System, Told
from services.intake.reports.deps import Intake, IntakeDep
from services.intake.reports.follow_code import link, spoken
from services.intake.reports.lifecycle import SENDERS, TRIAGERS
from services.intake.reports.plain_words import in_plain_words
from services.intake.reports.reading import ListQuery, ReportReader
from services.intake.reports.report import Contents
from services.intake.reports.reveal_reporter import reveal_reporter, reveal_words
from services.intake.reports.schemas import (
    FollowOut,
    JoinedIn,
    NearbyList,
    NearbyOut,
    NearbyQuery,
    PointIn,
    ReceiptOut,
    ReporterOut,
    ReportIn,
    ReportOut,
    RevealIn,
    ToldTrail,
    WordsOut,
    reporter_of,
    reporter_out,
    shown,
)
from services.intake.reports.submit_report import Receipt, Submission
from services.intake.schema import tables
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal, Role
from shared.change import Actor
from shared.errors import Invalid, Unavailable
from shared.http.as_told import Unread, readable
from shared.http.call import Call
from shared.http.etags import answer
from shared.http.json_body import fingerprint
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id, IdempotencyKey
from shared.origin import Origin
from shared.telemetry import context
from shared.trail.read import TrailOut, trail_of
from shared.units.tree import UnitTree

routes = router(tags=["民情 · Reports"])

Sender = Annotated[Principal, may(*SENDERS)]
Reader = Annotated[Principal, signed_in()]
Triager = Annotated[Principal, may(*TRIAGERS)]


@routes.post("/reports", status_code=201)
async def submit(
    body: ReportIn, key: IdempotencyKey, caller: Sender, intake: IntakeDep, request: Request, response: Response
) -> ReceiptOut:
    """Send a report. The same Idempotency-Key and body gives the first answer again, any number of times · 上报民情。"""
    # What was sent, not what was understood: a field that a later version knows must not change an old body's hash.
    origin = Origin(caller.subject, key, fingerprint(await request.json()))
    receipt = await take(body, origin, caller.actor(), intake, home=caller.unit, followed=body.reporter is not None)
    answer(response, receipt.version)
    if receipt.repeated:
        response.headers["Idempotent-Replay"] = "true"
    follow = follow_of(receipt, origin, request, intake)
    return ReceiptOut(id=receipt.id, number=receipt.number, repeated=receipt.repeated, follow=follow)


@routes.get("/reports")
async def find(query: Annotated[ListQuery, Query()], caller: Reader, intake: IntakeDep) -> PageOut[ReportOut]:
    """Reports by ids, number (or its last six digits), status, channel, part of the tree or time, oldest first · 查民情。"""
    async with intake.uow() as uow:
        reader = ReportReader(uow, caller)
        found = await reader.page(query)
        photos = await reader.photos(found.rows)
    return PageOut.of(found, lambda row: shown(row, intake.seal, photos, caller, uow.now))


@routes.get("/reports/nearby")
async def nearby(query: Annotated[NearbyQuery, Query()], caller: Reader, intake: IntakeDep) -> NearbyList:
    """Open reports near a point within the caller's reach; a grid worker's community · 附近未办结的民情。"""
    async with intake.uow() as uow:
        tree = await intake.projection.tree(uow.connection)
        here = Point(query.longitude, query.latitude)
        found = await ReportReader(uow, _neighbourhood(caller, tree)).near(here, query.radius)
    return NearbyList(
        items=[
            NearbyOut(
                id=row["id"],
                number=row["number"],
                status=row["status"],
                category=row["category_name"],
                distance=round(distance),
                joined=row["joined"],
                submitted_at=row["submitted_at"],
            )
            for distance, row in found
        ]
    )


reports = Things(routes, "/reports/{report_id}", IntakeDep)


@reports.get(Reader)
async def read(report_id: Id, call: Call[Intake]) -> ReportOut:
    """One report; its ETag is what If-Match wants · 单条民情。"""
    return await shown_now(report_id, call)


@routes.post("/reports/{report_id}/joined", status_code=201)
async def joined(
    report_id: Id,
    body: JoinedIn,
    key: IdempotencyKey,
    caller: Sender,
    intake: IntakeDep,
    request: Request,
    response: Response,
) -> ReceiptOut:
    """Say that one saw the same as an open report nearby: a report of its own that makes no second work order; its reporter
    follows the first one. The same Idempotency-Key gives the first answer again · 同一问题 +1。"""
    async with intake.uow() as uow:
        tree = await intake.projection.tree(uow.connection)
        first = await ReportReader(uow, _neighbourhood(caller, tree)).one(report_id)
    origin = Origin(caller.subject, key, fingerprint([str(report_id), await request.json()]))
    same_as = first["same_as_id"] or first["id"]
    followed = body.reporter is not None
    receipt = await take(
        body.report(), origin, caller.actor(), intake, home=caller.unit, followed=followed, same_as=same_as
    )
    answer(response, receipt.version)
    if receipt.repeated:
        response.headers["Idempotent-Replay"] = "true"
    follow = follow_of(receipt, origin, request, intake)
    return ReceiptOut(id=receipt.id, number=receipt.number, repeated=receipt.repeated, follow=follow)


@routes.get("/reports/{report_id}/trail")
async def trail(report_id: Id, caller: Reader, intake: IntakeDep) -> TrailOut | ToldTrail:
    """Everything that happened to it, hash-chained; residents are told in plain words · 留痕（居民看到办理进度）。"""
    async with intake.uow() as uow:
        await ReportReader(uow, caller).one(report_id)
        whole = await trail_of(uow.connection, tables, report_id)
    if caller.role is not Role.RESIDENT:
        return whole
    return ToldTrail(told=in_plain_words(entry.model_dump(mode="json") for entry in whole.entries))


@routes.post("/reports/{report_id}/reporter")
async def reveal(report_id: Id, body: RevealIn, caller: Triager, intake: IntakeDep, response: Response) -> ReporterOut:
    """The reporter's name and phone unmasked; who asked and why goes on the trail. That makes a new version of the
    report: the answer has its ETag, and no If-Match is needed · 查看反映人（留痕）；回答带新的 ETag，无需 If-Match。"""
    async with intake.uow() as uow:
        reporter = reporter_of(await ReportReader(uow, caller).one(report_id), intake.seal)
        if reporter is None:
            raise REPORTER_MISSING()
        report = await reveal_reporter(report_id, body.why, caller, uow)
    answer(response, report.version)
    return reporter_out(reporter)


@routes.post("/reports/{report_id}/words")
async def whole_words(
    report_id: Id, body: RevealIn, caller: Triager, intake: IntakeDep, response: Response
) -> WordsOut:
    """What was told with the personal data in it; who asked and why goes on the trail. As with the reporter, the answer has
    the ETag of the new version · 查看原文（留痕）；回答带新的 ETag，无需 If-Match。"""
    async with intake.uow() as uow:
        await ReportReader(uow, caller).one(report_id)
        report = await reveal_words(report_id, body.why, caller, uow)
    answer(response, report.version)
    told = report.contents
    return WordsOut(title=told.title, text=told.text, address=told.address)


async def take(
    body: ReportIn,
    origin: Origin,
    by: Actor,
    intake: Intake,
    *,
    home: str | None = None,
    followed: bool,
    same_as: Id | None = None,
    uploader: str | None = None,
) -> Receipt:
    """Store a report; `followed`: with a code by which its reporter follows it; `same_as`: it joins that report; `uploader`
    sent its photos, where that is not the caller. Raises Conflict where the other one is dealt with."""
    submission = Submission(
        origin=origin,
        contents=_contents(body, intake.point_systems.of(by.id, body.channel), intake.categories),
        by=by,
        home=home,
        reporter=intake.seal.seal(body.reporter.reporter(), origin) if body.reporter else None,
        follow_code=intake.codes.new(origin) if followed else None,
        trace=context.current(),
        photos=body.photos,
        same_as=same_as,
        uploader=uploader or origin.caller,
    )
    return await intake.submissions.submit(submission)


def follow_of(receipt: Receipt, origin: Origin, request: Request, intake: Intake) -> FollowOut | None:
    """What to hand to the reporter; None where no code was given, or it cannot be read now: the report is stored, and who
    sent it must not believe otherwise."""
    if receipt.follow_code is None:
        return None
    try:
        code = intake.codes.opened(receipt.follow_code, origin.caller, origin.client_key)
    except Unavailable:
        return None
    return FollowOut(secret=spoken(code), link=link(intake.network.origin(request), receipt.number, code))


def _neighbourhood(caller: Principal, tree: UnitTree) -> Principal:
    """A grid worker meets the neighbouring grids' problems too: they look around their community."""
    if caller.role is not Role.GRID_WORKER or caller.unit is None:
        return caller
    community = next((unit.code for unit in tree.upward(caller.unit) if unit.kind == "community"), caller.unit)
    return replace(caller, unit=community)


async def shown_now(report_id: Id, call: Call[Intake]) -> ReportOut:
    """The report as this transaction leaves it. Raises NotFound where there is none in the caller's scope."""
    uow, intake = call.uow, call.service
    reader = ReportReader(uow, call.caller)
    row = await reader.one(report_id)
    return shown(row, intake.seal, await reader.photos([row]), call.caller, uow.now)


def _contents(body: ReportIn, system: System, categories: frozenset[str]) -> Contents:
    """`system` is that of a point which does not say its own."""
    unread = {field: told.told for field, told in body if isinstance(told, Unread) and told.told}
    category = readable(body.category)
    if category is not None and category not in categories:
        unread["category"], category = category, None
    declared = _declared(readable(body.point), system)
    if isinstance(declared, Unread):
        unread["point"], declared = declared.told, None
    point, radius = declared.centre() if declared else (None, None)
    return Contents(
        channel=body.channel,
        text=body.text,
        title=readable(body.title) or "",
        told_category=category,
        longitude=point.lon if point else None,
        latitude=point.lat if point else None,
        point_radius=radius,
        declared_point=str(declared) if declared else None,
        address=readable(body.address) or "",
        occurred_at=readable(body.occurred_at),
        recorded_at=readable(body.recorded_at),
        unread=unread,
    )


def _declared(point: PointIn | None, system: System) -> Told | Unread | None:
    """Unread where no map has such a point."""
    if point is None:
        return None
    told = Told(point.longitude, point.latitude, point.system or system)
    try:
        told.centre()
    except Invalid:
        return Unread(str(told))
    return told
