"""Personal data in what staff wrote for themselves, made unreadable before a reporter reads it. Pure.

Telephone numbers, identity card numbers, bank cards and mail addresses are known by their form. Names are not; whoever
writes a result is told that the reporter reads it.
"""

import re
from typing import Final

_FORMS: Final = re.compile(
    r"(?<![0-9])(?:"
    r"(?P<card>[0-9]{15,19}[Xx]?)"
    r"|(?P<mobile>1[3-9][0-9](?:[ -]?[0-9]{4}){2})"
    r"|(?P<fixed>0[0-9]{2,3}[- ]?[0-9]{7,8})"
    r")(?![0-9])"
    r"|(?P<mail>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"
)
_KEPT: Final = 3


def masked(text: str) -> str:
    """`text` with stars for all but the first three characters of what is personal."""
    return _FORMS.sub(lambda found: found[0][:_KEPT] + "*" * (len(found[0]) - _KEPT), text)
