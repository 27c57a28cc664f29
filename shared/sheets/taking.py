"""An import takes all rows of a table or none: what was sent, what became of each row, and the answer to refused ones."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.errors import GridGovError
from shared.sheets.errors import IMPORT_TOO_LONG
from shared.sheets.ledger import Ledger
from shared.sheets.reading import Reading, Refusal, Row

Done = Literal["entered", "changed", "same"]
"""What a row did: a new thing, a change of one (its end is one too), or nothing, for all of it was known."""
Refused = Sequence[tuple[Row, GridGovError]]
_AT_ONCE: Final = 500
"""Rows between two looks at other work of this process."""


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
    def of(cls, ledger: Ledger, content: bytes, most: int) -> "Sent":
        """Call it in a thread. Raises Invalid, TooLarge, and Invalid for more than `most` rows."""
        reading = ledger.read(content, most=most + 1)
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
        """The refused rows of the file as it was sent, with a column that says why, and its name. Call it in a thread."""
        file, suffix = self.sent.ledger.answer(self.sent.content, self.sent.reading, self.refusals)
        return file, f"被拒绝的{self.sent.ledger.name} refused{suffix}"


async def _breathe() -> None:
    await asyncio.sleep(0)


async def take_each(
    rows: Iterable[Row],
    take: Callable[[Row], Awaitable[Done]],
    *,
    pause: Callable[[], Awaitable[None]] = _breathe,
) -> Taken:
    """All rows taken one by one; one that is refused hides none of the others, so that a person learns of all at once.
    `pause` comes after every some hundred: what was taken may be written then."""
    done: Counter[str] = Counter()
    refused: list[tuple[Row, GridGovError]] = []
    for at, row in enumerate(rows):
        if at % _AT_ONCE == 0:
            await pause()
        try:
            done[await take(row)] += 1
        except GridGovError as error:
            refused.append((row, error))
    return Taken(done["entered"], done["changed"], done["same"], refused)
