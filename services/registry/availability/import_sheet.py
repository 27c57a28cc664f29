"""Leave and shifts of a table at once: all of it or nothing, and nothing again the second time. Each row is a POST."""

from collections import Counter, defaultdict
from typing import Final

from services.registry.availability.ask_leave import ask_leave
from services.registry.availability.leave import Leave
from services.registry.availability.plan_shift import end_shift, plan_shift
from services.registry.availability.sheet import LEAVE, SHIFTS, leave_of, shift_of
from services.registry.availability.shift import Shift, spanned
from services.registry.availability.store import Leaves, Shifts
from services.registry.errors import IMPORT_TOO_LONG
from services.registry.units.import_sheet import RowsRefused
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.sheets.reading import Reading

MOST: Final = 2_000
"""Rows of one import: writers of the registry wait for each other meanwhile."""


async def import_leave(reading: Reading, caller: Principal, uow: UnitOfWork) -> Counter[str]:
    """How many were `entered`, and how many `same`. Raises RowsRefused, and Invalid for too many rows; the unit of work
    must not be committed then."""
    if len(reading.rows) > MOST:
        raise IMPORT_TOO_LONG(most=MOST)
    await alone(uow)
    refusals, done = list(reading.refusals), Counter[str]()
    known: dict[str, set[tuple[object, ...]]] = {}
    for row in reading.rows:
        wanted = leave_of(row.values).wanted(caller.subject)
        if wanted.person not in known:
            known[wanted.person] = {_span(leave) for leave in await Leaves.of(uow).of_person(wanted.person)}
        if (wanted.starts_at, wanted.ends_at, wanted.kind) in known[wanted.person]:
            done["same"] += 1
            continue
        try:
            await ask_leave(wanted, caller, uow)
            done["entered"] += 1
        except GridGovError as error:
            refusals.append(reading.refuse(row, LEAVE.column(error.field), error))
    if refusals:
        raise RowsRefused(refusals)
    return done


async def import_shifts(
    reading: Reading, caller: Principal, uow: UnitOfWork, *, why: str | None = None
) -> Counter[str]:
    """How many were `planned`, `ended`, and how many `same`. Raises as `import_leave` does."""
    if len(reading.rows) > MOST:
        raise IMPORT_TOO_LONG(most=MOST)
    await alone(uow)
    refusals, done, today = list(reading.refusals), Counter[str](), local_day(uow.now)
    known: defaultdict[tuple[str, str], dict[tuple[object, ...], Shift]] = defaultdict(dict)
    for row in reading.rows:
        shift = spanned(shift_of(row.values, today))
        place = (shift.unit, shift.role)
        if place not in known:
            known[place] = {one.key: one for one in await Shifts.of(uow).of_post(*place)}
        stored = known[place].get(shift.key)
        try:
            if stored is None:
                known[place][shift.key] = await plan_shift(shift, caller, uow, why=why)
                done["planned"] += 1
            elif stored.valid_to == shift.valid_to:
                done["same"] += 1
            else:
                await end_shift(stored.id, stored.version, shift.valid_to, caller, uow, why=why)
                done["ended"] += 1
        except GridGovError as error:
            refusals.append(reading.refuse(row, SHIFTS.column(error.field), error))
    if refusals:
        raise RowsRefused(refusals)
    return done


def _span(leave: Leave) -> tuple[object, ...]:
    return leave.starts_at, leave.ends_at, leave.kind
