"""A whole tree with its posts at once: all of it or nothing, and nothing again the second time.

Every row is checked against the registry as it will be afterwards; all bad rows are named. A few statements however
many rows there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.registry.posts.post import Post, already_held, appoint
from services.registry.unit_of_work import RegistryUnitOfWork
from services.registry.units.kinds import TOP_DOWN
from services.registry.units.rules import Around, check
from services.registry.units.unit import Facts, Unit, put, takes_effect
from shared.change import Actor, Change
from shared.errors import Conflict, GridGovError, Invalid
from shared.ids import new_id

MOST_NAMED: Final = 50
"""How many bad rows an answer names; the count is of all."""


@dataclass(frozen=True, slots=True)
class City:
    """What is imported. Posts are new ones (version 1) with the ids by which they are known again."""

    units: Sequence[Facts]
    posts: Sequence[Post] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """How many units and posts were registered or changed, and how many were there already in the same state."""

    units: int
    posts: int
    same: int


async def import_city(city: City, uow: RegistryUnitOfWork, *, by: Actor, why: str | None = None) -> Imported:
    """Bring in what is new or different. Raises Invalid naming each bad row; nothing is changed then."""
    await uow.alone()
    stored, held = await uow.units.all(), await uow.posts.all()
    bad = _BadRows()
    bad.repeated("units", [unit.code for unit in city.units])
    bad.repeated("posts", [str(post.id) for post in city.posts])
    units = _unit_changes(city.units, stored, held, by=by, uow=uow, why=why, bad=bad)
    known = {code: unit.facts for code, unit in stored.items()} | {facts.code: facts for facts in city.units}
    posts = _post_changes(city.posts, held, known, by=by, uow=uow, why=why, bad=bad)
    bad.refuse()
    uow.units.put(*units)
    uow.posts.put(*posts)
    return Imported(len(units), len(posts), len(city.units) + len(city.posts) - len(units) - len(posts))


def _unit_changes(
    rows: Sequence[Facts], stored: Mapping[str, Unit], held: Mapping[UUID, Post],
    *, by: Actor, uow: RegistryUnitOfWork, why: str | None, bad: "_BadRows",
) -> list[Change[Unit]]:  # fmt: skip
    before = {code: unit.facts for code, unit in stored.items()}
    known = before | {facts.code: facts for facts in rows}
    below, holders = _below(known.values(), uow.today), _holders(held.values(), uow.today)
    changes = []
    # Parents first, so that readers of the events meet a parent before its children.
    for number, facts in sorted(enumerate(rows, 1), key=lambda row: TOP_DOWN.index(row[1].kind)):
        unit = stored.get(facts.code)
        if unit is not None and unit.facts == facts:
            continue
        effective = takes_effect(before.get(facts.code), facts, uow.today)
        around = Around(
            today=uow.today,
            effective=effective,
            before=before.get(facts.code),
            known=known,
            below=below.get(facts.code, ()),
            holders=holders.get(facts.code, ()),
        )
        try:
            check(facts, around)
        except GridGovError as error:
            bad.add("units", number, facts.code, error)
        else:
            changes.append(put(unit, facts, id=new_id(), effective_from=effective, by=by, now=uow.now, why=why))
    return changes


def _post_changes(
    rows: Sequence[Post], held: Mapping[UUID, Post], known: Mapping[str, Facts],
    *, by: Actor, uow: RegistryUnitOfWork, why: str | None, bad: "_BadRows",
) -> list[Change[Post]]:  # fmt: skip
    taken: defaultdict[tuple[str, str, str], list[Post]] = defaultdict(list)
    for post in held.values():
        taken[post.person, post.role, post.unit].append(post)
    changes = []
    for number, post in enumerate(rows, 1):
        same = taken[post.person, post.role, post.unit]
        try:
            if post.id in held:
                _require_same(post, held[post.id])
                continue
            for other in same:
                if other.overlaps(post):
                    raise already_held(other)
            change = appoint(post, known.get(post.unit), by=by, now=uow.now, today=uow.today, why=why)
        except GridGovError as error:
            bad.add("posts", number, str(post.id), error)
        else:
            same.append(post)
            changes.append(change)
    return changes


def _require_same(post: Post, stored: Post) -> None:
    """An import does not end posts; one that was ended here since stays ended."""
    if (post.person, post.role, post.unit, post.valid_from) != (
        stored.person, stored.role, stored.unit, stored.valid_from,
    ):  # fmt: skip
        raise Conflict(
            "post_differs",
            "同一 id 的任职已存在且内容不同，请换一个 id 或先结束原任职",
            "a post with this id is there and says something else; take another id",
            field="post_id",
        )


def _below(units: Iterable[Facts], today: date) -> dict[str, list[str]]:
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
        facts = {"table": table, "row": row, "key": key, "field": error.field}
        self._rows.append({**facts, "code": error.code, "zh": error.zh, "en": error.en})

    def repeated(self, table: str, keys: Sequence[str]) -> None:
        seen: set[str] = set()
        for row, key in enumerate(keys, 1):
            if key in seen:
                self.add(table, row, key, Invalid("repeated_row", "此行与前面的行重复", "this row is there twice"))
            seen.add(key)

    def refuse(self) -> None:
        if self._rows:
            first, count = self._rows[0], len(self._rows)
            raise Invalid(
                "import_refused",
                f"有 {count} 行无法导入，未做任何更改。第一处：{first['table']} 第 {first['row']} 行 {first['key']}：{first['zh']}",
                f"{count} rows cannot be imported and nothing was changed. First: {first['table']} row {first['row']}"
                f" ({first['key']}): {first['en']}",
                data={"count": count, "rows": self._rows[:MOST_NAMED]},
            )
