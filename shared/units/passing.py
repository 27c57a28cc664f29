"""Who succeeds a unit after a restructuring. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Succession:
    """One line of a restructuring with the number `number`: `unit` is succeeded by `successor`, which lies in `street`;
    where `boundary` is given, only for what has its point (WGS-84) in it. A unit that succeeds itself only came to lie in
    another street."""

    restructuring: UUID
    number: str
    effective_from: date
    unit: str
    rank: int
    successor: str
    street: str
    boundary: dict[str, Any] | None = None

    @property
    def ends(self) -> bool:
        return self.successor != self.unit

    def trail(self) -> dict[str, Any]:
        """What the trail of a thing says that moves: from where to where, and by which restructuring."""
        return {"unit": [self.unit, self.successor], "street": self.street, "restructuring": self.number}


class Passing:
    """The successions of some units."""

    def __init__(self, lines: Iterable[Succession]) -> None:
        self._lines: dict[str, list[Succession]] = {}
        for line in sorted(lines, key=lambda line: (line.effective_from, line.restructuring, line.rank)):
            self._lines.setdefault(line.unit, []).append(line)

    def succession(
        self, unit: str | None, longitude: float | None = None, latitude: float | None = None
    ) -> Succession | None:
        """Who succeeds `unit` for a thing with this point, of a split unit the part whose boundary holds it; else the
        one that the plan names as main. None where nobody does."""
        lines = self._lines.get(unit or "", ())
        ending = [line for line in lines if line.ends] or lines
        if not ending:
            return None
        newest = [line for line in ending if line.restructuring == ending[-1].restructuring]
        if longitude is not None and latitude is not None:
            for line in newest:
                if line.boundary is not None and _covers(line.boundary, longitude, latitude):
                    return line
        return newest[-1]

    def last_succession(
        self, unit: str, longitude: float | None = None, latitude: float | None = None
    ) -> Succession | None:
        """The same, through one restructuring after the other."""
        found, seen = None, {unit}
        while (step := self.succession(unit, longitude, latitude)) is not None:
            found, unit = step, step.successor
            if unit in seen:
                break
            seen.add(unit)
        return found

    def home(self, unit: str) -> str:
        """The unit itself, or who succeeds it in the end."""
        succession = self.last_succession(unit)
        return succession.successor if succession else unit

    @property
    def ended(self) -> list[str]:
        """The units among them that have ended."""
        return [code for code, lines in self._lines.items() if any(line.ends for line in lines)]

    @property
    def moved(self) -> dict[str, str]:
        """The units that are there, and the streets in which they lie now."""
        return {code: lines[-1].street for code, lines in self._lines.items() if not any(line.ends for line in lines)}


def _covers(boundary: dict[str, Any], longitude: float, latitude: float) -> bool:
    from shapely import Point  # noqa: PLC0415 - 20 MB, and units are split once in years
    from shapely.geometry import shape  # noqa: PLC0415 - the same

    return bool(shape(boundary).covers(Point(longitude, latitude)))
