"""An import takes all rows of a table or none: what was sent, what became of each row, and the answer to refused ones."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, Protocol, TypeVar

from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.sheets.columns import Called
from shared.sheets.errors import IMPORT_TOO_LONG
from shared.sheets.ledger import Ledger
from shared.sheets.reading import Reading, Refusal
from shared.sheets.rows import Row

Done = Literal["entered", "changed", "same"]
"""What a row did: a new thing, a change of one (its end is one too), or nothing, for all of it was known."""
Refused = Sequence[tuple[Row, GridGovError]]
_AT_ONCE: Final = 100
"""Rows between two looks at other work of this process."""
_PART: Final = 500
"""Rows of a large table that are held at a time."""
T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows did what, and which were refused, and why."""

    entered: int
    changed: int
    same: int
    refused: Refused = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A table as it was sent, and what was read of it."""

    ledger: Ledger
    content: bytes
    reading: Reading

    @classmethod
    def of(cls, ledger: Ledger, content: bytes, most: int, called: Called | None = None) -> "Sent":
        """Call it in a thread. Raises Invalid, TooLarge, and Invalid for more than `most` rows."""
        reading = ledger.read(content, most=most + 1, called=called)
        if sum(sheet.rows for sheet in reading.sheets) > most:
            raise IMPORT_TOO_LONG(most=most)
        return cls(ledger, content, reading)

    def require_all(self, refused: Refused) -> None:
        """Raise RowsRefused where a row could not be read, or was `refused`: the unit of work must not be committed."""
        refusals = [*self.reading.refusals, *(self._refusal(row, error) for row, error in refused)]
        if refusals:
            raise RowsRefused(self, refusals)

    def _refusal(self, row: Row, error: GridGovError) -> Refusal:
        return self.reading.refuse(row, self.ledger.column(error.field), error)


class RowsRefused(Exception):
    """Rows cannot be taken, so nothing was."""

    def __init__(self, sent: Sent, refusals: Sequence[Refusal]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.sent, self.refusals = sent, refusals

    def file(self) -> tuple[bytes, str]:
        """The file as it was sent, with a column that says what is wrong, and its name. Call it in a thread.

        All rows: nothing was taken, and who sends back the mended ones alone would believe the others taken."""
        file, suffix = self.sent.ledger.answer(self.sent.content, self.sent.reading, self.refusals, all_rows=True)
        return file, f"待修改的{self.sent.ledger.name} refused{suffix}"


class Meets(Protocol[T_contra]):
    """What the rows of a large import meet. Of what was there, and of the rows themselves, it holds one part at a time."""

    async def meet(self, told: Sequence[T_contra], /) -> None:
        """Look up what these rows are about. What the rows before them did is in the database."""

    async def take(self, told: T_contra, /) -> Done:
        """What one of them does. Raises what is against it."""


async def take_each(rows: Iterable[Row], take: Callable[[Row], Awaitable[Done]]) -> Taken:
    """All rows taken one by one; one that is refused hides none of the others, so that a person learns of all at once."""
    tally = _Tally()
    for row in rows:
        await tally.add(row, take(row))
    return tally.taken()


async def take_parts(told: Iterable[T], meets: Meets[T], uow: UnitOfWork, *, row: Callable[[T], Row]) -> Taken:
    """The same for tables of tens of thousands, a part at a time. `told` is drawn in a thread, `row` says by which row
    each was told. What one part did is written while the next one is drawn."""
    following, tally = iter(told), _Tally()
    while part := await asyncio.to_thread(lambda: list(islice(following, _PART))):
        await uow.flush()  # a part before this may have entered one of these
        await meets.meet(part)
        for one in part:
            await tally.add(row(one), meets.take(one))
        await uow.write_ahead()
    return tally.taken()


class _Tally:
    def __init__(self) -> None:
        self._count = 0
        self._done: Counter[str] = Counter()
        self._refused: list[tuple[Row, GridGovError]] = []
        self._said: dict[tuple[str, str, str | None], GridGovError] = {}

    async def add(self, row: Row, taking: Awaitable[Done]) -> None:
        self._count += 1
        if self._count % _AT_ONCE == 0:
            await asyncio.sleep(0)
        try:
            self._done[await taking] += 1
        except GridGovError as error:
            # Of the row what a person is shown, and one error for all that say the same: there may be tens of thousands.
            name = error.field or ""
            values = {name: row.values[name]} if name in row.values else {}
            why = self._said.setdefault((error.code, error.zh, error.field), error.with_traceback(None))
            self._refused.append((Row(row.sheet, row.line, values), why))

    def taken(self) -> Taken:
        return Taken(self._done["entered"], self._done["changed"], self._done["same"], self._refused)
