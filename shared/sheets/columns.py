"""A column of a ledger: its header in two languages, how its cells are read, and what a template says of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.sheets import cells, errors, times
from shared.sheets.cells import Cell
from shared.sheets.headers import Wanted, folded

Kind = Literal["text", "id", "number", "whole", "date", "instant", "choice", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the key of the value in code, `zh` the header; `choices` maps what is shown to the value.

    Values: text and id `str` ("" when empty), list a tuple of `str`, all others None when empty; instants are aware.
    """

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    synonyms: tuple[str, ...] = ()
    example: Cell = None

    @property
    def wanted(self) -> Wanted:
        names = dict.fromkeys(folded(name) for name in (self.zh, *self.synonyms, self.en, self.name))
        return Wanted(self.name, self.zh, tuple(names), self.required)

    def reader(self) -> Callable[[Cell, datetime], Any]:
        """Reads a cell; the instant is the day zero of the file's numbers. The reader raises Invalid."""
        plain = _required(_READERS[self.kind]) if self.required else _READERS[self.kind]
        if self.kind != "choice":
            return plain
        known = {folded(words): value for words, value in self.choices.items()}
        known |= {folded(value): value for value in self.choices.values()}
        choices = tuple(self.choices)
        return lambda cell, zero: _choice(plain(cell, zero), known, choices)

    def shower(self) -> Callable[[Any], Cell] | None:
        """Makes of a value the cell that `reader` reads again; None where the value is that cell."""
        if self.kind == "list":
            return lambda value: None if value is None else "、".join(value)
        if self.kind == "choice":
            words = {meant: words for words, meant in reversed(tuple(self.choices.items()))}
            return lambda value: words.get(value, value)
        return None

    def shown(self, value: Any) -> Cell:
        """A value as a cell."""
        show = self.shower()
        cell: Cell = value if show is None else show(value)
        return cell


_READERS: Mapping[Kind, Callable[[Cell, datetime], Any]] = {
    "text": lambda cell, _: cells.text(cell),
    "choice": lambda cell, _: cells.text(cell),
    "id": lambda cell, _: cells.identifier(cell),
    "number": lambda cell, _: cells.number(cell),
    "whole": lambda cell, _: cells.whole(cell),
    "list": lambda cell, _: cells.several(cell),
    "date": times.day,
    "instant": times.instant,
}


def _required(read: Callable[[Cell, datetime], Any]) -> Callable[[Cell, datetime], Any]:
    def reader(cell: Cell, zero: datetime) -> Any:
        value = read(cell, zero)
        if value in (None, "", ()):
            raise errors.CELL_MISSING()
        return value

    return reader


def _choice(told: str, known: Mapping[str, str], choices: Sequence[str]) -> str | None:
    if not told:
        return None
    value = known.get(folded(told))
    if value is None:
        raise errors.not_a_choice(choices)
    return value
