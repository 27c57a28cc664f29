"""Leave and shifts of a table at once: all of it or nothing, and nothing again the second time. Each row is a POST."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from services.registry.availability.ask_leave import ask_leave
from services.registry.availability.leave import Leave
from services.registry.availability.plan_shift import end_shift, plan_shift
from services.registry.availability.sheet import leave_of, shift_of
from services.registry.availability.shift import Shift, spanned
from services.registry.availability.store import Leaves, Shifts
from services.registry.errors import SHIFT_ENDED
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_each

MOST: Final = 2_000
"""Rows of one import: writers of the registry wait for each other meanwhile."""


async def import_leave(rows: Sequence[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Enter what the rows say as granted. The unit of work must not be committed where one was refused."""
    await alone(uow)
    known: dict[str, set[tuple[object, ...]]] = {}

    async def take(row: Row) -> Done:
        wanted = leave_of(row.values).wanted(caller.subject)
        if wanted.person not in known:
            known[wanted.person] = {_span(leave) for leave in await Leaves.of(uow).of_person(wanted.person)}
        if (wanted.starts_at, wanted.ends_at, wanted.kind) in known[wanted.person]:
            return "same"
        await ask_leave(wanted, caller, uow, why=why)
        return "entered"

    return await take_each(rows, take)


async def import_shifts(rows: Sequence[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Plan and end what the rows say; an end is a change. As `import_leave` otherwise."""
    await alone(uow)
    today = local_day(uow.now)
    known: defaultdict[tuple[str, str], dict[tuple[object, ...], Shift]] = defaultdict(dict)

    async def take(row: Row) -> Done:
        shift = spanned(shift_of(row.values, today))
        place = (shift.unit, shift.role)
        if place not in known:
            known[place] = {one.key: one for one in await Shifts.of(uow).of_post(*place)}
        stored = known[place].get(shift.key)
        if stored is None:
            known[place][shift.key] = await plan_shift(shift, caller, uow, why=why)
            return "entered"
        if stored.valid_to == shift.valid_to or "valid_to" in row.lacks:
            return "same"
        if shift.valid_to is None:  # an end that was taken out of the table is no end today
            raise SHIFT_ENDED(field="valid_to", data={"valid_to": stored.valid_to})
        await end_shift(stored.id, stored.version, shift.valid_to, caller, uow, why=why)
        return "changed"

    return await take_each(rows, take)


def _span(leave: Leave) -> tuple[object, ...]:
    return leave.starts_at, leave.ends_at, leave.kind
