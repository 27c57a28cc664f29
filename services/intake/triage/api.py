"""A person's triage, and its correction, over HTTP."""

from typing import Annotated

from fastapi import Response

from services.intake.reports import reading
from services.intake.reports.api import visible
from services.intake.reports.deps import IntakeDep
from services.intake.reports.lifecycle import TRIAGERS
from services.intake.reports.schemas import ReportOut, shown
from services.intake.reports.store import Reports
from services.intake.triage.correct_report import Correction, correct_report
from services.intake.triage.decide_triage import Decision, decide_triage
from services.intake.triage.schemas import CorrectionIn, TriageIn
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.http.etags import ExpectedVersion, answer
from shared.http.routes import router
from shared.http.types import Id

routes = router(tags=["研判 · Triage"])

Triager = Annotated[Principal, may(*TRIAGERS)]


@routes.post("/reports/{report_id}/triage")
async def triage(
    report_id: Id, body: TriageIn, version: ExpectedVersion, caller: Triager, intake: IntakeDep, response: Response
) -> ReportOut:
    """Decide where and what, or reject, for a report that waits for a person · 人工研判。"""
    decision = Decision(report_id, version, body.unit, body.category, body.decision == "reject", body.why)
    async with intake.uow() as uow:
        tree = await intake.projection.tree(uow.connection)
        await decide_triage(decision, caller, uow, tree=tree, categories=intake.categories)
        await Reports.of(uow).flush()
        row = await visible(uow.connection, intake, caller, report_id)
        photos = await reading.photos(uow.connection, [row])
    answer(response, row["version"])
    return shown(row, intake.seal, photos, caller)


@routes.post("/reports/{report_id}/correction")
async def correction(
    report_id: Id, body: CorrectionIn, version: ExpectedVersion, caller: Triager, intake: IntakeDep, response: Response
) -> ReportOut:
    """Put right the area or the category of a report that was triaged; the work on it follows · 更正地点或类别。"""
    asked = Correction(report_id, version, body.area, body.category, body.why)
    async with intake.uow() as uow:
        tree = await intake.projection.tree(uow.connection)
        await correct_report(asked, caller, uow, tree=tree, categories=intake.categories)
        await Reports.of(uow).flush()
        row = await visible(uow.connection, intake, caller, report_id)
        photos = await reading.photos(uow.connection, [row])
    answer(response, row["version"])
    return shown(row, intake.seal, photos, caller)
