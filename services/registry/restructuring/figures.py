"""What a restructuring changes in numbers: units of each kind and label before and after, how many percent fewer, and how
many residents and households a unit has on average. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from services.registry.restructuring.expand import Outcome
from services.registry.restructuring.step import Step
from services.registry.units.kinds import Kind
from services.registry.units.unit import UnitState, ancestors

_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Sum:
    """Units, and residents and households with the number of units of which they are known."""

    units: int = 0
    residents: int = 0
    residents_known: int = 0
    households: int = 0
    households_known: int = 0

    def plus(self, unit: UnitState, sign: int = 1) -> "Sum":
        return Sum(
            self.units + sign,
            self.residents + sign * (unit.residents or 0),
            self.residents_known + sign * (unit.residents is not None),
            self.households + sign * (unit.households or 0),
            self.households_known + sign * (unit.households is not None),
        )

    @property
    def average_residents(self) -> Decimal | None:
        return _mean(self.residents, self.residents_known)

    @property
    def average_households(self) -> Decimal | None:
        return _mean(self.households, self.households_known)


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` is a kind or a label; `percent` is what there is more or, with a minus, less, rounded half up."""

    name: str
    before: Sum
    after: Sum

    @property
    def percent(self) -> Decimal | None:
        return percent(self.before.units, self.after.units)


def percent(before: int, after: int) -> Decimal | None:
    """By how many percent `after` is more than `before`, to two decimals; None where there was nothing.

    3,086 to 1,463 is -52.59, 2,464 to 973 is -60.51, 622 to 490 is -21.22 (document 6 prints -22.21 for the last).
    """
    if before == 0:
        return None
    return (Decimal(after - before) * 100 / before).quantize(_HUNDREDTH, ROUND_HALF_UP)


def by_kind(
    before: Mapping[Kind, Sum], outcome: Outcome, known: Mapping[str, UnitState], area: str | None, day: date
) -> list[Figure]:
    """Of each kind of which a unit changes: all units of `area` before, and after."""
    after = dict(before)
    touched: dict[Kind, None] = {}
    for code in outcome.changed:
        now, was = outcome.after[code], known.get(code)
        if was is not None and was.valid_on(day) and _lies_in(known, code, area):
            after[was.kind] = after.get(was.kind, Sum()).plus(was, -1)
        if now.valid_on(day) and _lies_in(outcome.after, code, area):
            after[now.kind] = after.get(now.kind, Sum()).plus(now)
        touched.setdefault(now.kind)
    return [Figure(kind, before.get(kind, Sum()), after.get(kind, Sum())) for kind in touched]


def by_label(steps: Iterable[Step], outcome: Outcome, known: Mapping[str, UnitState], day: date) -> list[Figure]:
    """Of each label the units that the plan lists, before and after."""
    before: dict[str, Sum] = {}
    after: dict[str, Sum] = {}
    counted = Counter[tuple[str, str]]()
    for step in steps:
        if not step.label:
            continue
        for code in step.units:
            if (was := known.get(code)) is not None:
                before[step.label] = before.get(step.label, Sum()).plus(was)
        for code in {*step.units, *(part.code for part in step.into)}:
            now = outcome.after.get(code)
            if now is not None and now.valid_on(day) and not counted[step.label, code]:
                counted[step.label, code] += 1
                after[step.label] = after.get(step.label, Sum()).plus(now)
    return [Figure(label, was, after.get(label, Sum())) for label, was in before.items()]


def _lies_in(units: Mapping[str, UnitState], code: str, area: str | None) -> bool:
    return area is None or any(unit.code == area for unit in ancestors(units, code))


def _mean(total: int, count: int) -> Decimal | None:
    return (Decimal(total) / count).quantize(_HUNDREDTH, ROUND_HALF_UP) if count else None
