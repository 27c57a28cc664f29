"""Feedback of those who have signed in: a resident about their own report, a clerk for somebody who was asked."""

from typing import Annotated

from fastapi import Response

from services.intake.errors import CALL_BACK_INCOMPLETE
from services.intake.feedback.deps import Feedback, FeedbackDep, told
from services.intake.feedback.hear_reporter import rate_report, reopen_report
from services.intake.feedback.rating import FeedbackChannel, Heard
from services.intake.feedback.schemas import FollowedOut, HeardRatingIn, HeardReopeningIn, OnBehalfIn
from services.intake.reports.api import Reader
from services.intake.reports.deps import Intake, IntakeDep
from services.intake.reports.lifecycle import CALLERS_BACK
from services.intake.reports.reading import ReportReader
from shared.auth.permissions import may
from shared.auth.principal import Principal, Role
from shared.http.etags import ExpectedVersion, answer
from shared.http.routes import router
from shared.http.types import Id

routes = router(prefix="/reports/{report_id}", tags=["居民反馈 · Feedback"])

CallerBack = Annotated[Principal, may(*CALLERS_BACK)]


@routes.get("/progress")
async def progress(
    report_id: Id, caller: Reader, intake: IntakeDep, feedback: FeedbackDep, response: Response
) -> FollowedOut:
    """What its reporter is told of it: the state in plain words, what is promised, the result · 居民看到的办理进度。"""
    shown, version = await _told(report_id, caller, intake, feedback)
    answer(response, version)
    return shown


@routes.post("/rating")
async def rating(
    report_id: Id, body: HeardRatingIn, version: ExpectedVersion, caller: CallerBack, intake: IntakeDep,
    feedback: FeedbackDep, response: Response,
) -> FollowedOut:  # fmt: skip
    """Rate a closed report: a resident their own, staff after a call-back (channel and evidence) · 评价、回访登记。"""
    heard = _heard(body, caller)
    async with intake.uow() as uow:
        await ReportReader(uow, caller).one(report_id)
        await rate_report(report_id, body.answer(), heard, uow, version=version)
    shown, version = await _told(report_id, caller, intake, feedback)
    answer(response, version)
    return shown


@routes.post("/reopening")
async def reopening(
    report_id: Id, body: HeardReopeningIn, version: ExpectedVersion, caller: CallerBack, intake: IntakeDep,
    feedback: FeedbackDep, response: Response,
) -> FollowedOut:  # fmt: skip
    """Have a closed report opened again: a resident their own, staff after a call-back (channel, evidence) · 重新办理。"""
    heard = _heard(body, caller)
    async with intake.uow() as uow:
        await ReportReader(uow, caller).one(report_id)
        await reopen_report(report_id, body.why, heard, uow, days=feedback.reopen_days, version=version)
    shown, version = await _told(report_id, caller, intake, feedback)
    answer(response, version)
    return shown


def _heard(body: OnBehalfIn, caller: Principal) -> Heard:
    """Raises Invalid where staff do not say how the reporter was asked."""
    if caller.role is Role.RESIDENT:
        return Heard(caller.actor(), FeedbackChannel.ACCOUNT)
    if body.channel is None or body.evidence is None:
        raise CALL_BACK_INCOMPLETE()
    return Heard(caller.actor(), body.channel, body.evidence)


async def _told(report_id: Id, caller: Principal, intake: Intake, feedback: Feedback) -> tuple[FollowedOut, int]:
    """With its version. Read in a transaction of its own: a trail is written when the one that changed it commits."""
    async with intake.uow() as uow:
        row = await ReportReader(uow, caller).one(report_id)
        return await told(row, intake, feedback, uow), row["version"]
