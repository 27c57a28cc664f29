"""What a summary counts, of one unit or of all that lie below it. Pure: numbers of siblings are added, shares are asked.

Every rule of counting stands at its field; a share without a base is None, never 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Numbers:
    """Ledgers as they are at the period's end, and what happened within it."""

    by_category: Mapping[str, int] = field(default_factory=dict)
    """Premises that are not closed for good, at the period's end."""
    key_units: int = 0
    """Of these, listed as key units."""
    inspected: int = 0
    """Of these, inspected at least once within the period, self-checks left out."""
    inspections: int = 0
    """Inspections within the period, self-checks left out."""
    found: int = 0
    """Hazards found within the period."""
    major: int = 0
    """Of these, major by now."""
    on_spot: int = 0
    """Of these, fixed on the spot."""
    fixed: int = 0
    """Hazards closed within the period, on the spot or by a passed re-inspection, whenever they were found."""
    overdue: int = 0
    """Hazards whose deadline, as it stood then, passed within the period while they were not put right."""
    transferred: int = 0
    """Hazards handed to the police station within the period."""
    duties_due: int = 0
    """Runs of duties of units that fell due within the period; waived ones are left out."""
    duties_kept: int = 0
    """Of these, kept in time."""
    duties_late: int = 0
    """Of these, done after their due time."""

    @property
    def premises(self) -> int:
        return sum(self.by_category.values())

    @property
    def inspected_share(self) -> float | None:
        """Inspected premises of all, 0 to 1."""
        return _share(self.inspected, self.premises)

    @property
    def kept_share(self) -> float | None:
        """Duties kept in time of those due, 0 to 1."""
        return _share(self.duties_kept, self.duties_due)


COUNTS = tuple(one.name for one in fields(Numbers) if one.name != "by_category")


def together(parts: Iterable[Numbers]) -> Numbers:
    """The sum of what does not overlap."""
    parts = tuple(parts)
    categories = dict.fromkeys(name for part in parts for name in part.by_category)
    by_category = {name: sum(part.by_category.get(name, 0) for part in parts) for name in categories}
    counts: dict[str, Any] = {name: sum(getattr(part, name) for part in parts) for name in COUNTS}
    return Numbers(by_category=by_category, **counts)


def rolled_up(own: Mapping[str, Numbers], parents: Mapping[str, str | None]) -> dict[str, Numbers]:
    """For every unit of `parents` (code → its parent's) what it and all below it have."""
    parts: dict[str, list[Numbers]] = {code: [] for code in parents}
    for code, numbers in own.items():
        for at in line_of(parents, code):
            parts[at].append(numbers)
    return {code: together(several) for code, several in parts.items()}


def line_of(parents: Mapping[str, str | None], code: str) -> list[str]:
    """The unit and all that it is summed in, nearest first."""
    line: dict[str, None] = {}
    at: str | None = code
    while at is not None and at in parents and at not in line:
        line[at] = None
        at = parents[at]
    return list(line)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
