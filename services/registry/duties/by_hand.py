"""A person says that a duty was fulfilled, with a reason and evidence; or asks to be let off a run, which another unit
above decides. All of it stands on the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registry.duties.duty import (
    Action,
    Duty,
    Last,
    Moment,
    ask_waiver,
    decline_waiver,
    fulfil,
    grant_waiver,
)
from services.registry.duties.kinds import Outcome
from services.registry.duties.periods import Rhythm
from services.registry.duties.possible import refusal
from services.registry.duties.reading import DutyReader
from services.registry.duties.store import Duties
from services.registry.schema import files
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.files.attach import attach
from shared.files.table import Thing
from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says: why it counts, when it was done (UTC; None: now), and photos of the evidence."""

    why: str
    at: datetime | None = None
    photos: Sequence[UUID] = ()


async def fulfil_by_hand(
    id: UUID,
    version: int,
    told: Told,
    caller: Principal,
    uow: UnitOfWork,
    calendar: Calendar,
) -> None:
    """Fulfil the open run as it was told. Raises NotFound and Conflict, and as `attach` does for the photos."""
    duty, rhythm = await _read(id, version, caller, uow)
    last = Last("by_hand", min(told.at or uow.now, uow.now), Outcome.KEPT, why=told.why)
    Duties.of(uow).take(fulfil(duty, last, rhythm, Moment(caller.actor(), uow.now, calendar)))
    await attach(uow, files, told.photos, Thing(Duties.kind, id, "verification"), caller.subject)


async def ask_to_waive(
    id: UUID, version: int, why: str, caller: Principal, uow: UnitOfWork, calendar: Calendar
) -> None:
    """Ask that the open run be waived (豁免). Raises NotFound and Conflict."""
    duty, _ = await _read(id, version, caller, uow)
    Duties.of(uow).put(ask_waiver(duty, why, Moment(caller.actor(), uow.now, calendar)))


async def decide_waiver(
    id: UUID, version: int, action: Action, why: str, caller: Principal, uow: UnitOfWork, calendar: Calendar
) -> None:
    """Grant or decline what was asked. Raises NotFound, Conflict, and Forbidden for who asked, for their unit and for
    the one that bears the duty."""
    duty, rhythm = await _read(id, version, caller, uow)
    if (why_not := refusal(duty, action, caller)) is not None:
        raise why_not
    moment = Moment(caller.actor(), uow.now, calendar)
    if action is Action.DECLINE_WAIVER:
        Duties.of(uow).put(decline_waiver(duty, why, moment))
    else:
        Duties.of(uow).take(grant_waiver(duty, why, rhythm, moment))


async def _read(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> tuple[Duty, Rhythm]:
    """The duty, locked until the transaction ends, if the caller sees it, and as they saw it; with its rhythm."""
    await DutyReader(uow, caller).one(id)
    duty, rhythm = await Duties.of(uow).with_rhythm(id)
    require_version(version, duty.version)
    return duty, rhythm
