"""Finding many names in a text in one pass: longest first, none overlapping. Pure, and most of it at the speed of C."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from shared.spelling import Plain

# Roads, rivers and hills are called after areas they need not lie in ("A3区大道"): then the name is a namesake.
_NAMED_AFTER = re.compile("[东南西北中]路|路(?![灯面桥边况政口段])|大道|大街|大桥|[山河](?![东南西北水区])|[亭阁寺]")
# What is written out in full is the unit itself, whatever follows.
_IN_FULL = ("街道", "镇", "乡", "社区", "村")

_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


class Mention(NamedTuple):
    """A name in a text, from `start` to `end`; a `namesake` is only part of a road's, river's or hill's name."""

    name: str
    start: int
    end: int
    namesake: bool = False


class NameFinder:
    """Finds the given names (of two characters and more, in their `plain` form) in texts."""

    def __init__(self, names: Iterable[str]) -> None:
        starts: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names, key=len, reverse=True):
            starts[name[:2]].append(name)
        self._starts = {start: tuple(longest_first) for start, longest_first in starts.items()}
        # Two character classes find where a name may start; a look-up per character would take ten times as long.
        first, second = ("".join(sorted({re.escape(start[at]) for start in starts})) for at in (0, 1))
        self._candidates = re.compile(f"[{first}](?=[{second}])" if starts else "(?!)")

    def find(self, told: Plain) -> list[Mention]:
        """Every name in the text, in order."""
        text, gaps = told
        found: list[Mention] = []
        free = 0
        for candidate in self._candidates.finditer(text):
            at = candidate.start()
            if at < free:
                continue
            for name in self._starts.get(text[at : at + 2], ()):
                # "CA市" does not name A市, nor does "B12区" name "2区".
                inside = at > 0 and name[0] in _ALNUM and text[at - 1] in _ALNUM and at not in gaps
                if text.startswith(name, at) and not inside:
                    free = at + len(name)
                    found.append(Mention(name, at, free, self._is_namesake(name, text, free)))
                    break
        return found

    def _is_namesake(self, name: str, text: str, end: int) -> bool:
        if name.endswith(_IN_FULL) or not _NAMED_AFTER.match(text, end):
            return False
        # "A7县路口镇" is no road: another name starts right here.
        return not any(text.startswith(next_name, end) for next_name in self._starts.get(text[end : end + 2], ()))
