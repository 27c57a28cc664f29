"""Where a report happened: the unit that a point lies in, else the unit that the words name. Pure.

`PlaceIndex` is built once per state of the unit tree and only read afterwards. The order is point in polygon, names in
the text, the fallback given, unknown; the answer says how it was found and how sure it is (docs/rules.md 2.2). Shapely is
the one dependency beyond the standard library: a bare loop over polygons would not meet 30 microseconds per point.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import shapely

from services.intake.places.coordinates import Point
from services.intake.places.place_names import NameFinder, plain

Method = Literal["point", "name", "ancestor", "fallback", "unknown"]

# A title sums up what a report is about, and a text names its place first and others in passing.
_IN_TITLE, _IN_TEXT, _FIRST = 4.0, 1.0, 2.0
# A department's name says who was written to or blamed, which is only likely to be where it happened.
_DEPARTMENT = 0.5
# A road called after an area says little, and only of what the area is part of.
_NAMESAKE = 0.1
# The branch that is followed down the tree must hold this share of what was named beside it.
_DOMINANT = 0.6

_SHORTEST = 2
# The kinds that a point can settle completely.
_SMALLEST = frozenset({"grid", "micro_grid", "special_grid", "building", "doorway"})


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
        self._owners, self._weak = self._names()
        self._finder = NameFinder(self._owners)
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

    def find(self, text: str, point: Point | None = None, home: str | None = None, *, title: str = "") -> Place:
        """The most specific unit that `point`, else `title` and `text`, speak of; else `home`, the area's fallback.

        `home` also decides which of several units of one name is meant. An unknown `home` counts as none.
        """
        home = home if home in self._units else None
        if point is not None and (code := self.at(point)):
            return Place(code, "point", 1.0 if self._units[code].kind in _SMALLEST else 0.9, (code,))
        if named := self._named(title, text, home):
            return named
        return Place(home, "fallback", 0.3, (home,)) if home else Place(None, "unknown", 0.0)

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

    def _names(self) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
        """Name → the units it may mean, and which names are only departments': those mean the area above them."""
        areas: dict[str, list[str]] = defaultdict(list)
        departments: dict[str, list[str]] = defaultdict(list)
        for unit in self._units.values():
            owners, code = (departments, unit.parent) if unit.kind == "department" else (areas, unit.code)
            if code not in self._units:
                continue
            for name in (plain(name.strip()) for name in (unit.name, *unit.aliases)):
                # One character alone would be found in almost every text; it must not take the whole index down either.
                if len(name) >= _SHORTEST and code not in owners[name]:
                    owners[name].append(code)
        weak = departments.keys() - areas.keys()
        return {name: tuple(codes) for name, codes in {**departments, **areas}.items()}, frozenset(weak)

    def _named(self, title: str, text: str, home: str | None) -> Place | None:
        """Weigh every mention, then go down the tree as long as one branch dominates.

        So the most specific unit on one line wins, and where the text divides evenly the nearest common ancestor does.
        """
        votes: dict[str, float] = defaultdict(float)
        words: dict[str, list[str]] = defaultdict(list)

        def vote(code: str, weight: float, name: str) -> None:
            words[code].append(name)
            for above in self._lines[code]:
                votes[above] += weight

        shared: list[tuple[str, float]] = []
        for at_least, source in ((_IN_TITLE, title), (_IN_TEXT, text)):
            first = _FIRST
            for name, namesake in self._finder.find(source):
                owners = self._owners[name]
                if namesake:
                    vote(self._lines[owners[0]][-2:][0], at_least * _NAMESAKE, name)
                    continue
                weight = at_least * first * (_DEPARTMENT if name in self._weak else 1.0)
                first = 1.0
                if len(owners) > 1:
                    shared.append((name, weight))
                else:
                    vote(owners[0], weight, name)
        unambiguous = dict(votes)
        for name, weight in shared:
            if code := self._meant(self._owners[name], unambiguous, home):
                vote(code, weight, name)
        return self._descend(votes, words) if votes else None

    def _meant(self, owners: Sequence[str], votes: Mapping[str, float], home: str | None) -> str | None:
        """Which of several units of one name: the one deepest under what else was named, else under `home`.

        Where that leaves several, their nearest common ancestor; None where they have none.
        """
        at_home = self._lines[home] if home else ()

        def support(code: str) -> tuple[int, float, int]:
            line = self._lines[code]
            depth = sum(above in votes for above in line)
            return depth, votes[line[depth - 1]] if depth else 0.0, sum(above in at_home for above in line)

        best = max(map(support, owners))
        lines = [self._lines[code] for code in owners if support(code) == best]
        common = [codes[0] for codes in zip(*lines, strict=False) if len(set(codes)) == 1]
        return common[-1] if common else None

    def _descend(self, votes: Mapping[str, float], words: Mapping[str, Sequence[str]]) -> Place | None:
        """`votes` are in the order in which the text names them: of equals the first-named leads."""
        beneath: dict[str | None, list[str]] = defaultdict(list)
        for code in votes:
            line = self._lines[code]
            beneath[line[-2] if len(line) > 1 else None].append(code)
        at: str | None = None
        share = 1.0
        while branches := beneath.get(at):
            best = max(branches, key=votes.__getitem__)
            part = votes[best] / sum(votes[code] for code in branches)
            # Different cities have no common ancestor: there the heaviest is taken, and its share says how sure it is.
            if part < _DOMINANT and at is not None:
                return self._place(at, "ancestor", 0.7 * share, votes, words)
            at, share = best, min(share, part)
        return self._place(at, "name", 0.95 * share, votes, words) if at else None

    def _place(
        self, code: str, method: Method, sureness: float, votes: Mapping[str, float], words: Mapping[str, Sequence[str]]
    ) -> Place:
        evidence = dict.fromkeys(name for unit, names in words.items() if code in self._lines[unit] for name in names)
        return Place(code, method, round(sureness * min(votes[code], 1.0), 3), tuple(evidence))


class _Shape(NamedTuple):
    """A boundary, and what shapely made of it: what takes longest when an index is built."""

    boundary: Mapping[str, Any]
    geometry: Any


def _shape(boundary: Mapping[str, Any], known: _Shape | None) -> _Shape:
    if known is not None and known.boundary == boundary:
        return known
    return _Shape(boundary, shapely.geometry.shape(boundary))
