"""The tests' own city: two districts, streets with communities and a grid, and departments near and far.

A市 ─ A3区 ─ 柳湾街道 ─ 东塘社区
    └ A7县 ─ 泉塘街道 ─ 星湖社区 ─ 第1网格 (a square at 113.0–113.1, 28.0–28.1) · 映霞社区
B市, where no department is.
"""

from datetime import date
from typing import Any

from services.registry.city.import_city import City
from services.registry.units.kinds import Kind
from services.registry.units.unit import UnitState
from shared.units.tree import Unit, UnitTree

STREET, COMMUNITY, OTHER_COMMUNITY, GRID = "A7-QT", "A7-QT-01", "A7-QT-02", "A7-QT-01-001"
ELSEWHERE = "A3-LW"
"""A street of another district."""
STREET_URBAN, COUNTY_URBAN, ENVIRONMENT, CIVIL = "A7-QT-D-CJ", "A7-D-CJ", "A-D-HB", "A7-D-MZ"
SQUARE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[113.0, 28.0], [113.1, 28.0], [113.1, 28.1], [113.0, 28.1], [113.0, 28.0]]],
}
INSIDE = {"longitude": 113.05, "latitude": 28.05, "system": "WGS-84"}


def _unit(code: str, kind: Kind, name: str, parent: str | None = None, **more: Any) -> UnitState:
    return UnitState(code=code, kind=kind, name=name, valid_from=date(2020, 1, 1), parent=parent, **more)


def _office(code: str, name: str, parent: str, *functions: str) -> UnitState:
    return _unit(code, Kind.DEPARTMENT, name, parent, functions=functions, serves=(parent,))


CITY = City(
    (
        _unit("A", Kind.CITY, "A市"),
        _unit("A3", Kind.DISTRICT, "A3区", "A"),
        _unit(ELSEWHERE, Kind.STREET, "柳湾街道", "A3"),
        _unit("A3-LW-01", Kind.COMMUNITY, "东塘社区", ELSEWHERE),
        _unit("A7", Kind.DISTRICT, "A7县", "A"),
        _unit(STREET, Kind.STREET, "泉塘街道", "A7", aliases=("泉塘",)),
        _unit(COMMUNITY, Kind.COMMUNITY, "星湖社区", STREET),
        _unit(GRID, Kind.GRID, "星湖社区第1网格", COMMUNITY, boundary=SQUARE),
        _unit(OTHER_COMMUNITY, Kind.COMMUNITY, "映霞社区", STREET),
        _office(STREET_URBAN, "泉塘街道城建办", STREET, "urban_rural"),
        _office(COUNTY_URBAN, "A7县住建局", "A7", "urban_rural"),
        _office(CIVIL, "A7县民政局", "A7", "civil_affairs"),
        _office(ENVIRONMENT, "A市生态环境局", "A", "environment"),
        _unit("B", Kind.CITY, "B市"),
        _unit("B1", Kind.DISTRICT, "B1区", "B"),
        _unit("B1-SY", Kind.STREET, "上源街道", "B1"),
    )
)


def tree() -> UnitTree:
    """The same city as services see it, for tests without a database."""
    return UnitTree(
        Unit(
            code=state.code,
            kind=state.kind,
            name=state.name,
            aliases=state.aliases,
            parent=state.parent,
            boundary=state.boundary,
            functions=state.functions,
            serves=state.serves,
            valid_from=state.valid_from,
            valid_to=state.valid_to,
        )
        for state in CITY.units
    )
