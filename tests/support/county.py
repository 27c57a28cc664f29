"""The county of document 6: its groups before, and the plan that makes fewer of them.

3,086 groups become 1,463 (-52.59 %): 2,464 villagers' groups 973 (-60.51 %), 622 residents' groups 490 (-21.22 %; the
document prints -22.21 %, which its own numbers do not give).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registry.city.import_city import City
from services.registry.posts.post import Post
from services.registry.units.kinds import Kind
from services.registry.units.unit import UnitState
from shared.ids import new_id

SINCE = date(2020, 1, 1)
COUNTY = "C1"
_IN_A_TOWN = 30
"""Villages or communities of one town."""


@dataclass(frozen=True, slots=True)
class Label:
    """`before` groups of a kind become `after`; each village or community has `each` of them at most."""

    name: str
    letter: str
    before: int
    after: int
    each: int


LABELS = (Label("村民小组", "V", 2464, 973, 7), Label("居民小组", "R", 622, 490, 8))


def scaled(tenths: int) -> tuple[Label, ...]:
    """The same county with so many tenths of its groups."""
    return tuple(
        Label(one.name, one.letter, one.before * tenths // 10, one.after * tenths // 10, one.each) for one in LABELS
    )


def county(labels: tuple[Label, ...] = LABELS) -> tuple[City, list[dict[str, Any]]]:
    """The county with a grid worker in each group, and the rows of the plan, as the ledger exports them."""
    units = [
        UnitState("C", Kind.CITY, "C市", SINCE),
        UnitState(COUNTY, Kind.DISTRICT, "C1县", SINCE, parent="C"),
    ]
    posts: list[Post] = []
    rows: list[dict[str, Any]] = []
    for label in labels:
        for number, (groups, become) in enumerate(_shares(label)):
            town = f"{COUNTY}-{label.letter}{number // _IN_A_TOWN:02d}"
            if number % _IN_A_TOWN == 0:
                units.append(UnitState(town, Kind.STREET, f"{town}镇", SINCE, parent=COUNTY))
            place = f"{town}-{number:03d}"
            units.append(UnitState(place, Kind.COMMUNITY, f"{place}村", SINCE, parent=town))
            codes = [f"{place}-{at:02d}" for at in range(groups)]
            for code in codes:
                state = UnitState(code, Kind.GRID, f"{code}组", SINCE, parent=place, households=35, residents=110)
                units.append(state)
                posts.append(Post(new_id(), f"P-{code}", "grid_worker", code, SINCE, None, 1))
            rows += _rows(place, codes, become, label.name)
    return City(units, posts), rows


def _shares(label: Label) -> Iterator[tuple[int, int]]:
    """Of each village its groups, and how many they become; together `before` and `after`."""
    places = -(-label.before // label.each)
    for at in range(places):
        yield (
            label.before * (at + 1) // places - label.before * at // places,
            label.after * (at + 1) // places - label.after * at // places,
        )


def _rows(place: str, codes: list[str], become: int, label: str) -> Iterator[Mapping[str, Any]]:
    for at in range(become):
        together = codes[len(codes) * at // become : len(codes) * (at + 1) // become]
        if len(together) == 1:
            yield {"code": together[0], "action": "keep", "label": label}
            continue
        new = f"{place}-N{at:02d}"
        for code in together:
            yield {"code": code, "action": "merge", "new_code": new, "name": f"{place}新{at + 1}组", "label": label}
