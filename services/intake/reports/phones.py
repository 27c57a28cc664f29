"""Telephone numbers as people write them, read where there is one meaning. Pure.

Read are Chinese mobile, fixed and service numbers (400, 800, 95…, 12345), with an extension, and numbers of other
countries with their code: as "13812345678", "0731-88888888", "0731-88888888-801", "4001234567", "+85212345678".
"""

import re
import unicodedata
from typing import Final

_SPOKEN: Final = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_EXTENSION: Final = re.compile(r"(?:转接?|分机号?|内线|ext\.?|x|#)[:.]*([0-9]{1,6})$", re.IGNORECASE)
_HYPHENATED: Final = re.compile(r"((?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7})-([0-9]{1,6})")
_NO_HYPHENS: Final = re.compile(r"[‐-―−~]")
# Words around a number ("微信同号", "王先生") say nothing of it; but not what parts two numbers.
_AROUND: Final = re.compile(r"[^0-9+/、,;|]")

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_FIXED: Final = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})?([2-9][0-9]{6,7})")
_SERVICE: Final = re.compile(r"[48]00[0-9]{7}|9[56][0-9]{3,6}|1(?:1[0-9]|2[0-9]{1,3})")
_ABROAD: Final = re.compile(r"\+(?!86)[1-9][0-9]{6,14}")
_HOME: Final = re.compile(r"(?:\+86|0086|86(?=1[3-9][0-9]{9}$|0))")


def read_phone(told: str) -> str | None:
    """The number in its one form; None where it cannot be read, or may be several."""
    text = _NO_HYPHENS.sub("-", unicodedata.normalize("NFKC", told).translate(_SPOKEN))
    text = "".join(text.split())
    found = _EXTENSION.search(text) or _HYPHENATED.fullmatch(text)
    if found is None:
        return _number(_AROUND.sub("", text))
    line, extension = (found[1], found[2]) if found.re is _HYPHENATED else (text[: found.start()], found[1])
    number = _number(_AROUND.sub("", line))
    return f"{number}-{extension}" if number else None


def _number(digits: str) -> str | None:
    if _ABROAD.fullmatch(digits):
        return digits
    home = _HOME.match(digits)
    rest = digits[home.end() :] if home else digits
    # From abroad one leaves out the zero before the area; before a mobile number some dial one too many.
    for candidate in (rest, f"0{rest}" if home else rest.removeprefix("0")):
        if _MOBILE.fullmatch(candidate) or _SERVICE.fullmatch(candidate):
            return candidate
        if fixed := _FIXED.fullmatch(candidate):
            return f"{fixed[1]}-{fixed[2]}" if fixed[1] else candidate
    return None
