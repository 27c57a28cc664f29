"""Personal data in free text, made unreadable for whoever does not need it. Pure; what it leaves is of the same length.

Telephone numbers, identity numbers (with their check digit), bank cards (Luhn) and mail addresses are known by their form,
in full-width digits, with blanks and hyphens too. Numbers of orders and reports stay. Names are not known: who writes a
text for others is told so.
"""

import re
from typing import Final

_KEPT: Final = 3
_GAP: Final = r"[ \u00a0\u3000.·—–－-]?"
_WIDE: Final = {0xFF10 + digit: 0x30 + digit for digit in range(10)}
_SPOKEN: Final = {ord(spoken): str(digit) for digit, spoken in enumerate("零一二三四五六七八九")}
_DIGITS: Final = {**_WIDE, **_SPOKEN, ord("〇"): "0", ord("幺"): "1", ord("Ｘ"): "X", ord("ｘ"): "x", ord("＠"): "@"}

_FORMS: Final = re.compile(
    rf"""(?<![0-9])(?:
      (?P<identity>[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}\d{{3}}[\dXx])
    | (?P<card>[3-6]\d{{3}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?)
    | (?P<mobile>(?:(?:\+|00)?86{_GAP})?1[3-9](?:\d{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{3}}|\d{_GAP}\d{{3}}{_GAP}\d{{5}})
               |(?:(?:\+|00)?86{_GAP})?1(?:[ \u00a0-][3-9])(?:[ \u00a0-]\d){{9}})
    | (?P<fixed>[(（]?0(?:10|2\d|[3-9]\d{{2}})[)）]?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}})
    )(?![0-9])
    | (?P<mail>[A-Za-z0-9._%+-]{{1,64}}@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,4}})""",
    re.VERBOSE | re.ASCII,
)
_MAY_BE: Final = re.compile(r"[0-9](?:[^0-9]?[0-9]){6}|@")
"""What any of the forms holds: seven digits with at most one character between each two, or an @. Most texts have
neither, and a search for this takes a tenth of the time."""
_SAID: Final = re.compile(
    r"(?:身份证|证件|卡|账|帐|银行)[号码户]{0,2}[是为:： ]{0,3}(?P<number>\d[\d -]{7,22}[\dXx])"
    r"|(?:电话|座机|固话|手机|联系方式|致电|拨打)[号码]{0,2}[是为:： ]{0,3}(?P<local>[2-9]\d{2,3}[ -]?\d{4})(?!\d)"
)
"""What the words before it call a personal number is one, whatever its form."""
_OF_A_THING: Final = re.compile(
    r"(?:单号|订单|编号|工单|运单|流水号?|发票|合同|票号|案号|文号|设备号|表号|户号|批次|序列号)[号码]{0,2}(?:[是为]|[:：])?[ ]?[A-Za-z-]{0,6}$"
)
_CODE: Final = re.compile(
    r"(?<![A-Za-z])(?!(?:tel|phone|mobile|call|wx|vx|v|qq|id|no)$)[A-Za-z]{1,6}-?$", re.IGNORECASE
)
"""Before a number: it is of a thing ("JD13812345678")."""


def masked(text: str) -> str:
    """`text` with stars for all but the first three characters of what is personal."""
    read = text.translate(_DIGITS)
    forms = _FORMS.finditer(read) if _MAY_BE.search(read) else ()
    spans = [(found.start(), found.end()) for found in forms if _is_personal(found, read)]
    spans += [found.span("number" if found["number"] else "local") for found in _SAID.finditer(read)]
    for start, end in spans:
        text = text[: start + _KEPT] + "*" * (end - start - _KEPT) + text[end:]
    return text


def _is_personal(found: re.Match[str], text: str) -> bool:
    if found["mail"]:
        return True
    before = text[max(0, found.start() - 16) : found.start()]
    if _OF_A_THING.search(before):
        return False
    digits = re.sub(r"[^0-9Xx]", "", found[0]).upper()
    if found["identity"]:
        return _checked(digits)
    if found["card"]:
        return _luhn(digits)
    return not _CODE.search(before)


def _checked(number: str) -> bool:
    """The check character of an identity number (GB 11643-1999)."""
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


def _luhn(number: str) -> bool:
    """The check digit of a card (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number)))
    return 16 <= len(number) <= 19 and sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
