"""A person acts on a hazard: the table decides what is possible, role and place who may."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.registry.duties.count_for import Done, count_for
from services.registry.duties.count_for import Thing as DoneThing
from services.registry.duties.kinds import Act
from services.registry.hazards.commands import Report, Transfer
from services.registry.hazards.errors import (
    HAZARD_AUTHORITY_UNKNOWN,
    HAZARD_NOT_COMPETENT,
    HAZARD_POLICE_MISSING,
    HAZARD_POLICE_WRONG,
)
from services.registry.hazards.hazard import Hazard
from services.registry.hazards.lifecycle import LIFE, Action
from services.registry.hazards.moving import Command, Context, moved
from services.registry.hazards.police_reading import stations_for
from services.registry.hazards.reading import HazardReader
from services.registry.hazards.store import Hazards
from services.registry.schema import files, tables
from services.registry.units.store import Units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.files.attach import attach
from shared.files.table import Thing
from shared.trail.read import entry_at

_USES: Final[Mapping[str, str]] = {
    "submit": "after",
    "pass": "verification",
    "fail": "verification",
    "recheck": "verification",
    "add-photos": "more",
}
"""What the photos of an action show."""


async def act_on(
    hazard_id: UUID, version: int, command: Command, caller: Principal, context: Context, uow: UnitOfWork
) -> Hazard:
    """The hazard after `command`; `context` is that of the caller. What was done under the same key before changes nothing.
    Raises NotFound, Conflict (another version, or not possible as things stand), Forbidden and Invalid; nothing is changed
    then."""
    await HazardReader(uow, caller).one(hazard_id)
    hazard = (await Hazards.of(uow).load([hazard_id]))[hazard_id]
    if version < hazard.version and await _done_before(hazard, version, command, context, uow):
        return hazard
    require_version(version, hazard.version, state=hazard.state)
    step = LIFE.move(hazard.state, command.action)
    if caller.role not in step.roles:
        raise HAZARD_NOT_COMPETENT(data={"action": command.action, "roles": sorted(step.roles)})
    await _check_authority(hazard, command, context, uow)
    change = moved(hazard, command, context)
    Hazards.of(uow).put(change)
    photos: tuple[UUID, ...] = getattr(command, "photos", ())
    if photos:
        await attach(uow, files, photos, Thing(Hazards.kind, hazard.id, _USES[command.action]), caller.subject)
    signature: UUID | None = getattr(command, "signature", None)
    if signature is not None:
        await attach(uow, files, [signature], Thing(Hazards.kind, hazard.id, "signature"), caller.subject)
    if command.action is Action.RECHECK:
        await _count(change.after, caller, context, uow)
    return change.after


async def _check_authority(hazard: Hazard, command: Command, context: Context, uow: UnitOfWork) -> None:
    """Raise Invalid where it goes to nobody who has to do with it: a transfer to another than the place's police station,
    a report to no unit."""
    if isinstance(command, Transfer):
        stations = await stations_for(uow, hazard.unit, context.day)
        if not stations:
            raise HAZARD_POLICE_MISSING()
        if command.to not in [station.code for station in stations]:
            possible = [f"{station.name}（{station.code}）" for station in stations]
            raise HAZARD_POLICE_WRONG(possible=possible, data={"possible": [station.code for station in stations]})
    elif isinstance(command, Report) and not await Units.of(uow).ancestors(command.to):
        raise HAZARD_AUTHORITY_UNKNOWN()


async def _done_before(hazard: Hazard, version: int, command: Command, context: Context, uow: UnitOfWork) -> bool:
    """Whether what followed on the version that the caller saw is this very act: its answer was lost on the way."""
    if context.key is None:
        return False
    entry = await entry_at(uow.connection, tables, hazard.id, version + 1)
    known = (context.by.id, command.action, context.key)
    return entry is not None and (entry.by, entry.action, entry.what.get("key")) == known


async def _count(hazard: Hazard, caller: Principal, context: Context, uow: UnitOfWork) -> None:
    """A re-check counts for the duty to make one, of the unit of who made it."""
    thing = DoneThing(Hazards.kind, hazard.id, hazard.number)
    unit = caller.unit or hazard.transferred_to or hazard.unit
    done = Done(Act.RECHECK, unit, hazard.premises_id, context.now, thing)
    await count_for(uow, done, by=context.by, calendar=context.calendar)
