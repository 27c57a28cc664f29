"""Premises of a table at once: all of it or nothing, and nothing again the second time.

A row is known by its file's number, or as a form would know it. Reach and rules are those of a form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.registry.errors import PREMISES_KNOWN, PREMISES_NOT_FOUND, PREMISES_PLACE_UNKNOWN
from services.registry.premises.premises import About, Premises, enter, known_by, state
from services.registry.premises.store import Ledger
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.reading import Row
from shared.sheets.taking import Done, Taken, take_each

MOST: Final = 50_000
"""Rows of one import: a street's whole ledger."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row, the number it names ("" for none) and what it states."""

    row: Row
    number: str
    about: About


async def import_premises(told: Sequence[Told], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Enter and state what the rows say. The unit of work must not be committed where one was refused."""
    table, following = await _Table.of(told, caller, uow, why), iter(told)
    return await take_each((one.row for one in told), lambda _: table.take(next(following)), pause=uow.write_ahead)


class _Table:
    """What the rows of one import meet: the files that are there, and what earlier rows were about."""

    def __init__(
        self,
        uow: UnitOfWork,
        caller: Principal,
        why: str | None,
        *,
        streets: Mapping[str, str],
        stored: Sequence[Premises],
        numbers: Sequence[str],
    ) -> None:
        self._ledger, self._by, self._now, self._why = Ledger.of(uow), caller.actor(), uow.now, why
        self._streets = streets
        self._stored = {name: one for one in stored for name in (one.key, one.number)}
        self._numbers = iter(numbers)
        self._said: dict[str, int] = {}

    @classmethod
    async def of(cls, rows: Sequence[Told], caller: Principal, uow: UnitOfWork, why: str | None) -> "_Table":
        ledger, today = Ledger.of(uow), local_day(uow.now)
        streets = await streets_of(uow, caller, {told.about.unit for told in rows}, today)
        keys = {known_by(streets[told.about.unit], told.about) for told in rows if told.about.unit in streets}
        stored = await ledger.known(keys=keys, numbers={told.number for told in rows if told.number})
        new = keys - {one.key for one in stored}
        # A file may also move: the grid where it lies now must be the caller's too.
        streets = await streets_of(uow, caller, {*streets, *(one.about.unit for one in stored)}, today)
        return cls(uow, caller, why, streets=streets, stored=stored, numbers=await ledger.new_numbers(len(new)))

    async def take(self, told: Told) -> Done:
        """Enter or state one row. Raises what a form would."""
        about = told.about
        street = self._streets.get(about.unit)
        if street is None:
            raise PREMISES_PLACE_UNKNOWN()
        key = known_by(street, about)
        namesake = self._stored.get(key)
        before = self._stored.get(told.number) if told.number else namesake
        if told.number and before is None:
            raise PREMISES_NOT_FOUND(field="number")
        if before is not None and before.about.unit not in self._streets:
            raise PREMISES_NOT_FOUND(field="unit")
        if namesake is not None and namesake is not before:
            raise PREMISES_KNOWN(data={"number": namesake.number})
        for name in (key, before.number if before else key):
            if self._said.setdefault(name, told.row.line) != told.row.line:
                raise PREMISES_KNOWN(data={"row": self._said[name]})
        if before is None:
            number = f"{street}-C{next(self._numbers)}"
            self._ledger.add(enter(new_id(), number, street, about, by=self._by, now=self._now, why=self._why))
            return "entered"
        if before.about == about:
            return "same"
        self._ledger.put(state(before, street, about, by=self._by, now=self._now, why=self._why))
        return "changed"
