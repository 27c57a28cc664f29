"""Past meetings of a table at once: all of it or nothing, and nothing again the second time.

A row is known by its number, or by unit, time and title. Who convenes is asked as for a call. Its resolutions give nobody
work and it counts for no duty, for that time is past.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from services.registry.meetings.convening import existing, keeps, street_of
from services.registry.meetings.errors import (
    MEETING_DIFFERS,
    MEETING_INVITED_UNKNOWN,
    MEETING_NOT_FOUND,
    MEETING_UNIT_UNKNOWN,
)
from services.registry.meetings.meeting import Call, Meeting, Record, enter_past
from services.registry.meetings.reading import MeetingReader
from services.registry.meetings.store import Meetings
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_each

MOST: Final = 2_000


Told = tuple[Row, Call, Record]
"""A row, what it says was called, and what was written."""


async def import_meetings(told: Sequence[Told], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Enter what the rows say. The unit of work must not be committed where one was refused."""
    store, day = Meetings.of(uow), local_day(uow.now)
    known = {one.call.key: one for one in await store.at({call.starts_at for _, call, _ in told})}
    seen = await MeetingReader(uow, caller).numbers(
        {row.values["number"] for row, _, _ in told if row.values["number"]}
    )
    units = {call.unit for _, call, _ in told}
    streets = {unit: await street_of(uow, unit) for unit in sorted(units) if await keeps(uow, caller, unit, day)}
    there = await existing(
        uow, {code for _, call, record in told for _, codes in _named(call, record) for code in codes}, day
    )
    following, serials = iter(told), iter(await store.new_numbers(len(told)))

    async def take(row: Row) -> Done:
        _, call, record = next(following)
        if number := row.values["number"]:
            if number not in seen:
                raise MEETING_NOT_FOUND(field="number")
            return "same"
        if call.unit not in streets:
            raise MEETING_UNIT_UNKNOWN()
        for field, codes in _named(call, record):
            if unknown := sorted(codes - there):
                raise MEETING_INVITED_UNKNOWN(field=field, codes=unknown, data={"unknown": unknown})
        if (before := known.get(call.key)) is not None:
            if not _same(before, call, record):
                raise MEETING_DIFFERS(number=before.number, data={"number": before.number})
            return "same"
        number, street = f"{call.unit}-LH{next(serials)}", streets[call.unit]
        change = enter_past(new_id(), number, street, call, record, by=caller.actor(), now=uow.now, why=why)
        store.add(change)
        known[call.key] = change.after
        return "entered"

    return await take_each((row for row, _, _ in told), take)


def _named(call: Call, record: Record) -> tuple[tuple[str, set[str]], ...]:
    """The units that a row names, by column."""
    return (
        ("invited", set(call.invited)),
        ("attendance", {one.unit for one in record.attendance}),
        ("resolutions", {one.lead_unit for one in record.resolutions}),
    )


def _same(before: Meeting, call: Call, record: Record) -> bool:
    return before.call == call and before.record is not None and _plain(before.record) == _plain(record)


def _plain(record: Record) -> Any:
    """Without what the platform gave."""
    return replace(record, resolutions=tuple(replace(one, id=UUID(int=0), number="") for one in record.resolutions))
