"""A small city for registry's tests: R市 with one district, one street, two communities, two grids and one office."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from services.registry.city.import_city import City
from services.registry.posts.post import Post
from services.registry.units.kinds import Kind
from services.registry.units.unit import UnitState
from shared.auth.principal import Role
from shared.change import Actor
from shared.ids import new_id
from tests.support.api_contract import ApiCase, Who

SINCE = date(2020, 1, 1)
TODAY = date(2026, 11, 18)
"""The local day of the tests' clock."""
CLERK = Actor(id="clerk", role="admin")


def square(west: float, south: float, side: float) -> dict[str, Any]:
    """A boundary of that many degrees."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


SQUARE = square(113.0, 28.0, 0.1)
WEST, EAST = square(113.0, 28.0, 0.05), square(113.05, 28.0, 0.05)
"""Two parts of SQUARE that lie side by side."""


def state(code: str, kind: Kind, parent: str | None = None, **more: Any) -> UnitState:
    """A unit with nothing wrong; `more` says what is different."""
    return replace(UnitState(code=code, kind=kind, name=f"{code}单位", valid_from=SINCE, parent=parent), **more)


city_case = partial(
    ApiCase, keeper=Who(Role.ADMIN), stranger=Who(Role.ADMIN, "R1-S-02"), unfit=Who(Role.DISPATCHER, "R1-S")
)
"""A case of the API's contract, where nothing else is said for the administrator, next door's and the dispatcher."""


def post(person: str, role: str, unit: str, **more: Any) -> Post:
    return replace(Post(new_id(), person, role, unit, SINCE, None, 1), **more)


UNITS = (
    state("R", Kind.CITY),
    state("R1", Kind.DISTRICT, "R"),
    state("R1-S", Kind.STREET, "R1", name="柳湾街道", aliases=("柳湾",), boundary=SQUARE),
    state("R1-S-01", Kind.COMMUNITY, "R1-S", name="东塘社区"),
    state("R1-S-02", Kind.COMMUNITY, "R1-S", name="西塘社区"),
    state("R1-S-01-001", Kind.GRID, "R1-S-01", name="东塘社区第1网格", boundary=WEST, households=300, residents=800),
    state("R1-S-01-002", Kind.GRID, "R1-S-01", name="东塘社区第2网格"),
    state("R1-S-D-AJ", Kind.DEPARTMENT, "R1-S", name="安监办", functions=("fire_safety",), serves=("R1-S",)),
)
POSTS = (
    post("P1", "grid_worker", "R1-S-01-001"),
    post("P2", "community_secretary", "R1-S-01"),
    post("P3", "leader", "R1-S"),
    post("P4", "dispatcher", "R1"),
)
CITY = City(UNITS, POSTS)
