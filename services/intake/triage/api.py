"""A person's triage, and its correction, over HTTP."""

from typing import Annotated

from fastapi import Query

from services.intake.classifier.port import Text
from services.intake.reports.api import shown_now
from services.intake.reports.deps import Intake, IntakeDep
from services.intake.reports.lifecycle import TRIAGERS
from services.intake.reports.reading import ReportReader
from services.intake.reports.schemas import ClaimOut, QueuesOut, ReportOut
from services.intake.reports.store import Reports
from services.intake.triage.claim_report import claim_report
from services.intake.triage.correct_report import Correction, correct_report
from services.intake.triage.decide_triage import Decision, decide_triage
from services.intake.triage.make_hazard import AsHazard, make_hazard
from services.intake.triage.schemas import (
    AsHazardIn,
    CorrectionIn,
    SuggestionOut,
    SuggestionQuery,
    SuggestionsOut,
    TriageIn,
)
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id

routes = router(tags=["研判 · Triage"])

Triager = Annotated[Principal, may(*TRIAGERS)]
Reader = Annotated[Principal, signed_in()]


reports = Things(routes, "/reports/{report_id}", IntakeDep)


@reports.act(Triager, "triage")
async def triage(report_id: Id, version: ExpectedVersion, body: TriageIn, call: Call[Intake]) -> ReportOut:
    """Decide where and what, or reject, for a report that waits for a person · 人工研判。"""
    decision = Decision(report_id, version, body.unit, body.category, body.decision == "reject", body.why)
    tree = await call.service.projection.tree(call.uow.connection)
    await decide_triage(decision, call.caller, call.uow, tree=tree, categories=call.service.categories)
    return await shown_now(report_id, call)


@reports.act(Triager, "correction")
async def correction(report_id: Id, version: ExpectedVersion, body: CorrectionIn, call: Call[Intake]) -> ReportOut:
    """Put right the area or the category of a report that was triaged; the work on it follows · 更正地点或类别。"""
    asked = Correction(report_id, version, body.area, body.category, body.why)
    tree = await call.service.projection.tree(call.uow.connection)
    await correct_report(asked, call.caller, call.uow, tree=tree, categories=call.service.categories)
    return await shown_now(report_id, call)


@reports.act(Triager, "hazard")
async def hazard(report_id: Id, version: ExpectedVersion, body: AsHazardIn, call: Call[Intake]) -> ReportOut:
    """Make a triaged report a hazard at premises of its street, or where it lies: the registry keeps it, and its
    re-inspection closes the report's work order · 转为隐患。"""
    tree = await call.service.projection.tree(call.uow.connection)
    await make_hazard(report_id, version, AsHazard(**dict(body)), call.caller, call.uow, tree=tree)
    return await shown_now(report_id, call)


@routes.get("/suggestions")
async def suggestions(query: Annotated[SuggestionQuery, Query()], caller: Reader, intake: IntakeDep) -> SuggestionsOut:
    """The most likely categories of a text, and which model says so; nothing is kept · 类别建议。"""
    (found,) = intake.classifier.suggest([Text(query.title, query.text)])
    return SuggestionsOut(
        items=[SuggestionOut(category=each.name, confidence=each.confidence) for each in found.alternatives],
        model=found.model,
    )


@routes.get("/queues")
async def queues(caller: Triager, intake: IntakeDep) -> QueuesOut:
    """How many reports wait for a person, and how many of them nobody looks at · 待研判数量。"""
    async with intake.uow() as uow:
        counts = await ReportReader(uow, caller).queues()
    return QueuesOut.model_validate(dict(counts))


@routes.post("/reports/{report_id}/claim")
async def claim(report_id: Id, caller: Triager, intake: IntakeDep) -> ClaimOut:
    """Say that one is looking at it, for 30 minutes; others see it, and nobody is kept from deciding · 认领研判。"""
    async with intake.uow() as uow:
        row = await ReportReader(uow, caller).one(report_id)
        until = await claim_report(row, caller.subject, uow)
    return ClaimOut(by=caller.subject, until=until)


@routes.delete("/reports/{report_id}/claim", status_code=204)
async def release(report_id: Id, caller: Triager, intake: IntakeDep) -> None:
    """Take back one's own claim; where there is none, nothing happens · 放弃认领。"""
    async with intake.uow() as uow:
        await ReportReader(uow, caller).one(report_id)
        await Reports.of(uow).release(report_id, caller.subject)
