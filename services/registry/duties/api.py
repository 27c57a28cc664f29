"""Duties over HTTP: lists with lights, a month, one with its history, and fulfilling or waiving by hand."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Query

from services.registry.deps import PlaceReader, Registry, RegistryDep, Staff, trail_route
from services.registry.duties.by_hand import Told, ask_to_waive, decide_waiver, fulfil_by_hand
from services.registry.duties.duty import LIFE, Action
from services.registry.duties.kinds import Bearer
from services.registry.duties.month import entries, month_of
from services.registry.duties.reading import DutyFilter, DutyQuery, DutyReader
from services.registry.duties.run_reading import RunFilter, RunQuery, RunReader
from services.registry.duties.schemas import (
    DutyCounts,
    DutyDetail,
    DutyOut,
    FulfilBody,
    MonthOut,
    MonthQuery,
    RunOut,
    TallyList,
    WaiverBody,
    entry_shown,
    run_shown,
    shown,
)
from services.registry.duties.store import Duties
from services.registry.errors import DUTY_MONTH_OF_NOBODY
from services.registry.schema import files
from shared.files.attach import photos_of
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut, PageQuery
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id

routes = router(tags=["定期职责 · Duties"])

_MOST_OF_ONE: Final = 200
"""More duties than plans can give one unit or premises."""


@routes.get("/duties")
async def find(query: Annotated[DutyQuery, Query()], caller: PlaceReader, registry: RegistryDep) -> PageOut[DutyOut]:
    """The duties of a part of the tree, what is due first · 定期职责。"""
    async with registry.uow() as uow:
        found = await DutyReader(uow, caller).find(query).page(query.limit, query.after)
        return PageOut.of(found, lambda one: shown(one, uow.now))


@routes.get("/duties/mine")
async def mine(query: Annotated[PageQuery, Query()], caller: PlaceReader, registry: RegistryDep) -> PageOut[DutyOut]:
    """What you can fulfil: your unit's duties, those above for which your acts count, and those of premises · 我的职责。"""
    async with registry.uow() as uow:
        found = await DutyReader(uow, caller).mine().page(query.limit, query.after)
        return PageOut.of(found, lambda one: shown(one, uow.now))


@routes.get("/duties/counts")
async def counts(query: Annotated[DutyFilter, Query()], caller: PlaceReader, registry: RegistryDep) -> DutyCounts:
    """How many duties the same filter finds, by light · 定期职责统计。"""
    async with registry.uow() as uow:
        by_light, waivers = await DutyReader(uow, caller).counts(query)
    return DutyCounts(total=sum(by_light.values()), by_light=by_light, waivers=waivers)


@routes.get("/duties/month")
async def month(query: Annotated[MonthQuery, Query()], caller: PlaceReader, registry: RegistryDep) -> MonthOut:
    """The calendar of a unit, or of premises: what is due on which day, what was kept, what missed · 职责日历。"""
    if (query.unit is None) == (query.premises is None):
        raise DUTY_MONTH_OF_NOBODY()
    bearer = Bearer.UNIT if query.unit else Bearer.PREMISES
    whose = DutyFilter(unit=query.unit, premises=query.premises, bearer=bearer)
    span, days = month_of(query.month)
    async with registry.uow() as uow:
        found = (await DutyReader(uow, caller).find(whose).page(_MOST_OF_ONE)).rows
        over = await RunReader(uow, caller).over([one.duty.id for one in found], span)
        shown_entries = [
            entry_shown(entry, one.duty.name)
            for one in found
            for entry in entries(one.duty, one.rhythm, over.get(one.duty.id, ()), span, uow.now, registry.calendar)
        ]
    working = [day for day in days if registry.calendar.is_working_day(day)]
    return MonthOut(month=query.month, working_days=working, entries=sorted(shown_entries, key=lambda one: one.due_at))


@routes.get("/duties/runs")
async def runs(query: Annotated[RunQuery, Query()], caller: PlaceReader, registry: RegistryDep) -> PageOut[RunOut]:
    """Runs that are over, the newest first: kept, late, missed, waived · 履职历史。"""
    async with registry.uow() as uow:
        found = await RunReader(uow, caller).find(query).page(query.limit, query.after)
    return PageOut.of(found, run_shown)


@routes.get("/duties/tallies")
async def tallies(query: Annotated[RunFilter, Query()], caller: Staff, registry: RegistryDep) -> TallyList:
    """By unit how many runs were kept, late, missed and waived, and how many are overdue · 履职统计。"""
    async with registry.uow() as uow:
        found = await RunReader(uow, caller).tallies(query, registry.calendar)
    return TallyList(items=found)


duties = Things(routes, "/duties/{duty_id}", RegistryDep, LIFE.roles_of)


@duties.get(PlaceReader)
async def read(duty_id: Id, call: Call[Registry]) -> DutyDetail:
    """One duty; its ETag is what an action wants · 单项职责。"""
    return await _shown(duty_id, call)


trail_route(routes, "/duties/{duty_id}", DutyReader, "it")


@duties.on(Action.FULFIL)
async def fulfil(duty_id: Id, version: ExpectedVersion, body: FulfilBody, call: Call[Registry]) -> DutyDetail:
    """Say that it was done, with a reason and where the evidence lies · 手工登记完成。"""
    told = Told(body.why, body.at, body.photos)
    await fulfil_by_hand(duty_id, version, told, call.caller, call.uow, call.service.calendar)
    return await _shown(duty_id, call)


@duties.on(Action.ASK_WAIVER)
async def ask(duty_id: Id, version: ExpectedVersion, body: WaiverBody, call: Call[Registry]) -> DutyDetail:
    """Ask to be let off the open run; a unit above decides · 申请豁免。"""
    await ask_to_waive(duty_id, version, body.why, call.caller, call.uow, call.service.calendar)
    return await _shown(duty_id, call)


@duties.on(Action.GRANT_WAIVER)
async def grant(duty_id: Id, version: ExpectedVersion, body: WaiverBody, call: Call[Registry]) -> DutyDetail:
    """Let the unit off the open run; the next one begins · 同意豁免。"""
    why, calendar = body.why, call.service.calendar
    await decide_waiver(duty_id, version, Action.GRANT_WAIVER, why, call.caller, call.uow, calendar)
    return await _shown(duty_id, call)


@duties.on(Action.DECLINE_WAIVER)
async def decline(duty_id: Id, version: ExpectedVersion, body: WaiverBody, call: Call[Registry]) -> DutyDetail:
    """Say that it is still owed · 不同意豁免。"""
    why, calendar = body.why, call.service.calendar
    await decide_waiver(duty_id, version, Action.DECLINE_WAIVER, why, call.caller, call.uow, calendar)
    return await _shown(duty_id, call)


async def _shown(id: UUID, call: Call[Registry]) -> DutyDetail:
    uow = call.uow
    found = await DutyReader(uow, call.caller).one(id)
    photos = await photos_of(uow.connection, files, Duties.kind, [id])
    asked_by = found.duty.waiver.by if found.duty.waiver else None
    names = await call.service.people(uow, call.caller, [asked_by])
    return DutyDetail(
        **shown(found, uow.now).model_dump(),
        photos=photos.get(id, []),
        waiver_by_name=names.get(asked_by) if asked_by else None,
    )
