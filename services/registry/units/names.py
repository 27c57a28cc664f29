"""What a unit is called: how names are compared, and the words by which a search finds them.

Names are compared folded. `terms` are all endings of names, of their pinyin by syllable and of its initials: what is
typed begins one of them, wherever in the name it stands.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from services.registry.units.unit import UnitState
from shared.pinyin import endings, ends_of
from shared.spelling import simplified

SHORTEST_PART: Final = 3
"""Of a name within another: two characters stand in too many words by chance."""
_BLANKS: Final = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Two names that a reader takes for the same are equal after this: 龍門街道 and 龙门街道, too."""
    return _BLANKS.sub("", simplified(name)).casefold()


def names_of(state: UnitState) -> tuple[str, ...]:
    """Name and aliases, folded, each once."""
    return tuple(dict.fromkeys(map(folded, (state.name, *state.aliases))))


def parts_of(names: Iterable[str]) -> set[str]:
    """The names, and every piece of them that could be a name of its own."""
    found = set()
    for name in names:
        found.add(name)
        for start in range(len(name)):
            found |= {name[start:end] for end in range(start + SHORTEST_PART, len(name) + 1)}
    return found


def terms_of(state: UnitState) -> list[str]:
    """What begins with what is typed, for a unit that is to be found; sorted."""
    return sorted({term for name in names_of(state) for term in _terms(name)})


@lru_cache(maxsize=4096)
def _terms(name: str) -> tuple[str, ...]:
    return *ends_of(name), *endings(name)
