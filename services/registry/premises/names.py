"""The names of premises as somebody types them who types letters. Pure."""

from functools import lru_cache

from services.registry.units.names import folded
from shared.pinyin import endings


@lru_cache(maxsize=1024)  # written twice: as the newest version, and beside it
def spelled(name: str) -> str:
    """The name from any character on, by pinyin and by its initials, each after a blank."""
    return "".join(f" {ending}" for ending in endings(folded(name)))


def initials(spelled: str) -> str:
    """Those of the whole name, as they stand in it: they follow what is spelled by syllables."""
    ends = spelled.split()
    return ends[len(ends) // 2] if ends else ""


def typed(q: str) -> str | None:
    """What stands in `spelled` of the names that `q` finds; None where it is no letters."""
    word = folded(q)
    return f" {word}" if word.isascii() else None
