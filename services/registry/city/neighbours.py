"""The units whose boundaries may touch another's, found among all units of an import at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import shapely

from services.registry.units.boundary import TOLERANCE, bounds, check_boundary
from services.registry.units.unit import UnitState
from shared.errors import Invalid


class Neighbours:
    def __init__(self, units: Iterable[UnitState]) -> None:
        self._below: defaultdict[str | None, list[UnitState]] = defaultdict(list)
        self._bounded: list[UnitState] = []
        boxes = []
        for unit in units:
            self._below[unit.parent].append(unit)
            if (box := _box(unit)) is not None:
                self._bounded.append(unit)
                boxes.append(box)
        self._boxes = shapely.STRtree(boxes)

    def of(self, unit: UnitState) -> Sequence[UnitState]:
        """Those whose boundary may touch the unit's, and all that lie below it."""
        box = _box(unit)
        hits = self._boxes.query(box.buffer(TOLERANCE)) if box is not None else ()
        return [*(self._bounded[hit] for hit in hits), *self._all_below(unit.code)]

    def _all_below(self, code: str) -> Iterable[UnitState]:
        for unit in self._below[code]:
            yield unit
            yield from self._all_below(unit.code)


def _box(unit: UnitState) -> shapely.Polygon | None:
    """None where there is no boundary, or none that can be drawn, which the rules refuse by themselves."""
    if unit.boundary is None:
        return None
    try:
        check_boundary(unit.boundary)
    except Invalid:
        return None
    return shapely.box(*(bounds(unit.boundary) or ()))
