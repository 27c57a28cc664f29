"""The unified social credit code (统一社会信用代码): 18 characters, the last of which checks the others (GB 32100-2015)."""

import unicodedata
from typing import Any, Final

_DIGITS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V and Z, which are easily misread."""
_LENGTH: Final = 18


def plain_code(told: Any) -> Any:
    """As it is kept, however it is typed: full-width or small letters, with blanks or hyphens between."""
    return (
        "".join(unicodedata.normalize("NFKC", told).upper().replace("-", "").split()) if isinstance(told, str) else told
    )


def is_credit_code(code: str) -> bool:
    """Whether `code`, in capitals, is well formed and its check character right."""
    if len(code) != _LENGTH or any(sign not in _DIGITS for sign in code):
        return False
    total = sum(_DIGITS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:-1]))
    return code[-1] == _DIGITS[-total % 31]
