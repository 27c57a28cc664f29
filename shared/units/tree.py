"""The unit tree as a service sees it: pure look-ups over the projection at one moment."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.auth.principal import Reach


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the projection. Field meanings: `shared.events.registry.units.UnitChanged`."""

    code: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    boundary: Mapping[str, Any] | None = None
    """Only where the service's projection keeps boundaries."""
    functions: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    valid_from: date = date.min
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on a local day; the last day of validity is the one before `valid_to`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class UnitTree:
    """All units at one moment. Codes that are unknown have no ancestors and lie within nothing but themselves."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: Mapping[str, Unit] = {unit.code: unit for unit in units}
        self._look_through()

    def _look_through(self) -> None:
        self.root = min((code for code, unit in self.units.items() if unit.kind == "city"), default=None)
        """The first city by code: where a report belongs whose sender has no unit."""
        self._holders: dict[str, list[Unit]] = {}
        for unit in sorted((unit for unit in self.units.values() if unit.functions), key=lambda unit: unit.code):
            for function in unit.functions:
                self._holders.setdefault(function, []).append(unit)

    def changed(self, units: Iterable[Unit]) -> "UnitTree":
        """Another tree, in which `units` replace those of their codes; who reads this one sees nothing of it."""
        new = {unit.code: unit for unit in units}
        old = [self.units[code] for code in new if code in self.units]
        tree = copy(self)
        tree.units = {**self.units, **new}
        # A city has hundreds of thousands of units; only for these few is it worth looking at each of them again.
        if any(unit.kind == "city" or unit.functions for unit in (*new.values(), *old)):
            tree._look_through()  # noqa: SLF001 - its own class, and nobody has it yet
        return tree

    def get(self, code: str | None) -> Unit | None:
        return self.units.get(code) if code else None

    def upward(self, code: str) -> Iterator[Unit]:
        """The unit itself, then its ancestors up to the root."""
        seen: set[str] = set()
        unit = self.units.get(code)
        while unit is not None and unit.code not in seen:
            seen.add(unit.code)
            yield unit
            unit = self.get(unit.parent)

    def within(self, code: str, area: str) -> bool:
        """Whether `code` is `area` or lies below it."""
        return code == area or any(unit.code == area for unit in self.upward(code))

    def covers(self, reach: Reach, code: str) -> bool:
        """Whether the unit lies in the part of the tree that `reach` is (`UnitProjection.condition` says it in SQL)."""
        return reach.everything or (reach.unit is not None and self.within(code, reach.unit))

    def street_of(self, code: str) -> str:
        """The street that the unit lies in; for units above a street, and unknown ones, the unit itself."""
        return next((unit.code for unit in self.upward(code) if unit.kind == "street"), code)

    def departments(self, area: str, function: str) -> Iterator[tuple[str, Unit]]:
        """Departments with `function` that serve `area` or one of its ancestors, nearest area first, with that area."""
        for step in self.upward(area):
            for unit in self._holders.get(function, ()):
                if step.code in unit.serves or (not unit.serves and unit.parent == step.code):
                    yield step.code, unit
