"""What is wrong with what is kept running, told to people once: when it begins, when it changes, and when it is over.

Whoever keeps a part running tries again for as long as it takes. The same line at every try would push all others off
the screen.
"""

from collections.abc import Callable

Say = Callable[[str, str], None]
"""Tells the person what is being done, in Chinese and English."""


class Troubles:
    """By what they are about: a part, a file."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._told: dict[str, set[str]] = {}

    def __contains__(self, about: str) -> bool:
        return about in self._told

    def tell(self, about: str, zh: str, en: str) -> None:
        """Say it, unless it was said since this trouble began."""
        told = self._told.setdefault(about, set())
        if en not in told:
            told.add(en)
            self._say(zh, en)

    def over(self, about: str, zh: str, en: str) -> None:
        """Say so where there was trouble: what comes next is news again."""
        if self._told.pop(about, None) is not None:
            self._say(zh, en)
