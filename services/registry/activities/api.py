"""Activities over HTTP: what is planned and was held in a caller's part of the tree, one with its trail, and acting."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.registry.activities.activity import LIFE, Activity, ActivityAction
from services.registry.activities.keep_activity import (
    cancel_activity,
    hold_activity,
    plan_new,
    restate_activity,
    seen,
    show,
)
from services.registry.activities.reading import ActivityFilter, ActivityQuery, ActivityReader
from services.registry.activities.schemas import (
    ActivityCounts,
    ActivityIn,
    ActivityKinds,
    ActivityOut,
    CancelBody,
    HoldBody,
    ListedActivity,
    counted,
    kinds_out,
    listed,
    shown,
)
from services.registry.activities.store import Activities
from services.registry.deps import PlaceReader, Registry, RegistryDep, trail_route
from services.registry.premises.deps import PlaceKeeper
from services.registry.schema import files
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.files.attach import photos_of
from shared.http.actions import Actions
from shared.http.call import Call
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id

routes = router(tags=["宣传培训演练 · Activities"])


@routes.get("/activities")
async def find(
    query: Annotated[ActivityQuery, Query()], caller: PlaceReader, registry: RegistryDep
) -> PageOut[ListedActivity]:
    """Trainings, publicity and drills of an area, the latest first · 宣传培训演练台账。"""
    async with registry.uow() as uow:
        found = await ActivityReader(uow, caller).find(query).page(query.limit, query.after)
    return PageOut.of(found, listed)


@routes.get("/activities/counts")
async def counts(
    query: Annotated[ActivityFilter, Query()], caller: PlaceReader, registry: RegistryDep
) -> ActivityCounts:
    """How many activities the same filter finds, and how many people they reached · 宣传培训演练统计。"""
    async with registry.uow() as uow:
        return counted(list(await ActivityReader(uow, caller).tally(query)))


@routes.get("/activities/kinds")
async def kinds(caller: PlaceReader) -> ActivityKinds:
    """The kinds with the fields that each has alone, and the five targets of publicity · 活动类型。"""
    return kinds_out()


@routes.get("/activities/{activity_id}")
async def read(activity_id: Id, caller: PlaceReader, registry: RegistryDep, response: Response) -> ActivityOut:
    """One activity with its photos; its ETag is what a change wants · 单次活动。"""
    async with registry.uow() as uow:
        one = await _shown(activity_id, caller, uow)
    answer(response, one.version)
    return one


trail_route(routes, "/activities/{activity_id}", ActivityReader, "the activity")


@routes.post("/activities", status_code=201)
async def plan(body: ActivityIn, caller: PlaceKeeper, registry: RegistryDep, response: Response) -> ActivityOut:
    """Plan an activity; with its outcome, enter one that was held · 登记活动。"""
    outcome = body.held()
    async with registry.uow() as uow:
        activity = await plan_new(body.plan(), caller, uow, why=body.why)
        if outcome is not None:
            activity = await hold_activity(activity, outcome, caller, uow, registry.calendar)
        await show(body.photos, activity, caller, uow)
        answer(response, activity.version)
        return await _now(activity, caller, uow)


@routes.put("/activities/{activity_id}")
async def restate(
    activity_id: Id, body: ActivityIn, version: ExpectedVersion, caller: PlaceKeeper, registry: RegistryDep,
    response: Response,
) -> ActivityOut:  # fmt: skip
    """ActivityState anew all that is known of the activity as you read it (If-Match) · 修改活动。"""
    async with registry.uow() as uow:
        activity = await restate_activity(
            activity_id, version, body.plan(), body.held(), caller, uow, why=body.why
        )  # fmt: skip
        await show(body.photos, activity, caller, uow)
        answer(response, activity.version)
        return await _now(activity, caller, uow)


async def _done(activity: Activity, call: Call[Registry]) -> ActivityOut:
    return await _now(activity, call.caller, call.uow)


act = Actions(routes, "/activities/{activity_id}", LIFE.roles_of, service=RegistryDep, shows=ActivityOut, show=_done)


@act.on(ActivityAction.HOLD)
async def hold(activity_id: UUID, version: int, body: HoldBody, call: Call[Registry]) -> Activity:
    """It was held; say what came of it. It then counts for the duties of its place · 登记举行情况。"""
    before = await seen(activity_id, version, call.caller, call.uow)
    outcome = body.outcome(before.plan.kind)
    activity = await hold_activity(before, outcome, call.caller, call.uow, call.service.calendar)
    await show(body.photos, activity, call.caller, call.uow)
    return activity


@act.on(ActivityAction.CANCEL)
async def cancel(activity_id: UUID, version: int, body: CancelBody, call: Call[Registry]) -> Activity:
    """It will not be held; say why · 取消活动。"""
    return await cancel_activity(activity_id, version, call.caller, call.uow, why=body.why)


async def _now(activity: Activity, caller: Principal, uow: UnitOfWork) -> ActivityOut:
    """As this transaction leaves it."""
    await Activities.of(uow).flush()
    return await _shown(activity.id, caller, uow)


async def _shown(id: Id, caller: Principal, uow: UnitOfWork) -> ActivityOut:
    found = await ActivityReader(uow, caller).one(id)
    photos = await photos_of(uow.connection, files, Activities.kind, [id])
    return shown(found, photos.get(id, []))
