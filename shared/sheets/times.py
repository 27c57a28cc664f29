"""Days and instants as people write them. Read where there is one meaning, else refused with the two meanings.

What is written without a zone is Chinese wall-clock time. Bare numbers are Excel's days since 1900 or 1904.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from shared.clock import LOCAL
from shared.errors import Invalid
from shared.sheets import errors
from shared.sheets.cells import Cell, several, text

SINCE_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001  wall-clock; the 30th, for Excel believes in 29 Feb 1900
SINCE_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001  wall-clock
_YEARS: Final = range(1910, 2100)
"""A bare number outside of these is no day; 2026 itself would be one in 1905."""
_FULL_YEARS: Final = range(1900, 2200)

_DECORATION: Final = re.compile(r"[(\[]?(星期|周|礼拜)[一二三四五六日天][)\]]?|[(\[][一二三四五六日天][)\]]")
_REPUBLIC: Final = re.compile(r"(?:中华)?民国\s*(\d{2,3})(?=\s*年)|(?:中華)?民國\s*(\d{2,3})(?=\s*年)")
"""Years of the Republic of China, which begins in 1912, as exports in traditional characters have them."""
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_DAY: Final = re.compile(r"(\d{1,4})\s*([年/.\-])\s*(\d{1,2})\s*(月|\2)\s*(\d{1,4})\s*[日号]?")
_HALF: Final = r"凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|[AaPp]\.?[Mm]\.?"
_CLOCK: Final = re.compile(
    rf"(?P<before>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*(?:[:时点]\s*(?P<minute>\d{{1,2}})\s*分?|[时点](?P<oclock>整|半)?)?"
    r"\s*(?::?\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?)?"
    rf"\s*(?P<after>{_HALF})?\s*(?P<zone>[Zz]|[+-]\d\d:?\d\d)?"
)
_HOURED: Final = re.compile(r"[:：时点]|\d{9}")
_DOTTED: Final = re.compile(r"^(\d{1,2})\.(\d\d)$")
_MONTHS: Final = dict(jan=1, feb=2, mar=3, apr=4, may=5, jun=6, jul=7, aug=8, sep=9, oct=10, nov=11, dec=12)  # noqa: C408  shorter
_ENGLISH: Final = re.compile(
    r"(?:(?P<d1>\d{1,2})[ -](?P<m1>[A-Za-z]{3,9})|(?P<m2>[A-Za-z]{3,9}) (?P<d2>\d{1,2}))\.?,?[ -](?P<y>\d{4}),?"
)
_MONTH: Final = re.compile(r"(?P<year>(?:19|20)\d\d)(?:年|[年/.\-](?P<month>\d{1,2})月?)?")
_COMPACT_MONTH: Final = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])")
_ENDLESS: Final = frozenset(("长期", "长期有效", "永久", "永久有效", "至今", "无"))
_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SPELLED: Final = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)


def instant(cell: Cell, zero: datetime = SINCE_1900) -> datetime | None:
    """The aware instant; None when nothing is there. A day alone is its beginning. Raises Invalid."""
    told = _moment(cell, zero)
    return told if told is None or told.tzinfo is not None else told.replace(tzinfo=LOCAL)


def until(cell: Cell, zero: datetime = SINCE_1900) -> datetime | None:
    """The aware instant at which something ends; None when nothing is there. A day alone is over at its end: in a cell that
    Excel made a date, midnight is a day alone. Raises Invalid."""
    told = instant(cell, zero)
    if told is None or told.astimezone(LOCAL).time() != time():
        return told
    return told if isinstance(cell, str) and _HOURED.search(cell) else told + timedelta(days=1)


def end_shown(at: datetime | None) -> datetime | date | None:
    """The cell that `until` reads again."""
    if at is None or (local := at.astimezone(LOCAL)).time() != time():
        return at
    return local.date() - timedelta(days=1)


def wall_clock(at: datetime) -> datetime:
    """What a clock on the wall shows at an instant; a time without a zone is that already."""
    return at.astimezone(LOCAL).replace(tzinfo=None) if at.tzinfo else at


def day(cell: Cell, zero: datetime = SINCE_1900) -> date | None:
    """The local day; None when nothing is there, or that something has no end. Raises Invalid."""
    if isinstance(cell, str) and cell.strip() in _ENDLESS:
        return None
    try:
        told = _moment(cell, zero)
    except Invalid as error:
        if error.code == errors.CELL_NOT_A_TIME.code:
            raise errors.CELL_NOT_A_DAY() from None
        meanings = dict.fromkeys(at[:10] for at in (error.data or {}).get("meanings", ()))
        raise errors.two_meanings(*meanings) if len(meanings) > 1 else error from None
    return None if told is None else (told.astimezone(LOCAL) if told.tzinfo else told).date()


def days(cell: Cell, zero: datetime = SINCE_1900) -> tuple[date, ...]:
    """Several days in one cell. Raises Invalid."""
    told = several(cell) if isinstance(cell, str) else (cell,)
    return tuple(found for one in told if (found := day(one, zero)) is not None)


def clock(cell: Cell, zero: datetime = SINCE_1900) -> str:
    """A time of day as 08:30; "" when nothing is there. A day beside it is not looked at. Raises Invalid."""
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 1:
        cell = zero + timedelta(days=cell)
    if isinstance(cell, datetime):
        cell = _rounded(cell).time()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    told = " ".join(unicodedata.normalize("NFKC", text(cell)).split())
    if not told:
        return ""
    try:
        meanings = [
            (SINCE_1900 + since).time().isoformat("minutes") for since, _ in _clock(_DOTTED.sub(r"\1:\2", told))
        ]
    except Invalid:
        raise errors.CELL_NOT_A_CLOCK() from None
    if len(meanings) > 1:
        raise errors.two_meanings(*meanings)
    return meanings[0]


def month(cell: Cell, zero: datetime = SINCE_1900) -> str:
    """A year, a month or a day, as far as it is told: 1980, 1980-05, 1980-05-03; "" when nothing is there. Raises Invalid."""
    if isinstance(cell, float) and not cell.is_integer() and cell < _FULL_YEARS.stop:
        # 1980.1 is what Excel leaves of 1980.10, too.
        if (told := repr(cell))[4:] == ".1":
            raise errors.two_meanings(f"{told[:4]}-01", f"{told[:4]}-10")
        cell = told
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cell = str(int(cell)) if float(cell).is_integer() else cell
    told = unicodedata.normalize("NFKC", text(cell)) if isinstance(cell, str) else ""
    match = _MONTH.fullmatch(told.replace(" ", "")) or _COMPACT_MONTH.fullmatch(told)
    if match is None or isinstance(cell, datetime):
        try:
            found = day(cell, zero)
        except Invalid:
            raise errors.CELL_NOT_A_MONTH() from None
        return found.isoformat() if found else ""
    year, number = match["year"], match["month"]
    if number and not 1 <= int(number) <= 12:
        raise errors.CELL_NOT_A_MONTH()
    return f"{year}-{number:0>2}" if number else year


def _moment(cell: Cell, zero: datetime) -> datetime | None:
    if isinstance(cell, datetime):
        return _rounded(cell)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, time):
        raise errors.CELL_WITHOUT_DAY()
    if isinstance(cell, timedelta):
        return _serial(cell.total_seconds() / 86_400, zero)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_number(cell, zero)
    told = text(cell)
    return _of_text(told, zero) if told else None


def _rounded(at: datetime) -> datetime:
    """Excel counts in fractions of a day: 10:30 may come as 10:29:59.999."""
    if not 2_000 < at.microsecond < 998_000:
        return (at + timedelta(milliseconds=500)).replace(microsecond=0)
    return at


def _of_number(value: float, zero: datetime) -> datetime:
    if float(value).is_integer() and _COMPACT.fullmatch(digits := str(int(value))):
        return _of_text(digits, zero)
    return _serial(value, zero)


def _serial(days: float, zero: datetime) -> datetime:
    if 0 < days < 100_000:
        at = zero + timedelta(seconds=round(days * 86_400))
        if at.year in _YEARS:
            return at
    raise errors.CELL_NOT_A_TIME()


def _of_text(told: str, zero: datetime) -> datetime:
    told = unicodedata.normalize("NFKC", told).replace("。", ".").replace("—", "-").replace("–", "-").strip()
    told = " ".join(_DECORATION.sub(" ", told).split())
    told = _REPUBLIC.sub(lambda found: str(1911 + int(found[1] or found[2])), told)
    if match := _COMPACT.fullmatch(told):
        year, month, number, hour, minute, second = (int(part or 0) for part in match.groups())
        return _at(_date(year, month, number), hour, minute, second)
    if re.fullmatch(r"\d{4,6}(\.\d+)?", told):
        return _serial(float(told), zero)
    for read in (_numeric_day, _spelled_day, _english_day):
        if (found := read(told)) is not None:
            days, rest = found
            # The T of ISO 8601, and what people put between day and time; a dot for a colon.
            clocks = _clock(_DOTTED.sub(r"\1:\2", rest.strip().lstrip("T,_").strip()))
            return _the_one([_plus(a_day, clock) for a_day in days for clock in clocks])
    if (match := _CLOCK.fullmatch(told)) and match["minute"]:
        raise errors.CELL_WITHOUT_DAY()
    raise errors.CELL_NOT_A_TIME()


def _numeric_day(told: str) -> tuple[list[date], str] | None:
    match = _DAY.match(told)
    if match is None or (match[2] == "年") != (match[4] == "月"):
        return None
    first, second, third = match[1], int(match[3]), match[5]
    rest = told[match.end() :]
    if match[2] == "年":
        year = int(first) + (2000 if len(first) == 2 and int(first) < 40 else 0)
        return [_date(year, second, int(third))], rest
    if len(first) == 4:
        return [_date(int(first), second, int(third))], rest
    if len(third) == 4:  # day or month first, as outside of China
        tried = ((int(third), int(first), second), (int(third), second, int(first)))
    elif len(first) == len(third) == 2 or len(first) == 2:
        tried = ((2000 + int(first), second, int(third)), (2000 + int(third), second, int(first)))
    else:
        tried = ((2000 + int(third), int(first), second), (2000 + int(third), second, int(first)))
    days = [a_day for parts in tried if (a_day := _maybe(*parts)) is not None]
    if not days:
        raise errors.CELL_NOT_A_TIME()
    return days, rest


def _spelled_day(told: str) -> tuple[list[date], str] | None:
    match = _SPELLED.match(told)
    if match is None:
        return None
    year = int(match[1].translate(_DIGITS))
    return [_date(year, _spelled(match[2]), _spelled(match[3]))], told[match.end() :]


def _spelled(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    of_tens = (int(tens.translate(_DIGITS)) if tens else 1) * 10 if ten else 0
    return of_tens + (int(ones.translate(_DIGITS)) if ones else 0)


def _english_day(told: str) -> tuple[list[date], str] | None:
    match = _ENGLISH.match(told)
    month = _MONTHS.get((match["m1"] or match["m2"])[:3].lower()) if match else None
    if match is None or month is None:
        return None
    return [_date(int(match["y"]), month, int(match["d1"] or match["d2"]))], told[match.end() :]


Clock = tuple[timedelta, timezone | None]


def _clock(told: str) -> list[Clock]:
    """What the time of day may mean: since midnight, and the zone where one is told."""
    if not told:
        return [(timedelta(), None)]
    match = _CLOCK.fullmatch(told)
    if match is None or (match["before"] and match["after"]):
        raise errors.CELL_NOT_A_TIME()
    if match["minute"] is None and match["oclock"] is None and not re.search("[时点]", told):
        raise errors.CELL_NOT_A_TIME()
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    minute = 30 if match["oclock"] == "半" else minute
    fraction = timedelta(microseconds=int((match["fraction"] or "0").ljust(6, "0")[:6]))
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second or fraction)):
        raise errors.CELL_NOT_A_TIME()
    half = (match["before"] or match["after"] or "").lower().replace(".", "")
    rest = timedelta(minutes=minute, seconds=second) + fraction
    return [(timedelta(hours=h) + rest, _zone(match["zone"])) for h in _hours(half, hour)]


def _hours(half: str, hour: int) -> list[int]:
    """Hours of the day that `hour` in a half of it may be. Raises Invalid for what no clock shows."""
    if not half:
        return [hour]
    if half in {"am", "凌晨", "清晨", "早晨", "早上", "上午"}:
        if hour > 12:
            raise errors.CELL_NOT_A_TIME()
        if hour == 12:  # on a Chinese clock 上午12:30 is said of both
            return [0] if half in {"am", "凌晨"} else [0, 12]
        return [hour]
    if half == "晚上" and hour in {12, 24}:
        return [0, 24]
    if half == "中午":
        return [hour if hour >= 10 else hour + 12]
    return [hour if hour >= 12 else hour + 12]


def _zone(told: str | None) -> timezone | None:
    if told is None:
        return None
    if told in "Zz":
        return timezone.utc  # noqa: UP017  a timezone like the other
    offset = timedelta(hours=int(told[1:3]), minutes=int(told[-2:]))
    if offset > timedelta(hours=14):
        raise errors.CELL_NOT_A_TIME()
    return timezone(-offset if told[0] == "-" else offset)


def _the_one(meanings: list[datetime]) -> datetime:
    different = list(dict.fromkeys(meanings))
    if len(different) > 1:
        raise errors.two_meanings(*(at.strftime("%Y-%m-%d %H:%M") for at in different[:2]))
    return different[0]


def _plus(a_day: date, clock: Clock) -> datetime:
    since, zone = clock
    return datetime.combine(a_day, time(), zone) + since


def _at(a_day: date, hour: int, minute: int, second: int) -> datetime:
    try:
        return datetime.combine(a_day, time(hour, minute, second))
    except ValueError:
        raise errors.CELL_NOT_A_TIME() from None


def _date(year: int, month: int, number: int) -> date:
    found = _maybe(year, month, number)
    if found is None:
        raise errors.CELL_NOT_A_TIME()
    return found


def _maybe(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number) if year in _FULL_YEARS else None
    except ValueError:
        return None
