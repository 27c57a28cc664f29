"""What unit is meant where a table names one: by its code, its name, an alias, or with the names of units above in front.

Who is called so in the caller's own part of the tree comes first. Where several are, none is guessed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from services.registry.units.errors import UNIT_NAME_SHARED, UNIT_NAME_UNKNOWN
from services.registry.units.names import folded
from services.registry.units.store import exists_on
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_BETWEEN: Final = re.compile(r"[\s/\\>·,，、:：_－—-]+")
"""What people write between the name of a unit and that of the one above it."""
_ENDINGS: Final = ("社区", "村", "街道", "镇", "乡", "区", "县", "小区")
_CHINESE: Final = "〇一二三四五六七八九"
_NUMBERED: Final = re.compile(
    r"第?([0-9]{1,4}|[一二三四五六七八九]?十?[一二三四五六七八九]|[一二三四五六七八九]?十)号?(?=微?网格|片区|楼|栋|单元|组|村民|居民)"
)
_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that exists; `names` are folded, `own` says whether it lies in the caller's part of the tree."""

    code: str
    parent: str | None
    name: str
    names: tuple[str, ...]
    own: bool


@dataclass(slots=True)
class Directory:
    """All units, by what they are called."""

    entries: Mapping[str, Entry]
    _codes: dict[str, str] = field(default_factory=dict)
    _named: dict[str, list[Entry]] = field(default_factory=dict)
    _counted: dict[str, list[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries.values():
            self._codes[entry.code.casefold()] = entry.code
            for name in entry.names:
                self._named.setdefault(name, []).append(entry)

    def code(self, told: str) -> str:
        """The code of the unit that is meant; what looks like a code and is none is for the reader to refuse. Raises
        Invalid where nothing or several are called so."""
        if (code := self._codes.get(told.casefold())) is not None:
            return code
        plain = folded(_BETWEEN.sub("", told))
        found = self._named.get(folded(told)) or self._below(plain) or self._short(plain) or self._numbered(plain)
        meant = [entry for entry in found if entry.own] or found
        if len(meant) == 1:
            return meant[0].code
        if meant:
            raise UNIT_NAME_SHARED(name=told, count=len(meant), units=[*map(self._told, meant[:_TOLD])])
        if _CODE.fullmatch(told):
            return told
        raise UNIT_NAME_UNKNOWN(name=told)

    def _below(self, told: str) -> list[Entry]:
        """Those whose name stands at the end, with nothing but names of units above them before it; the longest name."""
        for start in range(1, len(told)):
            found = [entry for entry in self._named.get(told[start:], ()) if self._above(entry, told[:start])]
            if found:
                return found
        return []

    def _short(self, told: str) -> list[Entry]:
        """东塘 for 东塘社区."""
        return [entry for ending in _ENDINGS for entry in self._named.get(told + ending, ())]

    def _numbered(self, told: str) -> list[Entry]:
        """第一网格, 1网格 and 第01网格 say one thing. Looked for last, for few tables need it."""
        if not self._counted:
            for name, entries in self._named.items():
                self._counted.setdefault(_plain_number(name), []).extend(entries)
        whole = _plain_number(told)
        for start in range(len(whole)):
            above = whole[:start]
            found = [entry for entry in self._counted.get(whole[start:], ()) if self._above(entry, above)]
            if found:
                return found
        return []

    def _above(self, entry: Entry, told: str) -> bool:
        """Whether `told` is made of names of units above, the nearest last; some may be left out."""
        for above in self._ancestors(entry):
            told = next((told.removesuffix(name) for name in above.names if told.endswith(name)), told)
        return not told

    def _ancestors(self, entry: Entry) -> Iterator[Entry]:
        while entry.parent is not None and (above := self.entries.get(entry.parent)) is not None:
            yield above
            entry = above

    def _told(self, entry: Entry) -> str:
        above = next(self._ancestors(entry), None)
        return f"{above.name if above else ''}{entry.name} {entry.code}"


def _plain_number(name: str) -> str:
    return _NUMBERED.sub(lambda found: str(_count(found[1])), name)


def _count(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (_CHINESE.index(tens) if tens else bool(ten)) * 10 + (_CHINESE.index(ones) if ones else 0)


async def directory(uow: UnitOfWork, caller: Principal) -> Directory:
    """Of all units that exist today: the tree is no secret among those who have signed in."""
    own = Scope(units, caller, served=True).covers(units.c.code)
    columns = units.c.code, units.c.parent, units.c.name, units.c.names, own.label("own")
    rows = await uow.connection.execute(sa.select(*columns).where(exists_on(units, local_day(uow.now))))
    entries: Sequence[Entry] = [Entry(row.code, row.parent, row.name, tuple(row.names), row.own) for row in rows]
    return Directory({entry.code: entry for entry in entries})
