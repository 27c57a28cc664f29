"""A person asks for leave, or a keeper enters what was agreed; another grants or refuses; either takes it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registry.availability.leave import KEEPERS, Action, Kind, Leave, State, ask, decide, withdraw
from services.registry.availability.reading import LeaveReader
from services.registry.availability.store import Leaves
from services.registry.competence import covers, require_place
from services.registry.errors import LEAVE_NOT_YOURS
from services.registry.posts.table import posts
from services.registry.units.store import Units, exists_on
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.ids import new_id
from shared.units.scope import unscoped


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to be away, from when (UTC) to when (excluded)."""

    person: str
    starts_at: datetime
    ends_at: datetime
    kind: Kind
    reason: str


async def ask_leave(wanted: Wanted, caller: Principal, uow: UnitOfWork, *, why: str | None = None) -> Leave:
    """Asked for by the person, or entered as granted by a keeper of theirs. Raises Forbidden, Invalid, Conflict."""
    own = wanted.person == caller.subject
    if not own and caller.role not in KEEPERS:
        raise LEAVE_NOT_YOURS()
    await alone(uow)
    asked = Leave(
        id=new_id(),
        person=wanted.person,
        unit=await _unit_of(wanted, caller, uow),
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        kind=wanted.kind,
        reason=wanted.reason,
        state=State.ASKED if own else State.GRANTED,
        asked_by=caller.subject,
        asked_at=uow.now,
        decided_by=None if own else caller.subject,
        decided_at=None if own else uow.now,
        answer=None,
        version=1,
    )
    change = ask(asked, await Leaves.of(uow).of_person(wanted.person), by=caller.actor(), now=uow.now, why=why)
    Leaves.of(uow).add(change)
    return change.after


async def decide_leave(
    id: UUID, version: int, action: Action, answer: str | None, caller: Principal, uow: UnitOfWork
) -> Leave:
    """Granted or declined by a keeper who is neither. Raises NotFound, Forbidden, Conflict."""
    leave = await _read(id, version, caller, uow)
    require_place(caller, await _above(leave.unit, uow), own=True)
    change = decide(leave, action, by=caller, now=uow.now, answer=answer)
    Leaves.of(uow).put(change)
    return change.after


async def withdraw_leave(id: UUID, version: int, answer: str | None, caller: Principal, uow: UnitOfWork) -> Leave:
    """Taken back by the person, or a keeper of theirs. Raises NotFound, Forbidden, Conflict."""
    leave = await _read(id, version, caller, uow)
    if leave.person != caller.subject:
        require_place(caller, await _above(leave.unit, uow), own=True)
    change = withdraw(leave, by=caller, now=uow.now, answer=answer)
    Leaves.of(uow).put(change)
    return change.after


async def _read(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Leave:
    await LeaveReader(uow, caller).one(id)
    leave = (await Leaves.of(uow).load([id]))[id]
    require_version(version, leave.version)
    return leave


async def _unit_of(wanted: Wanted, caller: Principal, uow: UnitOfWork) -> str:
    """The unit of the post held longest on the first day, of those that the caller keeps; "" for none."""
    query = unscoped(
        posts, posts.c.unit, why="everybody may ask for leave; who enters another's must keep a post of theirs"
    )
    day = local_day(max(wanted.starts_at, uow.now))
    held = await uow.connection.scalars(
        query.where(posts.c.person == wanted.person, exists_on(posts, day)).order_by(posts.c.valid_from, posts.c.id)
    )
    units = list(held)
    if wanted.person == caller.subject:
        return caller.unit if caller.unit and caller.unit in units else next(iter(units), "")
    kept = [unit for unit in units if covers(caller, await _above(unit, uow), own=True)]
    return next(iter(kept), "")


async def _above(unit: str, uow: UnitOfWork) -> list[str]:
    return [state.code for state in await Units.of(uow).ancestors(unit)]
