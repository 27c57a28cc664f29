"""A mobile phone's number as it is kept: eleven digits, however it is typed. What is none stays as it is told."""

import re
import unicodedata
from typing import Any, Final

_BETWEEN: Final = re.compile(r"[\s()-]+")
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})", re.ASCII)


def plain_phone(told: Any) -> Any:
    """138 0013 8000, +86-138-0013-8000 and １３８００１３８０００ are one number; 0731-88880000 is left alone."""
    if not isinstance(told, str):
        return told
    match = _MOBILE.fullmatch(_BETWEEN.sub("", unicodedata.normalize("NFKC", told)))
    return match[1] if match else told
