"""The steps of a plan (调整方案): what each does to which units. Pure; what follows from them is worked out in `expand`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.registry.units.kinds import Kind


class StepKind(StrEnum):
    MERGE = "merge"
    """合并: several units become one, which is new or one of them."""
    SPLIT = "split"
    """拆分: one unit becomes several; `main` takes what has no point."""
    MOVE = "move"
    """移交: units hang under another parent."""
    RENAME = "rename"
    DISSOLVE = "dissolve"
    """撤销: a unit ends, and one that stays succeeds it."""
    KEEP = "keep"
    """不变: nothing happens; so that a table may list every unit there is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A unit that comes out of a step. What is left out is as it was, of several as the first was; households and
    residents are then the sum, and the boundary is the union where that is one area."""

    code: str
    name: str = ""
    kind: Kind | None = None
    parent: str | None = None
    households: int | None = None
    residents: int | None = None
    boundary: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`units` are there now and become `into`: of a merger and a dissolution one unit, of a split several. `main` is of a
    split, `parent` of a move, `name` of a rename. `label` groups units in the figures, such as 村民小组."""

    kind: StepKind
    units: tuple[str, ...]
    into: tuple[Part, ...] = ()
    main: str | None = None
    parent: str | None = None
    name: str = ""
    label: str = ""

    def mentioned(self) -> Iterator[str]:
        """Every code in it."""
        yield from self.units
        for part in self.into:
            yield part.code
            if part.parent is not None:
                yield part.parent
        if self.parent is not None:
            yield self.parent
