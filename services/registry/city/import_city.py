"""A whole tree with its posts at once: all of it or nothing, and nothing again the second time.

Every row is checked against the registry as it will be afterwards; all bad rows are named. A few statements however
many rows there are.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.registry.city.neighbours import Neighbours
from services.registry.errors import IMPORT_REFUSED, IMPORT_ROW_REPEATED, POST_DIFFERS
from services.registry.posts.post import Post, appoint, refuse_held
from services.registry.posts.store import Posts
from services.registry.units.kinds import TOP_DOWN
from services.registry.units.rule_context import RuleContext
from services.registry.units.rules import check
from services.registry.units.store import Units
from services.registry.units.unit import Unit, UnitState, put, takes_effect
from services.registry.write_lock import alone
from shared.change import Actor, Change
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.ids import new_id

MOST_NAMED: Final = 50
"""How many bad rows an answer names; the count is of all."""


@dataclass(frozen=True, slots=True)
class City:
    """What is imported. Posts are new ones (version 1) with the ids by which they are known again."""

    units: Sequence[UnitState]
    posts: Sequence[Post] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """How many units and posts were registered or changed, and how many were there already in the same state."""

    units: int
    posts: int
    same: int


async def import_city(city: City, uow: UnitOfWork, *, by: Actor, why: str | None = None) -> Imported:
    """Bring in what is new or different. Raises Invalid naming each bad row; nothing is changed then."""
    await alone(uow)
    importing = _Importing(await Units.of(uow).all(), await Posts.of(uow).all(), city, uow.now, by, why)
    units, posts = importing.unit_changes(), importing.post_changes()
    importing.bad.refuse()
    Units.of(uow).state(*units)
    Posts.of(uow).add(*posts)
    return Imported(len(units), len(posts), len(city.units) + len(city.posts) - len(units) - len(posts))


class _Importing:
    """One import: what is stored, what comes, and which rows are bad."""

    def __init__(
        self, stored: Mapping[str, Unit], held: Mapping[UUID, Post], city: City, now: datetime, by: Actor,
        why: str | None,
    ) -> None:  # fmt: skip
        self._stored, self._held, self._city = stored, held, city
        self._now, self._today, self._by, self._why = now, local_day(now), by, why
        self._known = {code: unit.state for code, unit in stored.items()} | {unit.code: unit for unit in city.units}
        self.bad = _BadRows()
        self.bad.repeated("units", [unit.code for unit in city.units])
        self.bad.repeated("posts", [str(post.id) for post in city.posts])

    def unit_changes(self) -> list[Change[Unit]]:
        below, holders = _below(self._known.values(), self._today), _holders(self._held.values(), self._today)
        neighbours = Neighbours(self._known.values())
        changes = []
        # Parents first, so that readers of the events meet a parent before its children.
        for number, state in sorted(enumerate(self._city.units, 1), key=lambda row: TOP_DOWN.index(row[1].kind)):
            unit = self._stored.get(state.code)
            before = unit.state if unit is not None else None
            if before == state:
                continue
            effective = takes_effect(before, state, self._today)
            context = RuleContext(
                today=self._today,
                effective=effective,
                before=before,
                known=self._known,
                near=neighbours.of(state),
                below=below.get(state.code, ()),
                holders=holders.get(state.code, ()),
            )
            try:
                check(state, context)
            except GridGovError as error:
                self.bad.add("units", number, state.code, error)
            else:
                changes.append(
                    put(unit, state, id=new_id(), effective_from=effective, by=self._by, now=self._now, why=self._why)
                )
        return changes

    def post_changes(self) -> list[Change[Post]]:
        taken: defaultdict[Hashable, list[Post]] = defaultdict(list)
        for post in self._held.values():
            taken[post.office].append(post)
        changes = []
        for number, post in enumerate(self._city.posts, 1):
            same = taken[post.office]
            try:
                if post.id in self._held:
                    _require_same(post, self._held[post.id])
                    continue
                refuse_held(post, same)
                unit = self._known.get(post.unit)
                change = appoint(post, unit, by=self._by, now=self._now, today=self._today, why=self._why)
            except GridGovError as error:
                self.bad.add("posts", number, str(post.id), error)
            else:
                same.append(post)
                changes.append(change)
        return changes


def _require_same(post: Post, stored: Post) -> None:
    """An import does not end posts; one that was ended here since stays ended."""
    said, known = ((each.person, each.role, each.unit, each.valid_from) for each in (post, stored))
    if said != known:
        raise POST_DIFFERS()


def _below(units: Iterable[UnitState], today: date) -> dict[str, list[str]]:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for unit in units:
        if unit.parent is not None and unit.valid_on(today):
            below[unit.parent].append(unit.code)
    return below


def _holders(posts: Iterable[Post], today: date) -> dict[str, list[str]]:
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for post in posts:
        if post.valid_to is None or post.valid_to > today:
            holders[post.unit].append(str(post.id))
    return holders


class _BadRows:
    """The rows that cannot be taken, with the reason of each."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def add(self, table: str, row: int, key: str, error: GridGovError) -> None:
        """`row` counts from 1; `key` is the row's code or id."""
        row_facts = {"table": table, "row": row, "key": key, "field": error.field}
        self._rows.append({**row_facts, "code": error.code, "zh": error.zh, "en": error.en})

    def repeated(self, table: str, keys: Sequence[str]) -> None:
        seen: set[str] = set()
        for row, key in enumerate(keys, 1):
            if key in seen:
                self.add(table, row, key, IMPORT_ROW_REPEATED())
            seen.add(key)

    def refuse(self) -> None:
        if self._rows:
            count = len(self._rows)
            told = {name: self._rows[0][name] for name in ("table", "row", "key", "zh", "en")}
            raise IMPORT_REFUSED(count=count, **told, data={"count": count, "rows": self._rows[:MOST_NAMED]})
