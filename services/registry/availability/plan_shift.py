"""A keeper plans a shift, or ends one."""

from datetime import date
from uuid import UUID

from services.registry.availability.reading import ShiftReader
from services.registry.availability.shift import Shift, end, plan, spanned
from services.registry.availability.store import Shifts
from services.registry.competence import require_place
from services.registry.errors import SHIFT_KNOWN, SHIFT_POST_NOT_HELD
from services.registry.posts.post import Post
from services.registry.posts.store import Posts
from services.registry.units.store import Units
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.ids import new_id


async def plan_shift(wanted: Shift, caller: Principal, uow: UnitOfWork, *, why: str | None = None) -> Shift:
    """Store the new shift. Raises Forbidden, Invalid, and Conflict for one that is planned already."""
    await alone(uow)
    shift = spanned(wanted)
    above = await Units.of(uow).ancestors(shift.unit)
    require_place(caller, [unit.code for unit in above], own=True)
    unit = above[0] if above else None
    change = plan(shift, unit, by=caller.actor(), now=uow.now, today=local_day(uow.now), why=why)
    if shift.person is not None:
        held = Post(new_id(), shift.person, shift.role, shift.unit, shift.valid_from, shift.valid_to, 1)
        if not any(post.overlaps(held) for post in await Posts.of(uow).same(held)):
            raise SHIFT_POST_NOT_HELD()
    for other in await Shifts.of(uow).of_post(shift.unit, shift.role):
        if other.key == shift.key:
            raise SHIFT_KNOWN(data={"shift_id": other.id})
    Shifts.of(uow).add(change)
    return shift


async def end_shift(
    id: UUID, version: int, on: date | None, caller: Principal, uow: UnitOfWork, *, why: str | None = None
) -> Shift:
    """The shift, not begun any more from `on` on (today where None). Raises NotFound, Forbidden, Conflict, Invalid."""
    await alone(uow)
    shift = await ShiftReader(uow, caller).one(id)
    require_place(caller, [unit.code for unit in await Units.of(uow).ancestors(shift.unit)], own=True)
    require_version(version, shift.version)
    today = local_day(uow.now)
    change = end(shift, on or today, by=caller.actor(), now=uow.now, today=today, why=why)
    Shifts.of(uow).put(change)
    return change.after
