"""A street over the year 2026 and its books: what was true on any day, kept by plain rules apart from the registry.

Communities of grids with a worker each; premises that change, move and close; one restructuring on 10 July that merges,
splits, moves, renames and dissolves. The registry is asked for the same afterwards (`tests/bench/street.py`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from services.registry.city.import_city import City
from services.registry.posts.post import Post
from services.registry.units.kinds import Kind
from services.registry.units.unit import UnitState
from shared.clock import LOCAL
from shared.ids import new_id

SINCE: Final = date(2020, 1, 1)
FIRST: Final = date(2026, 1, 5)
"""The premises are imported."""
CHANGED: Final = date(2026, 3, 10)
RESTRUCTURED: Final = date(2026, 7, 10)
CLOSED: Final = date(2026, 10, 12)
LAST: Final = date(2026, 12, 31)
STREET: Final = "D1-S"
GRIDS: Final = 10
"""Of each community at least: the plan uses the first six."""
CATEGORIES: Final = ("shop", "crowded", "small_place", "family_workshop", "other")
_NEVER: Final = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Hung:
    """From `since` to before `until` the unit hung under `parent` and was called `name`."""

    since: date
    until: date
    kind: str
    parent: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Stood:
    """What was true of premises from `since` on."""

    since: date
    unit: str
    category: str
    use: str


@dataclass(slots=True)
class Place:
    name: str
    east: bool | None
    """In which half of its grid it lies; None: nobody knows."""
    key_unit: bool
    manager: str
    stood: list[Stood]
    number: str = ""

    def on(self, day: date) -> Stood | None:
        return next((one for one in reversed(self.stood) if one.since <= day), None)


@dataclass(frozen=True, slots=True)
class Held:
    person: str
    role: str
    unit: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Seen:
    """An inspection."""

    place: int
    on: date

    @property
    def at(self) -> datetime:
        return datetime.combine(self.on, time(10, self.place % 60), LOCAL)


@dataclass(slots=True)
class Books:
    communities: int
    grids: int
    each: int
    """Premises of a grid."""
    units: dict[str, list[Hung]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    successors: dict[str, str] = field(default_factory=dict)
    """Of units that ended: who has what nobody knows the place of."""

    def __post_init__(self) -> None:
        self._hang("D", "city", None, "D市")
        self._hang("D1", "district", "D", "D1区")
        self._hang(STREET, "street", "D1", "大街街道")
        for one in range(self.communities):
            community = f"{STREET}-{one:02d}"
            self._hang(community, "community", STREET, f"{community}社区")
            self.held.append(Held(f"L{community}", "community_secretary", community, SINCE, _NEVER))
            for grid in range(self.grids):
                code = f"{community}-{grid:03d}"
                self._hang(code, "grid", community, f"{code}格")
                if (one * self.grids + grid) % 49:
                    self.held.append(Held(f"W{code}", "grid_worker", code, SINCE, _NEVER))
                for at in range(self.each):
                    self._open(code, at)
        days = (LAST - FIRST).days
        self.seen = [
            Seen(at, FIRST + timedelta(days=1 + at * 7919 % (days - 2)))
            for at in range(len(self.places)) if at % 11
        ]  # fmt: skip

    def _hang(self, code: str, kind: str, parent: str | None, name: str, since: date = SINCE) -> None:
        self.units.setdefault(code, []).append(Hung(since, _NEVER, kind, parent, name))

    def _open(self, grid: str, at: int) -> None:
        number = len(self.places)
        stood = Stood(FIRST, grid, CATEGORIES[number % len(CATEGORIES)], "open")
        east = (None, True, False)[at % 3] if grid.endswith("-002") else None
        manager = "" if number % 300 == 0 else "王强"
        self.places.append(Place(f"{grid}店{at}", east, number % 100 == 0, manager, [stood]))

    # What happens

    def city(self) -> City:
        units = [
            UnitState(
                code, Kind(hung[0].kind), hung[0].name, SINCE, parent=hung[0].parent,
                boundary=half(code, None) if code in self.split() else None,
            )
            for code, hung in self.units.items()
        ]  # fmt: skip
        posts = [Post(new_id(), one.person, one.role, one.unit, SINCE, None, 1) for one in self.held]
        return City(units, posts)

    def split(self) -> list[str]:
        return [f"{STREET}-{one:02d}-002" for one in range(max(1, self.communities // 4))]

    def change(self, day: date, every: int, **told: str) -> range:
        """Each so-manieth place is told anew; their indexes."""
        changed = range(0, len(self.places), every)
        for at in changed:
            stood = self.places[at].stood
            stood.append(replace(stood[-1], since=day, **told))
        return changed

    def restructure(self) -> list[dict[str, Any]]:
        """The plan, and what it does."""
        quarter, half_of = max(1, self.communities // 4), self.communities // 2
        steps: list[dict[str, Any]] = []
        for one in range(half_of):
            community = f"{STREET}-{one:02d}"
            old, new = [f"{community}-000", f"{community}-001"], f"{community}-101"
            steps.append({"kind": "merge", "units": old, "into": [{"code": new, "name": f"{new}格"}]})
            self._begin(new, community)
            for code in old:
                self._end(code, lambda _, to=new: to, new)
        for code in self.split():
            community, west, east = code[:-4], f"{code[:-3]}201", f"{code[:-3]}202"
            parts = [
                {"code": part, "name": f"{part}格", "boundary": half(code, side)}
                for part, side in ((west, False), (east, True))
            ]
            steps.append({"kind": "split", "units": [code], "into": parts, "main": east})
            self._begin(west, community)
            self._begin(east, community)
            self._end(code, lambda place, w=west, e=east: w if place.east is False else e, east)
        for one in range(quarter):
            code, parent = f"{STREET}-{one:02d}-003", f"{STREET}-{one + half_of:02d}"
            steps.append({"kind": "move", "units": [code], "parent": parent})
            self._hang_anew(code, parent=parent)
        for one in range(half_of, half_of + quarter):
            code, successor = f"{STREET}-{one:02d}-004", f"{STREET}-{one:02d}-005"
            steps.append({"kind": "dissolve", "units": [code], "into": [{"code": successor}]})
            self._end(code, lambda _, to=successor: to, successor)
        renamed = f"{STREET}-{self.communities - 1:02d}"
        steps.append({"kind": "rename", "units": [renamed], "name": "新大街社区"})
        self._hang_anew(renamed, name="新大街社区")
        return steps

    def _begin(self, code: str, community: str) -> None:
        self._hang(code, "grid", community, f"{code}格", RESTRUCTURED)

    def _end(self, code: str, successor: Any, main: str) -> None:
        self.units[code][-1] = replace(self.units[code][-1], until=RESTRUCTURED)
        self.successors[code] = main
        for place in self.places:
            if (last := place.stood[-1]).unit == code:
                place.stood.append(replace(last, since=RESTRUCTURED, unit=successor(place)))
        for at, post in enumerate(self.held):
            if post.unit == code and post.until > RESTRUCTURED:
                self.held[at] = replace(post, until=RESTRUCTURED)
                self.held.append(replace(post, unit=main, since=RESTRUCTURED))

    def _hang_anew(self, code: str, **told: str) -> None:
        last = self.units[code][-1]
        self.units[code][-1] = replace(last, until=RESTRUCTURED)
        self.units[code].append(replace(last, since=RESTRUCTURED, **told))

    # What was true

    def tree(self, day: date) -> dict[str, Hung]:
        return {
            code: hung for code, several in self.units.items() for hung in several if hung.since <= day < hung.until
        }

    def inside(self, area: str, day: date) -> set[str]:
        tree = self.tree(day)

        def line(code: str | None) -> Iterator[str]:
            while code is not None:
                yield code
                code = tree[code].parent

        return {code for code in tree if area in line(code)}

    def standing(self, area: str, day: date) -> list[tuple[Place, Stood]]:
        codes = self.inside(area, day)
        found = ((place, place.on(day)) for place in self.places)
        return [(place, stood) for place, stood in found if stood is not None and stood.unit in codes]

    def owed(self) -> int:
        """Duties of premises by the plans of the release: check and drill for all of these categories; patrol, training and
        test of facilities besides for shops' crowds (purpose 商业) and key units. Closed for good they owe nothing."""
        stands = [(place, place.stood[-1]) for place in self.places]
        more = [place.key_unit or stood.category == "crowded" for place, stood in stands if stood.use != "closed"]
        return 2 * len(more) + 3 * sum(more)

    def files(self, area: str, day: date) -> dict[str, Any]:
        """As `/premises/counts` tells them."""
        standing = self.standing(area, day)
        return {
            "files": len(standing), "by_category": dict(Counter(stood.category for _, stood in standing)),
            "key_units": sum(place.key_unit for place, _ in standing),
        }  # fmt: skip

    def workers(self, unit: str, day: date) -> set[str]:
        return {one.person for one in self.held if one.unit == unit and one.since <= day < one.until}

    def covered(self, area: str, day: date) -> dict[str, tuple[int, int]]:
        """Of grids and key premises how many there are, and how many lack somebody."""
        tree = self.tree(day)
        grids = [code for code in self.inside(area, day) if tree[code].kind == "grid"]
        key = [place for place, stood in self.standing(area, day) if place.key_unit and stood.use == "open"]
        manned = {one.unit for one in self.held if one.role == "grid_worker" and one.since <= day < one.until}
        return {
            "grid": (len(grids), sum(code not in manned for code in grids)),
            "key_premises": (len(key), sum(not place.manager for place in key)),
        }

    def staff(self, area: str, day: date) -> dict[str, int]:
        codes = self.inside(area, day)
        roles = {(one.role, one.person) for one in self.held if one.unit in codes and one.since <= day < one.until}
        return dict(Counter(role for role, _ in roles))

    def summed(self, area: str, first: date, last: date, hazards: Mapping[str, list[tuple[int, date]]]) -> dict[str, Any]:  # fmt: skip
        """As `/summary` tells them; of `hazards` by number's name the place and the day of each."""
        tree, codes, standing = self.tree(last), self.inside(area, last), self.standing(area, last)
        there = [(place, stood) for place, stood in standing if stood.use != "closed"]
        seen = [one for one in self.seen if first <= one.on <= last]
        visited = {self.places[one.place].name for one in seen}

        def counted(place: int, day: date) -> bool:
            stood = self.places[place].on(day)
            unit = stood.unit if stood else ""
            return (unit if unit in tree else self.successors.get(unit, unit)) in codes

        def lay(place: int) -> bool:
            stood = self.places[place].on(last)
            return stood is not None and stood.unit in codes

        return {
            "by_category": dict(Counter(stood.category for _, stood in there)),
            "key_units": sum(place.key_unit for place, _ in there),
            "inspected": sum(place.name in visited for place, _ in there),
            "inspections": sum(counted(one.place, one.on) for one in seen),
            **{name: sum(first <= day <= last and lay(place) for place, day in days) for name, days in hazards.items()},
        }


def half(code: str, east: bool | None) -> dict[str, Any]:
    """A grid of its own for each code: a square of a hundredth degree, and its halves."""
    at = int(code.split("-")[2]) if code.count("-") > 1 else 0
    west, south = 113.0 + 0.02 * at, 28.0
    left, right = {None: (0.0, 0.01), False: (0.0, 0.005), True: (0.005, 0.01)}[east]
    w, e, n = west + left, west + right, south + 0.01
    return {"type": "Polygon", "coordinates": [[[w, south], [e, south], [e, n], [w, n], [w, south]]]}


def point(code: str, *, east: bool) -> tuple[float, float]:
    """Longitude and latitude in one of the halves."""
    ring = half(code, east)["coordinates"][0]
    return (ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[2][1]) / 2
