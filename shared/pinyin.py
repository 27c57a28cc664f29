"""How Chinese is spelled for whoever types letters: 泉塘 is found by `quantang`, by `tang`, and by its initials `qt`. Pure.

A word is spelled whole, for a character may have several readings: 银行 is `yinhang`, 行人 `xingren`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_RUNS: Final = re.compile("([\u3400-\u9fff\U00020000-\U000323af]+)")


def endings(text: str) -> Iterator[str]:
    """What begins with what is typed, from any syllable on: by syllables and by initials, in small letters. What stands
    between Chinese characters is one syllable, and its own initial."""
    syllables, initials = list[str](), list[str]()
    for at, run in enumerate(_RUNS.split(text)):
        spelled = _spelled(run) if at % 2 else [run.casefold()][: len(run)]
        syllables += spelled
        initials += (syllable[0] for syllable in spelled) if at % 2 else spelled
    yield from ends_of(syllables)
    yield from ends_of(initials)


def ends_of(parts: Sequence[str]) -> Iterator[str]:
    """The parts as one word, from each of them on."""
    return ("".join(parts[start:]) for start in range(len(parts)))


def _spelled(run: str) -> list[str]:
    from pypinyin.seg import mmseg  # noqa: PLC0415 - 55 MB of phrases; a service that spells nothing has none

    return [syllable for word in mmseg.seg.cut(run) for syllable in _syllables(word)]


@lru_cache(maxsize=8192)  # spelling a word takes 20 times as long as finding where it ends, and names share their words
def _syllables(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - as above

    return tuple(lazy_pinyin(word))
