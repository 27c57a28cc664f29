"""The code by which somebody without an account follows one report: short enough to be told by telephone.

Fifty bits: whoever guesses a thousand a minute needs two million years for an even chance. Pure.
"""

from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and capitals without 0, O, 1 and I."""
LENGTH: Final = 10
_HALF: Final = LENGTH // 2


def link(origin: str, number: str, code: str) -> str:
    """Where the page is that shows it. The code stands behind the #, which no browser sends, so that no log has it."""
    return f"{origin}/app/follow/#number={number}&code={code}"


def typed(code: str) -> str:
    """A code as somebody types it, without what does not count: case, spaces, hyphens."""
    return "".join(code.upper().split()).replace("-", "")


def spoken(code: str) -> str:
    """A code in two groups, as it is shown and read out."""
    return f"{code[:_HALF]}-{code[_HALF:]}"
