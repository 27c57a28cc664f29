"""What a bench found: named figures with their units, what they were measured on, and the aims they are held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any


class NotRun(Exception):
    """The machine lacks what the bench needs; `args[0]` says what."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should reach: `least` or `most`, and the goal beyond it where there is one."""

    least: float | None = None
    most: float | None = None
    goal: float | None = None

    def met(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        bound = f"≥ {self.least:,g}" if self.least is not None else f"≤ {self.most:,g}"
        return f"{bound} (goal {self.goal:,g})" if self.goal is not None else bound


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: float
    unit: str
    aim: Aim | None = None


@dataclass(slots=True)
class Outcome:
    """`compares` and `on` are sentences for whoever reads the figures elsewhere."""

    compares: str
    on: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, aim: Aim | None = None) -> None:
        self.figures.append(Figure(name, rounded(value), unit, aim))

    def as_json(self) -> dict[str, Any]:
        return {
            "compares": self.compares,
            "on": self.on,
            "figures": {figure.name: figure.value for figure in self.figures},
            "units": {figure.name: figure.unit for figure in self.figures},
            "aims": {
                figure.name: {"aim": str(figure.aim), "met": figure.aim.met(figure.value)}
                for figure in self.figures
                if figure.aim is not None
            },
            "notes": self.notes,
        }


def rounded(value: float) -> float:
    """Three digits before the point are all that a measurement here is good for; what is larger stays whole."""
    if abs(value) >= 100:
        return round(value)
    return round(value, 2 if abs(value) >= 1 else 4)


def percentile(values: Sequence[float], p: int) -> float:
    return quantiles(values, n=100)[p - 1]


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Of rounds run in turn: what slows the machine for a while slows both sides of a pair."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


Say = Callable[[str], None]
