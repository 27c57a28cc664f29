"""Past inspections of a table at once: all of it or nothing, and nothing again the second time.

A row is known by its number, or by place, time, kind and inspector. It was in the unit in which its premises lay then.
What was found then stands in the results; it opens
no hazard and counts for no duty, for that time is past.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from services.registry.errors import IMPORT_ROW_REPEATED, PREMISES_NOT_FOUND
from services.registry.inspections.answers import Answer, Result, Verdict
from services.registry.inspections.checklists import FIRST, SEVEN_ITEMS
from services.registry.inspections.errors import (
    INSPECTION_DIFFERS,
    INSPECTION_NOT_FOUND,
    INSPECTION_PLACE_UNKNOWN,
    INSPECTION_TO_COME,
)
from services.registry.inspections.inspection import Told, Where, enter
from services.registry.inspections.make_inspection import number_of
from services.registry.inspections.reading import InspectionReader
from services.registry.inspections.store import Inspections, Known
from services.registry.premises.past_reading import Lay, lay_at, lay_of
from services.registry.premises.store import Ledger
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_parts

MOST: Final = 50_000
"""Rows of one import: a street's year."""
IMPORTED: Final = "import"
"""The caller in whose name past inspections are known."""
_SEVEN: Final = FIRST[SEVEN_ITEMS]
_VERDICTS: Final = {
    Result.OK: Verdict.PASS,
    Result.FAILED: Verdict.FAIL,
    Result.NOT_APPLICABLE: Verdict.NOT_APPLICABLE,
}


async def import_inspections(rows: Iterable[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Enter what the rows say. The unit of work must not be committed where one was refused."""
    return await take_parts(rows, _Table(uow, caller, why), uow, row=lambda row: row)


def _key(values: Mapping[str, Any]) -> str:
    place = values["premises_number"] or values["unit"]
    return "|".join((place, values["made_at"].isoformat(), values["kind"], values["inspector"]))


def _hash(values: Mapping[str, Any]) -> bytes:
    """Of what is taken from a row: columns that are only shown may differ."""
    told = {
        name: value for name, value in values.items() if name not in ("number", "premises", "checklist", "findings")
    }
    return sha256(json.dumps(told, sort_keys=True, default=str).encode()).digest()


class _Table:
    """What the rows of one import meet: the places that the caller reaches, and what is there already."""

    def __init__(self, uow: UnitOfWork, caller: Principal, why: str | None) -> None:
        self._store, self._by, self._now, self._why = Inspections.of(uow), caller.actor(), uow.now, why
        self._uow, self._caller = uow, caller
        self._places: Mapping[str, Where] = {}
        self._lay: Mapping[UUID, Sequence[Lay]] = {}
        self._known: Mapping[str, Known] = {}
        self._numbers = frozenset[str]()
        self._serials: Iterator[str] = iter(())
        self._said = set[str]()

    async def meet(self, rows: Sequence[Row]) -> None:
        told = [row.values for row in rows]
        stored = await Ledger.of(self._uow).known(
            numbers={one["premises_number"] for one in told if one["premises_number"]}
        )
        units = {one["unit"] for one in told if one["unit"]} | {one.about.unit for one in stored}
        streets = await streets_of(self._uow, self._caller, units, local_day(self._now))
        places = {unit: Where(None, unit, street) for unit, street in streets.items()}
        self._places = places | {
            one.number: Where(one.id, one.about.unit, one.street, one.about.category)
            for one in stored
            if one.about.unit in streets
        }
        self._lay = await lay_of(self._uow, [one.id for one in stored])
        self._known = await self._store.known(IMPORTED, {_key(one) for one in told})
        numbers = {one["number"] for one in told if one["number"]}
        self._numbers = await InspectionReader(self._uow, self._caller).numbers(numbers)
        self._serials = iter(await self._store.new_serials(len(rows)))

    async def take(self, row: Row) -> Done:
        """Enter one row. Raises what is against it."""
        values = row.values
        if values["number"]:
            if values["number"] not in self._numbers:
                raise INSPECTION_NOT_FOUND(field="number")
            return "same"
        place = values["premises_number"] or values["unit"]
        if (where := self._places.get(place)) is None:
            if values["premises_number"]:
                raise PREMISES_NOT_FOUND(field="premises_number")
            raise INSPECTION_PLACE_UNKNOWN()
        if values["made_at"] > self._now:
            raise INSPECTION_TO_COME()
        if where.premises_id is not None:
            then = lay_at(self._lay[where.premises_id], values["made_at"])
            where = Where(where.premises_id, then.unit, then.street, then.category)
        key, body = _key(values), _hash(values)
        if key in self._said:
            raise IMPORT_ROW_REPEATED()
        self._said.add(key)
        if earlier := self._known.get(key):
            if earlier.body_hash != body:
                raise INSPECTION_DIFFERS(number=earlier.number, data={"number": earlier.number})
            return "same"
        change = enter(
            new_id(), number_of(where, next(self._serials)), where, _told(values), _SEVEN, inspector=values["inspector"],
            by=self._by, now=self._now,
        )  # fmt: skip
        self._store.add(replace(change, why=self._why), caller=IMPORTED, client_key=key, body_hash=body)
        return "entered"


def _told(values: Mapping[str, Any]) -> Told:
    """What a row says: the seven items, one question each."""
    answers = tuple(
        Answer(question.no, _VERDICTS[values[question.item] or Result.NOT_APPLICABLE])
        for question in _SEVEN.questions.values()
    )
    return Told(
        kind=values["kind"], checklist=_SEVEN.code, checklist_version=_SEVEN.version, told_at=values["made_at"],
        at_night=values["at_night"] == "yes", answers=answers, companions=values["companions"], remark=values["remark"],
    )  # fmt: skip
