"""A column of a ledger: its header in two languages, how its cells are read, and what a template says of it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from shared.sheets import cells, errors, times, weekdays
from shared.sheets.cells import Cell
from shared.sheets.headers import Wanted, folded, in_brackets

Kind = Literal[
    "text", "id", "number", "whole", "date", "days", "weekdays", "month", "clock", "instant", "until", "choice", "list",
    "unit", "units", "unit_lines", "person", "premises",
]  # fmt: skip
"""`until` is an instant at which something ends: told as a day alone, when that day is over. The last five are ids that may also be told by name, where the reading is given what is called so; `unit_lines` is text
of which each line begins with a unit."""
_UNITS: Final = frozenset(("unit", "units", "unit_lines"))
Naming = Callable[[str], str]
"""The id of what is called so, or is that id. Raises Invalid where none or several are."""
Called = Mapping[Kind, Naming]

YES_NO: Final = {"是": "yes", "否": "no"}
"""The choices of a question; the signs and words of clerks for them are understood as well."""
_FIRST_WORD: Final = re.compile(r"\s*([^\s|｜]+)")
_SIGNS: Final = {
    **dict.fromkeys(("√", "✓", "✔", "☑", "有", "对", "y", "true", "1"), "yes"),
    **dict.fromkeys(("×", "✕", "✗", "✘", "无", "没有", "n", "false", "0", "x"), "no"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the key of the value in code, `zh` the header; `choices` maps what is shown to the value.

    Values: text, id, clock, month, unit, person and premises `str` ("" when empty), list and units a tuple of `str`,
    days of `date`, weekdays of `int` from Monday 1, all others None when empty; instants are aware. Where `choices` have a word in brackets, that word alone is understood.
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
    instead: str = ""
    """The column that holds its name: read where this one is empty."""
    also: Mapping[str, str] = field(default_factory=dict)
    """Words that stand for a choice and are not offered."""

    @property
    def wanted(self) -> Wanted:
        # Who may tell a unit by its name calls the column 单位 where we say 单位编码.
        named = (self.zh.removesuffix("编码"),) if self.kind in _UNITS else ()
        names = dict.fromkeys(folded(name) for name in (self.zh, *self.synonyms, *named, self.en, self.name))
        return Wanted(self.name, self.zh, tuple(names), self.required, self.instead)

    @property
    def naming(self) -> Kind | None:
        """By which kind of names the column `instead` of this one is understood."""
        return ("unit" if self.kind in _UNITS else self.kind) if self.instead else None

    def reader(self, called: Called | None = None) -> Callable[[Cell, datetime], Any]:
        """Reads a cell; the instant is the day zero of the file's numbers. The reader raises Invalid."""
        read = self._choice if self.kind == "choice" else _READERS[self.kind]
        if called and (naming := called.get("unit" if self.kind in _UNITS else self.kind)):
            read = (_named_lines if self.kind == "unit_lines" else _named)(read, naming)
        return _required(read) if self.required else read

    @property
    def _choice(self) -> Callable[[Cell, datetime], Any]:
        known = {word: value for words, value in self.choices.items() for word in in_brackets(words)}
        known |= {folded(word): value for words, value in self.choices.items() for word in (value, words)}
        meant = set(self.choices.values())
        signs = {word: value for word, value in _SIGNS.items() if meant <= {"yes", "no"} and value in meant}
        signs |= {_sign(word): value for word, value in self.also.items()}
        choices = tuple(self.choices)
        return lambda cell, _: _chosen(cell, known, signs, choices)

    def shower(self) -> Callable[[Any], Cell] | None:
        """Makes of a value the cell that `reader` reads again; None where the value is that cell."""
        if self.kind in {"list", "units", "days"}:
            return lambda value: None if value is None else "、".join(map(str, value))
        if self.kind == "weekdays":
            return lambda value: None if value is None else weekdays.shown(value)
        if self.kind == "until":
            return times.end_shown
        if self.kind == "choice":
            words = {meant: words for words, meant in reversed(tuple(self.choices.items()))}
            return lambda value: words.get(value, value)
        return None

    def shown(self, value: Any) -> Cell:
        """A value as a cell."""
        show = self.shower()
        cell: Cell = value if show is None else show(value)
        return cell


def _plain(read: Callable[[Cell], Any]) -> Callable[[Cell, datetime], Any]:
    return lambda cell, _: read(cells.said(cell))


def _timed(read: Callable[[Cell, datetime], Any]) -> Callable[[Cell, datetime], Any]:
    return lambda cell, zero: read(cells.said(cell), zero)


_READERS: Mapping[Kind, Callable[[Cell, datetime], Any]] = {
    **dict.fromkeys(("text", "unit_lines"), _plain(cells.text)),
    **dict.fromkeys(("id", "unit", "person", "premises"), _plain(cells.identifier)),
    **dict.fromkeys(("list", "units"), _plain(cells.several)),
    "number": _plain(cells.number),
    "whole": _plain(cells.whole),
    "weekdays": _plain(weekdays.weekdays),
    "date": _timed(times.day),
    "days": _timed(times.days),
    "month": _timed(times.month),
    "clock": _timed(times.clock),
    "instant": _timed(times.instant),
    "until": _timed(times.until),
}


def _required(read: Callable[[Cell, datetime], Any]) -> Callable[[Cell, datetime], Any]:
    def reader(cell: Cell, zero: datetime) -> Any:
        value = read(cell, zero)
        if value in (None, "", ()):
            raise errors.CELL_MISSING()
        return value

    return reader


def _named(read: Callable[[Cell, datetime], Any], naming: Naming) -> Callable[[Cell, datetime], Any]:
    def reader(cell: Cell, zero: datetime) -> Any:
        value = read(cell, zero)
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(map(naming, value)))
        return naming(value) if value else value

    return reader


def _sign(told: str) -> str:
    return unicodedata.normalize("NFKC", told).lower()


def _begun(told: str, known: Mapping[str, str]) -> str | None:
    """人员密集 for 人员密集场所, and 干粉灭火器 for 干粉: the one choice that begins so, where no other is named beside it."""
    found = {
        value
        for word, value in known.items()
        if min(len(word), len(told)) > 1 and (word.startswith(told) or word in told)
    }
    beginning = any(told.startswith(word) or word.startswith(told) for word in known if len(word) > 1)
    return found.pop() if len(found) == 1 and beginning and len(told) > 1 else None


def _named_lines(read: Callable[[Cell, datetime], Any], naming: Naming) -> Callable[[Cell, datetime], Any]:
    def line(told: str) -> str:
        match = _FIRST_WORD.match(told)
        return f"{naming(match[1])}{told[match.end() :]}" if match else told

    return lambda cell, zero: "\n".join(line(told) for told in read(cell, zero).splitlines())


def _chosen(cell: Cell, known: Mapping[str, str], signs: Mapping[str, str], choices: Sequence[str]) -> str | None:
    told = cells.text(cell)
    if not told:
        return None
    value = known.get(folded(told)) or signs.get(_sign(told)) or _begun(folded(told), known)
    if value is None and cells.said(cell) is not None:
        raise errors.not_a_choice(choices)
    return value
