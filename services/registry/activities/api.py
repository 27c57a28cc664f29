"""Activities over HTTP: what is planned and was held in a caller's part of the tree, one with its trail, and acting."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.registry.activities.activity import LIFE, ActivityAction
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
from shared.files.attach import photos_of
from shared.http.call import Call
from shared.http.etags import ExpectedVersion
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
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


activities = Things(routes, "/activities/{activity_id}", RegistryDep, LIFE.roles_of)


@activities.get(PlaceReader)
async def read(activity_id: Id, call: Call[Registry]) -> ActivityOut:
    """One activity with its photos; its ETag is what a change wants · 单次活动。"""
    return await _shown(activity_id, call)


trail_route(routes, "/activities/{activity_id}", ActivityReader, "the activity")


@activities.post(PlaceKeeper)
async def plan(body: ActivityIn, call: Call[Registry]) -> ActivityOut:
    """Plan an activity; with its outcome, enter one that was held · 登记活动。"""
    outcome = body.held()
    activity = await plan_new(body.plan(), call.caller, call.uow, why=body.why)
    if outcome is not None:
        activity = await hold_activity(activity, outcome, call.caller, call.uow, call.service.calendar)
    await show(body.photos, activity, call.caller, call.uow)
    return await _shown(activity.id, call)


@activities.put(PlaceKeeper)
async def restate(activity_id: Id, version: ExpectedVersion, body: ActivityIn, call: Call[Registry]) -> ActivityOut:
    """State anew all that is known of the activity as you read it (If-Match) · 修改活动。"""
    activity = await restate_activity(
        activity_id, version, body.plan(), body.held(), call.caller, call.uow, why=body.why
    )
    await show(body.photos, activity, call.caller, call.uow)
    return await _shown(activity_id, call)


@activities.on(ActivityAction.HOLD)
async def hold(activity_id: Id, version: ExpectedVersion, body: HoldBody, call: Call[Registry]) -> ActivityOut:
    """It was held; say what came of it. It then counts for the duties of its place · 登记举行情况。"""
    before = await seen(activity_id, version, call.caller, call.uow)
    outcome = body.outcome(before.plan.kind)
    activity = await hold_activity(before, outcome, call.caller, call.uow, call.service.calendar)
    await show(body.photos, activity, call.caller, call.uow)
    return await _shown(activity_id, call)


@activities.on(ActivityAction.CANCEL)
async def cancel(activity_id: Id, version: ExpectedVersion, body: CancelBody, call: Call[Registry]) -> ActivityOut:
    """It will not be held; say why · 取消活动。"""
    await cancel_activity(activity_id, version, call.caller, call.uow, why=body.why)
    return await _shown(activity_id, call)


async def _shown(id: UUID, call: Call[Registry]) -> ActivityOut:
    found = await ActivityReader(call.uow, call.caller).one(id)
    photos = await photos_of(call.uow.connection, files, Activities.kind, [id])
    return shown(found, photos.get(id, []))
