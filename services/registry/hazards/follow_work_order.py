"""WorkOrderOpened, WorkOrderMoved → the hazard among its sources follows: its order's number, that the unit resolved it,
that who reported it had it opened again. What was followed already changes nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registry.hazards.following import Ordered, Reopened, Resolved
from services.registry.hazards.hazard import Hazard
from services.registry.hazards.lifecycle import UNRECTIFIED, State
from services.registry.hazards.moving import Command, Context, moved
from services.registry.hazards.store import Hazards
from services.registry.hazards.succession import succeed
from services.registry.premises.store import Ledger
from services.registry.units.table import successions
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.dispatch.work_orders import WorkOrderEvent
from shared.units.succession import passing_of
from shared.worktime.calendar import Calendar

DISPATCH: Final = Actor(id="dispatch", role="service")


async def follow_work_orders(batch: Batch[WorkOrderEvent], uow: UnitOfWork, *, calendar: Calendar) -> None:
    store, context = Hazards.of(uow), Context(DISPATCH, uow.now, local_day(uow.now), calendar)
    found = await store.load(hazard_id for event in batch.events if (hazard_id := _hazard_of(event)) is not None)
    reopened: set[UUID] = set()
    for event in batch:
        hazard_id = _hazard_of(event)
        hazard = found.get(hazard_id) if hazard_id is not None else None
        if hazard is None or event.version <= hazard.order_version:
            continue
        for command, at in follows(event, hazard):
            change = moved(hazard, command, context, at=at)
            store.put(change)
            found[hazard.id] = hazard = change.after
            if isinstance(command, Reopened):
                reopened.add(hazard.id)
    if reopened:
        await _to_successors([found[one] for one in sorted(reopened)], uow)


async def _to_successors(reopened: Sequence[Hazard], uow: UnitOfWork) -> None:
    """What was closed when its unit ended goes on at the successor."""
    passing = await passing_of(uow, successions, {one.unit for one in reopened})
    files = await Ledger.of(uow).load(one.premises_id for one in reopened if one.premises_id is not None)
    for hazard in reopened:
        place = files.get(hazard.premises_id) if hazard.premises_id is not None else None
        at = (place.about.longitude, place.about.latitude) if place is not None else (None, None)
        if (succession := passing.last_succession(hazard.unit, *at)) is not None and succession.ends:
            Hazards.of(uow).put(succeed(hazard, succession, by=DISPATCH, now=uow.now))


def follows(event: WorkOrderEvent, hazard: Hazard) -> Iterator[tuple[Command, datetime | None]]:
    """What the action of a person on the work order does to the hazard, and when (UTC) that counts for its limits, if not
    now: what was resolved in time stays so, however late it is heard of. What dispatch did because it happened to the
    hazard has other names. A result that was stated before a re-inspection that failed is no new one."""
    if hazard.order_number is None:
        yield Ordered(event.number, event.version), None
    if event.action == "resolve" and hazard.state in UNRECTIFIED and event.hazard_version >= hazard.failed_version:
        yield Resolved(event.number, event.result, event.resolved_by, event.version), event.at
    if event.action == "reopen" and hazard.state is State.RECTIFIED:
        yield Reopened(event.number, event.version), None


def _hazard_of(event: WorkOrderEvent) -> UUID | None:
    return next((source.id for source in event.sources if source.kind == "hazard"), None)
