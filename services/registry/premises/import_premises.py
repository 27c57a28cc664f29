"""Premises of a table at once: all of it or nothing, and nothing again the second time.

A row is known by its file's number, or as a form would know it. Reach and rules are those of a form.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.registry.errors import PREMISES_KNOWN, PREMISES_NOT_FOUND, PREMISES_PLACE_UNKNOWN
from services.registry.premises.premises import About, Premises, enter, known_by, state
from services.registry.premises.store import Ledger
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_parts

MOST: Final = 50_000
"""Rows of one import: a street's whole ledger."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row, the number it names ("" for none) and what it states."""

    row: Row
    number: str
    about: About

    def over(self, before: Premises) -> About:
        """What it states of a file that is there: what its table has no column for stays."""
        return replace(self.about, **self.row.kept(before.about))


async def import_premises(told: Iterable[Told], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Enter and state what the rows say. The unit of work must not be committed where one was refused."""
    return await take_parts(told, _Table(uow, caller, why), uow, row=lambda one: one.row)


class _Table:
    """What the rows of one import meet: the files that are there, and what earlier rows were about."""

    def __init__(self, uow: UnitOfWork, caller: Principal, why: str | None) -> None:
        self._ledger, self._by, self._now, self._why = Ledger.of(uow), caller.actor(), uow.now, why
        self._uow, self._caller = uow, caller
        self._streets: dict[str, str] = {}
        self._looked_up = set[str]()
        self._stored: Mapping[str, Premises] = {}
        self._numbers: Iterator[str] = iter(())
        self._said: dict[str, int] = {}

    async def meet(self, told: Sequence[Told]) -> None:
        await self._reach({one.about.unit for one in told})
        keys = {known_by(self._streets[one.about.unit], one.about) for one in told if one.about.unit in self._streets}
        stored = [*await self._ledger.known(keys=keys, numbers={one.number for one in told if one.number})]
        numbered = {one.number: one for one in stored}
        kept = {
            known_by(self._streets[one.about.unit], one.over(numbered[one.number]))
            for one in told
            if one.row.lacks and one.number in numbered and one.about.unit in self._streets
        }
        stored += await self._ledger.known(keys=kept - keys) if kept - keys else []
        self._stored = {name: one for one in stored for name in (one.key, one.number)}
        self._numbers = iter(await self._ledger.new_numbers(len(keys - self._stored.keys())))
        # A file may also move: the grid where it lies now must be the caller's too.
        await self._reach({one.about.unit for one in stored})

    async def take(self, told: Told) -> Done:
        """Enter or state one row. Raises what a form would."""
        about = told.about
        street = self._streets.get(about.unit)
        if street is None:
            raise PREMISES_PLACE_UNKNOWN()
        key = known_by(street, about)
        before = self._stored.get(told.number or key)
        if before is not None and told.row.lacks:
            about = told.over(before)
            key = known_by(street, about)
        namesake = self._stored.get(key)
        elsewhere = before is not None and before.about.unit not in self._streets
        if elsewhere or (told.number and before is None):
            # Of a number elsewhere nothing more is said than of one that nobody has.
            raise PREMISES_NOT_FOUND(field="number" if told.number else "unit")
        # Under its old name, too: whether an earlier row gave it another one must not depend on the parts.
        for name in (key, before.number, before.key) if before else (key,):
            if self._said.setdefault(name, told.row.line) != told.row.line:
                raise PREMISES_KNOWN(data={"row": self._said[name]})
        if namesake is not None and namesake is not before:
            raise PREMISES_KNOWN(data={"number": namesake.number})
        if before is None:
            number = f"{street}-C{next(self._numbers)}"
            self._ledger.add(enter(new_id(), number, street, about, by=self._by, now=self._now, why=self._why))
            return "entered"
        if before.about == about:
            return "same"
        self._ledger.put(state(before, street, about, by=self._by, now=self._now, why=self._why))
        return "changed"

    async def _reach(self, units: set[str]) -> None:
        """The streets of these, too."""
        new = units - self._looked_up
        if new:
            self._streets |= await streets_of(self._uow, self._caller, new, local_day(self._now))
            self._looked_up |= new
