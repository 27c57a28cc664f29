"""Reporting and following without an account. Whoever has the code is the reporter; the code travels in a header, never
in an address. A wrong code and an unknown number are answered alike, and attempts are counted by the caller's address.
"""

from functools import lru_cache
from io import BytesIO
from typing import Annotated, Final

import segno
import sqlalchemy as sa
from fastapi import Request, Response

from services.intake.errors import KEY_REUSED
from services.intake.feedback.deps import Feedback, FeedbackDep, told
from services.intake.feedback.hear_reporter import rate_report, reopen_report
from services.intake.feedback.rating import FeedbackChannel, Heard
from services.intake.feedback.reading import by_number
from services.intake.feedback.schemas import (
    FollowCode,
    FollowedOut,
    LongKey,
    Number,
    PublicReceiptOut,
    PublicReportIn,
    RatingIn,
    ReopeningIn,
)
from services.intake.feedback.upload_api import PerhapsUploadKey, uploader_of
from services.intake.reports.api import follow_of, take
from services.intake.reports.deps import Intake, IntakeDep
from services.intake.reports.follow_code import link, typed
from services.intake.reports.schemas import ReportIn
from services.intake.reports.submit_report import Receipt
from shared.auth.permissions import anyone
from shared.auth.principal import Role
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Invalid
from shared.http.etags import answer
from shared.http.json_body import fingerprint
from shared.http.routes import router
from shared.origin import Origin

routes = router(prefix="/public/reports", tags=["居民反馈 · Without an account"])

Anyone = Annotated[None, anyone()]
REPORTER: Final = Actor(id="public", role=Role.RESIDENT)
_HEARD: Final = Heard(REPORTER, FeedbackChannel.LINK)


@routes.post("", status_code=201)
async def report(
    _: Anyone,
    body: PublicReportIn,
    key: LongKey,
    intake: IntakeDep,
    feedback: FeedbackDep,
    request: Request,
    response: Response,
    upload_key: PerhapsUploadKey = None,
) -> PublicReceiptOut:
    """Report without an account. The same key and body gives the same number and code again · 无需账号上报。"""
    feedback.take_report(intake.network.caller(request))
    origin = public_origin(key, await request.json())
    try:
        receipt = await take_public(body, origin, upload_key, intake)
    except Invalid as refused:
        # Whose report it was is nobody else's business.
        raise KEY_REUSED() if refused.code == KEY_REUSED.code else refused  # noqa: B904 - the same error, less said
    answer(response, receipt.version)
    if receipt.repeated:
        response.headers["Idempotent-Replay"] = "true"
    follow = follow_of(receipt, origin, request, intake)
    secret, link_ = (follow.secret, follow.link) if follow else (None, None)
    return PublicReceiptOut(number=receipt.number, secret=secret, link=link_, repeated=receipt.repeated)


def public_origin(key: str, sent: object) -> Origin:
    """No subject of a token has a space in it: nobody who signs in is the owner of these reports."""
    return Origin(f"public {key}", key, fingerprint(sent))


async def take_public(body: PublicReportIn, origin: Origin, upload_key: str | None, intake: Intake) -> Receipt:
    """Store a report without an account, with the photos of its draft."""
    told = ReportIn.model_construct(**dict(body))
    uploader = uploader_of(upload_key) if upload_key else None
    return await take(told, origin, REPORTER, intake, followed=True, uploader=uploader)


@routes.get("/{number}")
async def follow(
    _: Anyone, number: Number, code: FollowCode, intake: IntakeDep, feedback: FeedbackDep, request: Request
) -> FollowedOut:
    """Where it stands, in plain words, what is promised next, and the result · 凭编号和查询码查看进度。"""
    async with intake.uow() as uow:
        row = await opened(number, code, intake, feedback, uow, request)
        return await told(row, intake, feedback, uow)


@routes.post("/{number}/rating")
async def rating(
    _: Anyone, number: Number, code: FollowCode, body: RatingIn, intake: IntakeDep, feedback: FeedbackDep,
    request: Request, response: Response,
) -> FollowedOut:  # fmt: skip
    """Rate the result; a later rating of the same closing replaces the one before · 评价办理结果。"""
    async with intake.uow() as uow:
        row = await opened(number, code, intake, feedback, uow, request)
        feedback.answers.take(row["number"])
        await rate_report(row["id"], body.answer(), _HEARD, uow)
    after, version = await _after(row["number"], intake, feedback)
    answer(response, version)
    return after


@routes.post("/{number}/reopening")
async def reopening(
    _: Anyone, number: Number, code: FollowCode, body: ReopeningIn, intake: IntakeDep, feedback: FeedbackDep,
    request: Request, response: Response,
) -> FollowedOut:  # fmt: skip
    """Have a closed report opened again, within 15 days · 要求重新办理（办结后 15 天内）。"""
    async with intake.uow() as uow:
        row = await opened(number, code, intake, feedback, uow, request)
        feedback.answers.take(row["number"])
        await reopen_report(row["id"], body.why, _HEARD, uow, days=feedback.reopen_days)
    after, version = await _after(row["number"], intake, feedback)
    answer(response, version)
    return after


@routes.get("/{number}/qr", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
async def qr(
    _: Anyone, number: Number, code: FollowCode, intake: IntakeDep, feedback: FeedbackDep, request: Request
) -> Response:
    """The link with number and code as a QR code (SVG), to keep or to print · 查询链接二维码。"""
    async with intake.uow() as uow:
        row = await opened(number, code, intake, feedback, uow, request)
    picture = _qr_code(link(intake.network.origin(request), row["number"], typed(code)))
    return Response(picture, media_type="image/svg+xml")


async def opened(
    number: str, code: str, intake: Intake, feedback: Feedback, uow: UnitOfWork, request: Request
) -> sa.RowMapping:
    """The row of a report for whoever has its code. Raises NotFound, or Unavailable (429) after too many attempts."""
    caller = intake.network.caller(request)
    feedback.wrong_codes.check(caller)
    row = await by_number(uow.connection, number)
    sealed, owner, key = (row["follow_code"], row["caller"], row["client_key"]) if row else (None, "", "")
    if not intake.codes.fits(code, sealed, owner, key) or row is None:
        raise feedback.wrong_code(caller)
    return row


async def _after(number: str, intake: Intake, feedback: Feedback) -> tuple[FollowedOut, int]:
    """What is told now, with its version. In a transaction of its own: a trail is written when the one before commits."""
    async with intake.uow() as uow:
        row = await by_number(uow.connection, number)
        assert row is not None  # it was just changed, and nothing deletes reports
        return await told(row, intake, feedback, uow), row["version"]


@lru_cache(maxsize=64)
def _qr_code(content: str) -> bytes:
    """It takes 30 ms: whoever asks again and again gets the same."""
    picture = BytesIO()
    segno.make(content, error="m", micro=False).save(picture, kind="svg", xmldecl=False, scale=4, light="#fff")
    return picture.getvalue()
