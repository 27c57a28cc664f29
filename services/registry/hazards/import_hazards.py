"""Hazards of a table at once: all of it or nothing, and nothing again the second time.

A row without a number enters a hazard; what is open already with the same words at the same place is the same, and so is
what was fixed on the spot. A row with a number was exported: it is passed over, and where it says something else,
that is told. Reach and rules are those of a form.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.registry.errors import PREMISES_UNKNOWN
from services.registry.hazards.errors import (
    HAZARD_NOT_FOUND,
    HAZARD_PLACE_MISSING,
    HAZARD_UNIT_UNKNOWN,
)
from services.registry.hazards.finding import Found, find
from services.registry.hazards.hazard import Criteria, Source, SourceKind
from services.registry.hazards.items import Item
from services.registry.hazards.reading import HazardReader, Stated
from services.registry.hazards.store import Hazards, Known
from services.registry.premises.premises import Premises
from services.registry.premises.store import Ledger
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Invalid
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_parts

MOST: Final = 50_000
"""Rows of one import."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row, the numbers that it names of a hazard and of premises ("" for none), and what was found."""

    row: Row
    number: str
    premises: str
    found: Found

    @property
    def stated(self) -> Stated:
        return Stated(self.found.item, self.found.text, None if self.found.fixed_on_spot else self.found.rectify_by)


async def import_hazards(rows: Iterable[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Enter what the rows say. The unit of work must not be committed where one was refused."""
    table = _Table(uow, caller, why)
    return await take_parts(map(_told, rows), table, uow, row=lambda one: one.row)


class _Table:
    """What the rows of one import meet: the places that the caller reaches, and what is there already."""

    def __init__(self, uow: UnitOfWork, caller: Principal, why: str | None) -> None:
        self._store, self._by, self._now, self._why = Hazards.of(uow), caller.actor(), uow.now, why
        self._uow, self._caller, self._day = uow, caller, local_day(uow.now)
        self._places: Mapping[str, Premises] = {}
        self._streets: Mapping[str, str] = {}
        self._numbered: Mapping[str, Stated] = {}
        self._present = set[Known]()
        self._new: Mapping[str, Iterator[str]] = {}

    async def meet(self, told: Sequence[Told]) -> None:
        places = await Ledger.of(self._uow).known(numbers={one.premises for one in told if one.premises})
        self._places = {one.number: one for one in places}
        units = {one.found.unit for one in told} | {one.about.unit for one in places}
        self._streets = await streets_of(self._uow, self._caller, units, self._day)
        numbers = {one.number for one in told if one.number}
        self._numbered = await HazardReader(self._uow, self._caller).numbered(numbers)
        placed = [found for one in told if not one.number and (found := self._found(one)) is not None]
        self._present = await self._store.present({_known_by(found) for found in placed})
        new = {known: self._streets[known.unit] for known in map(_known_by, placed) if known not in self._present}
        counts = Counter(new.values())
        # Streets in one order: whoever numbers in two of them waits for another in one direction.
        self._new = {
            street: iter(await self._store.new_numbers(street, self._day, count))
            for street, count in sorted(counts.items())
        }

    async def take(self, told: Told) -> Done:
        """Enter one row. Raises what a form would."""
        if told.number:
            if (stated := self._numbered.get(told.number)) is None:
                raise HAZARD_NOT_FOUND(field="number")
            return "same" if told.stated == stated else "left"
        found = self._found(told)
        if found is None:
            raise _nowhere(told)
        if (known := _known_by(found)) in self._present:
            return "same"
        self._present.add(known)
        street, hazard = self._streets[found.unit], new_id()
        change = find(
            found, id=hazard, number=next(self._new[street]), origin=f"id:{hazard}", street=street,
            premises=self._places.get(told.premises), by=self._by, now=self._now, today=self._day,
        )  # fmt: skip
        self._store.add(replace(change, why=self._why))
        return "entered"

    def _found(self, told: Told) -> Found | None:
        """What was found, where it was; None where that is no place of the caller's."""
        if not told.premises:
            return told.found if told.found.unit in self._streets else None
        premises = self._places.get(told.premises)
        if premises is None or premises.about.unit not in self._streets:
            return None
        return replace(told.found, premises_id=premises.id, unit=premises.about.unit)


def _nowhere(told: Told) -> Invalid:
    if told.premises:
        return PREMISES_UNKNOWN()
    return HAZARD_UNIT_UNKNOWN() if told.found.unit else HAZARD_PLACE_MISSING()


def _known_by(found: Found) -> Known:
    return Known(found.premises_id, found.unit, found.item, found.text)


def _told(row: Row) -> Told:
    values = row.values
    criteria = Criteria(values["edition"], values["element"]) if values["edition"] else None
    found = Found(
        premises_id=None,
        unit=values["unit"],
        item=Item(values["item"]),
        text=values["text"],
        source=Source(SourceKind.TOLD),
        fixed_on_spot=values["fixed_on_spot"] == "yes",
        rectify_by=values["rectify_by"],
        criteria=criteria,
    )
    return Told(row, values["number"], values["premises"], found)
