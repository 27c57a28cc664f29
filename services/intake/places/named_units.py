"""Which unit the words of a report name: every mention votes, then down the tree as long as one branch dominates. Pure.

So the most specific unit on one line wins, and where the words divide evenly their nearest common ancestor does
(docs/decisions/0010-places.md). What is denied does not vote; a border lies no deeper than what its two sides share.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from services.intake.places.place_names import Mention, NameFinder
from services.intake.places.wording import Wording, wording
from shared.spelling import plain, squeezed

# A title sums up what a report is about, an address is asked for as such; a text names places in passing too.
_IN_TITLE: Final = 4.0
_IN_ADDRESS: Final = 4.0
_IN_TEXT: Final = 1.0
# What is named first in each is meant a little more: not so much that it alone decides between two named once.
_FIRST: Final = 1.4
# "In fact it is here": the words themselves say which of several is meant, wherever they stand.
_AFFIRMED: Final = 12.0
# A department's name says who was written to or blamed, which is only likely to be where it happened.
_DEPARTMENT: Final = 0.5
# A road called after an area says little, and only of what the area is part of.
_NAMESAKE: Final = 0.1
# The branch that is followed down the tree must hold this share of what was named beside it.
_DOMINANT: Final = 0.6
_SHORTEST: Final = 2

Lines = Mapping[str, tuple[str, ...]]
"""Of each unit's code: the codes from its root down to it."""


class NameOf(NamedTuple):
    """One unit that a name may mean: its code (of a department: the area that keeps it) and all it is called."""

    code: str
    names: tuple[str, ...]
    department: bool


class Named(NamedTuple):
    """The unit that the words name; `evidence` are the names in them that led there."""

    unit: str
    method: Literal["name", "ancestor"]
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of one report say of where it happened.

    `areas` are all areas that they may mean by any name, `denied` those of which they say that it was not there.
    """

    named: Named | None = None
    areas: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    undecided: bool = False
    """Places are named that have nothing in common: nobody can say which."""


class NamedUnits:
    """Finds units by their names."""

    def __init__(self, units: Iterable[NameOf], lines: Lines) -> None:
        self._lines = lines
        areas: dict[str, list[str]] = defaultdict(list)
        departments: dict[str, list[str]] = defaultdict(list)
        for unit in units:
            owners = departments if unit.department else areas
            for name in map(plain, unit.names):
                # One character alone would be found in almost every text; it must not take the whole index down either.
                if len(name) >= _SHORTEST and unit.code not in owners[name]:
                    owners[name].append(unit.code)
        self._weak = departments.keys() - areas.keys()
        """Names that are only departments': those mean the area above them."""
        self._owners = {name: tuple(codes) for name, codes in {**departments, **areas}.items()}
        self._finder = NameFinder(self._owners)

    def read(self, text: str, home: str | None, *, title: str = "", address: str = "") -> Words:
        """`home` decides which of several units of one name is meant, where the words do not."""
        sources = [
            (weight, self._wording(told))
            for weight, told in ((_IN_TITLE, title), (_IN_ADDRESS, address), (_IN_TEXT, text))
            if told
        ]
        denied = self._denied(sources)
        count, areas = _Count(self._lines), set[str]()
        shared: list[tuple[str, float]] = []
        for in_source, said in sources:
            for name, weight in self._mentions(in_source, said, count):
                owners = [code for code in self._owners[name] if code not in denied]
                if name not in self._weak:
                    areas.update(owners)
                if len(owners) > 1:
                    shared.append((name, weight))
                elif owners:
                    count.vote(owners[0], weight, name)
        unambiguous = dict(count.votes)
        for name, weight in shared:
            if code := self._meant(self._owners[name], unambiguous, home):
                count.vote(code, weight, name)
        named, undecided = count.descend()
        if named is not None:
            named = self._on_no_border(named, sources, unambiguous, home)
        return Words(named, frozenset(areas), denied, undecided)

    def _mentions(self, in_source: float, said: Wording, count: "_Count") -> Iterator[tuple[str, float]]:
        """What a title, address or text names, and with how much weight; namesakes are counted at once."""
        first, last = _FIRST, None
        for mention in sorted((*said.meant, *said.affirmed), key=lambda mention: mention.start):
            name, before, last = mention.name, last, mention
            if mention.namesake:
                count.vote(self._lines[self._owners[name][0]][-2:][0], in_source * _NAMESAKE, name)
            elif before is None or not self._called_after(before, mention):
                weight = _AFFIRMED if mention in said.affirmed else in_source * first
                first = 1.0
                yield name, weight * (_DEPARTMENT if name in self._weak else 1.0)

    def _wording(self, told: str) -> Wording:
        text = squeezed(told)
        return wording(text.text, self._finder.find(text))

    def _denied(self, sources: Sequence[tuple[float, Wording]]) -> frozenset[str]:
        """What the words say it was not, as long as they name something else instead.

        Else ("I do not live in A") they talk of other things. That a department is not competent says nothing either.
        """
        denied = {name for _, said in sources for name, *_ in said.denied} - self._weak
        if not denied:
            return frozenset()
        others = {name for _, said in sources for name, *_ in (*said.meant, *said.affirmed)} - self._weak - denied
        codes = frozenset(code for name in denied for code in self._owners[name])
        named = {code for name in others for code in self._owners[name]}
        elsewhere = any(codes.isdisjoint(self._lines[code]) and not self._above(code, codes) for code in named)
        only_denied = not any(name in denied for _, said in sources for name, *_ in (*said.meant, *said.affirmed))
        return codes if elsewhere or only_denied else frozenset()

    def _above(self, code: str, codes: Iterable[str]) -> bool:
        return any(code in self._lines[below] for below in codes)

    def _called_after(self, before: Mention, mention: Mention) -> bool:
        """Whether a name right behind one of another city is part of what is called so there ("A7县M9县城三期")."""
        roots = ({self._lines[code][0] for code in self._owners[name]} for name in (before.name, mention.name))
        return before.end == mention.start and next(roots).isdisjoint(next(roots))

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
        return nearest_common(self._lines, [code for code in owners if support(code) == best])

    def _on_no_border(
        self, named: Named, sources: Iterable[tuple[float, Wording]], votes: Mapping[str, float], home: str | None
    ) -> Named:
        """`named`, or what lies above the border on which the words say that it is."""
        for names in (names for _, said in sources for names in said.borders):
            sides = [code for name in names if (code := self._meant(self._owners[name], votes, home))]
            if len(names) == 1:
                sides = [self._lines[code][-2:][0] for code in sides]
            both = nearest_common(self._lines, sides) if sides else None
            if both and named.unit != both and both in self._lines[named.unit]:
                named = Named(
                    both, "ancestor", min(named.confidence, 0.7), (*dict.fromkeys((*names, *named.evidence)),)
                )
        return named


def nearest_common(lines: Lines, codes: Sequence[str]) -> str | None:
    """The nearest unit that all of them lie in (one of them, where it lies above the others); None where none does."""
    common = [step[0] for step in zip(*(lines[code] for code in codes), strict=False) if len(set(step)) == 1]
    return common[-1] if common else None


class _Count:
    """The votes, in the order in which the words name the units."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.votes: dict[str, float] = defaultdict(float)
        self._words: dict[str, list[str]] = defaultdict(list)

    def vote(self, code: str, weight: float, name: str) -> None:
        self._words[code].append(name)
        for above in self._lines[code]:
            self.votes[above] += weight

    def descend(self) -> tuple[Named | None, bool]:
        """The unit, and whether there is none because two that have nothing in common are named alike."""
        beneath: dict[str | None, list[str]] = defaultdict(list)
        for code in self.votes:
            line = self._lines[code]
            beneath[line[-2] if len(line) > 1 else None].append(code)
        at: str | None = None
        share = 1.0
        while branches := beneath.get(at):
            best = max(branches, key=self.votes.__getitem__)
            part = self.votes[best] / sum(self.votes[code] for code in branches)
            if part < _DOMINANT and at is None:
                return None, True  # different cities have no common ancestor
            if part < _DOMINANT and at is not None:
                return self._named(at, "ancestor", 0.7 * share), False
            at, share = best, min(share, part)
        return (self._named(at, "name", 0.95 * share) if at else None), False

    def _named(self, code: str, method: Literal["name", "ancestor"], sureness: float) -> Named:
        names = (name for unit, names in self._words.items() if code in self._lines[unit] for name in names)
        return Named(code, method, round(sureness * min(self.votes[code], 1.0), 3), tuple(dict.fromkeys(names)))
