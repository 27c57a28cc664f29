"""What is written into a premises' file counts for its duties: a full test of the facilities, a cleaning of the flues, an
assessment. They have no ledger of their own; the entry, with its PDF, is the evidence."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Final

from services.registry.duties.count_for import Done, Thing, count_for
from services.registry.duties.kinds import Act
from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_items import ASSESSMENT, FLUE_CLEANING, FULL_TEST
from services.registry.premises.file_store import FileEntries
from services.registry.premises.store import Ledger
from shared.auth.principal import Principal
from shared.clock import end_of, local_day
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import Calendar

_ITEM: Final = "facility_checks"
_ACTS: Final[Mapping[str, Act]] = {
    FULL_TEST: Act.FACILITIES_TEST,
    FLUE_CLEANING: Act.FLUE_CLEANING,
    ASSESSMENT: Act.ASSESSMENT,
}


def count_entries(calendar: Calendar) -> Callable[[FileEntry, Principal, UnitOfWork], Awaitable[None]]:
    """What `premises.deps` calls for each new entry."""

    async def count(entry: FileEntry, caller: Principal, uow: UnitOfWork) -> None:
        act = _ACTS.get(entry.values.get("kind", "")) if entry.item == _ITEM else None
        if act is None:
            return
        day = date.fromisoformat(entry.values["on"])
        premises = await Ledger.of(uow).get(entry.premises_id)
        if premises is None or day > local_day(uow.now):  # what is to come counts when it was done
            return
        thing = Thing(FileEntries.kind, entry.id, premises.number)
        done = Done(act, None, premises.id, end_of(day), thing)
        await count_for(uow, done, by=caller.actor(), calendar=calendar)

    return count
