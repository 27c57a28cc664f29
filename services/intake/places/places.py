"""Where a report happened: the unit that a point lies in, else the unit that the words name. Pure.

`PlaceIndex` is built once per state of the unit tree and only read afterwards. The order is point in polygon, names in
the words, the fallback given, unknown; the answer says how it was found and how sure it is (docs/rules.md 2.2). A point
that may mean several places is as coarse as they differ; one that the words contradict is nobody's but a person's.
Shapely is the one dependency beyond the standard library: a bare loop over polygons would not meet 30 microseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

import shapely

from services.intake.places.coordinates import Point
from services.intake.places.named_units import NamedUnits, NameOf, Words, nearest_common

Method = Literal["point", "name", "ancestor", "fallback", "contradicted", "unknown"]

# The kinds that a point can settle completely.
_SMALLEST: Final = frozenset({"grid", "micro_grid", "special_grid", "building", "doorway"})
# How sure it is that a point of an unknown coordinate system lies in what its readings share: of all else, hardly.
_SHARED: Final = {"grid": 0.9, "building": 0.9, "doorway": 0.9, "community": 0.7, "zone": 0.5, "street": 0.5}
_SHARED_FAR_UP: Final = 0.2
_CONTRADICTED: Final = 0.2
# Words that are less sure than this cannot contradict a point.
_FIRM: Final = 0.4


@dataclass(frozen=True, slots=True)
class PlaceUnit:
    """What intake needs to know of a unit. `boundary` is a valid GeoJSON Polygon in WGS-84: registry checks it."""

    code: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    boundary: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The unit found. `confidence` is 0..1; `evidence` the words of the text (or the codes) that led to it."""

    unit: str | None
    method: Method
    confidence: float
    evidence: tuple[str, ...] = ()


class PlaceIndex:
    """Finds units by point and by name. Building is linear in the units; finding never changes it."""

    def __init__(self, units: Iterable[PlaceUnit], known: "Mapping[str, _Shape]" = MappingProxyType({})) -> None:
        """`known`: the shapes of an older index; that of a boundary which is the same is taken over."""
        self._units = {unit.code: unit for unit in units}
        self._lines = {code: self._line(code) for code in self._units}
        self._names = NamedUnits(self._named(), self._lines)
        self._shapes = {
            unit.code: _shape(unit.boundary, known.get(unit.code)) for unit in self._units.values() if unit.boundary
        }
        # The smallest area first, then the smallest code: the least position that matches is the answer.
        self._bounded = sorted(self._shapes, key=lambda code: (self._shapes[code].geometry.area, code))
        self._search = shapely.STRtree([self._shapes[code].geometry for code in self._bounded])

    def changed(self, units: Iterable[PlaceUnit]) -> "PlaceIndex":
        """The index of `units`: this one where nothing is different."""
        wanted = {unit.code: unit for unit in units}
        return self if wanted == self._units else PlaceIndex(wanted.values(), self._shapes)

    def find(
        self, text: str, points: Sequence[Point] = (), home: str | None = None, *, title: str = "", address: str = ""
    ) -> Place:
        """The most specific unit that the point, else the words speak of; else `home`, the area's fallback.

        `points` are what the point may be: several where its coordinate system is not known. `home` also decides which
        of several units of one name is meant. An unknown `home` counts as none.
        """
        home = home if home in self._units else None
        spots = [code for point in points if (code := self.at(point))]
        spot = self._spot(spots, len(points))
        words = self._names.read(text, spot.unit if spot else home, title=title, address=address)
        if spot is not None:
            return self._agreed(spot, spots, words)
        if words.named is not None:
            return Place(*words.named)
        if words.undecided or home is None:
            return Place(None, "unknown", 0.0)
        if refused := self._denied(home, words):
            return refused
        return Place(home, "fallback", 0.3, (home,))

    def at(self, point: Point) -> str | None:
        """The unit of the smallest area whose boundary holds `point`.

        On a border between grids it is always the same one of them: the smaller area, of equal ones the smaller code.
        """
        hits = self._search.query(shapely.Point(point.lon, point.lat), predicate="intersects")
        return self._bounded[hits.min()] if len(hits) else None

    def _line(self, code: str) -> tuple[str, ...]:
        """From the root to `code`. A parent not known (yet) makes a root; so does a cycle, which registry refuses."""
        line = [code]
        while (parent := self._units[line[-1]].parent) in self._units:
            if parent in line:
                return (code,)
            line.append(parent)
        return tuple(reversed(line))

    def _named(self) -> Iterable[NameOf]:
        for unit in self._units.values():
            department = unit.kind == "department"
            code = unit.parent if department else unit.code
            if code in self._units:
                yield NameOf(code, (unit.name, *unit.aliases), department)

    def _spot(self, spots: Sequence[str], points: int) -> Place | None:
        """Where the point lies: the unit that all it may mean lie in. Each that lies nowhere makes it less sure."""
        common = nearest_common(self._lines, spots) if spots else None
        if common is None:
            return None
        if points == 1:
            return Place(common, "point", 1.0 if self._units[common].kind in _SMALLEST else 0.9, (common,))
        if len(spots) < points and self._units[common].kind in _SMALLEST:
            common = self._lines[common][-2:][0]
        sureness = _SHARED.get(self._units[common].kind, _SHARED_FAR_UP) * len(spots) / points
        method: Method = "point" if {common} == set(spots) else "ancestor"
        return Place(common, method, round(sureness, 3), tuple(dict.fromkeys(spots)))

    def _agreed(self, spot: Place, spots: Sequence[str], words: Words) -> Place:
        """Point and words together: the finer of the two where both can be true, else a person's to decide."""
        assert spot.unit is not None
        if refused := self._denied(spot.unit, words):
            return refused
        named = words.named
        if named is None or named.unit in self._lines[spot.unit]:
            return spot
        if any(self._may_lie_in(code, named.unit) for code in spots):
            finer = named.method == "name" and spot.unit in self._lines[named.unit]
            return Place(*named) if finer else spot
        fork = nearest_common(self._lines, [spot.unit, named.unit])
        if named.confidence < _FIRM or not words.areas or self._supported(spots, words, fork):
            return spot
        return Place(fork, "contradicted", _CONTRADICTED, (spot.unit, *named.evidence))

    def _may_lie_in(self, code: str, unit: str) -> bool:
        """Whether a point found to lie in `code` may lie in `unit`: within it, or in a part without a boundary of its own."""
        if unit in self._lines[code]:
            return True
        line = self._lines[unit]
        return code in line and not any(below in self._shapes for below in line[line.index(code) + 1 :])

    def _supported(self, spots: Sequence[str], words: Words, fork: str | None) -> bool:
        """Whether the words name, beside others, something that the point lies in and the others do not."""
        for code in spots:
            line = self._lines[code]
            below = line[line.index(fork) + 1 :] if fork in line else line
            if not words.areas.isdisjoint(below):
                return True
        return False

    def _denied(self, code: str, words: Words) -> Place | None:
        """What is left where the words say that it was not in what `code` lies in, and name nothing within it."""
        for at, above in enumerate(self._lines[code]):
            if above in words.denied and words.areas.isdisjoint(self._lines[code][at:]):
                left = self._lines[code][at - 1] if at else None
                return Place(left, "contradicted", _CONTRADICTED, (code, self._units[above].name))
        return None


class _Shape(NamedTuple):
    """A boundary, and what shapely made of it: what takes longest when an index is built."""

    boundary: Mapping[str, Any]
    geometry: Any


def _shape(boundary: Mapping[str, Any], known: _Shape | None) -> _Shape:
    if known is not None and known.boundary == boundary:
        return known
    return _Shape(boundary, shapely.geometry.shape(boundary))
