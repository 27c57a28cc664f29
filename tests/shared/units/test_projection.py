"""The units projection: what is kept of what arrives, when a reader reads again, and which rows a reach covers."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.auth.principal import Reach
from shared.bus.batch import Batch
from shared.events.codec import Envelope
from shared.events.registry.restructuring import SuccessionTold, UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.ids import new_id
from shared.units.projection import UnitProjection
from shared.units.table import UnitTables, unit_tables
from shared.units.tree import UnitTree
from tests.shared.probe import Probe

pytestmark = pytest.mark.anyio


class Kept:
    """A projection in the probe's schema."""

    def __init__(self, probe: Probe, tables: UnitTables) -> None:
        self.probe, self.tables = probe, tables
        self.projection = UnitProjection(tables)

    async def emptied(self) -> None:
        """As for a service that starts for the first time."""
        names = ("units", "units_revision", "units_pending", "units_restructurings", "successions")
        await self.probe.sql(*(f"DELETE FROM {name}" for name in names))
        self.projection = UnitProjection(self.tables)

    async def keep(self, *events: UnitChanged, fail: bool = False) -> None:
        async with self.probe.uow() as uow:
            await self.projection.keep(Batch([Envelope(new_id(), event) for event in events]), uow)
            if fail:
                await self.projection.tree(uow.connection)
                raise ValueError("fail")

    async def restructure(self, *events: UnitsRestructured) -> None:
        async with self.probe.uow() as uow:
            await self.projection.restructure(Batch([Envelope(new_id(), event) for event in events]), uow)

    async def tree(self) -> UnitTree:
        async with self.probe.engine.connect() as connection:
            return await self.projection.tree(connection)

    async def versions(self) -> dict[str, int]:
        return {row.code: row.version for row in await self.probe.rows(self.tables.units)}


@pytest.fixture
async def kept(probe: Probe) -> Kept:
    tables = unit_tables(probe.tables.metadata, boundaries=True)
    async with probe.engine.begin() as connection:
        await connection.run_sync(probe.tables.metadata.create_all)
    return Kept(probe, tables)


def unit(code: str, version: int = 1, parent: str | None = None, **facts: object) -> UnitChanged:
    facts = {"kind": "grid", "name": f"{code} v{version}", "valid_from": date(2026, 1, 1), **facts}
    return UnitChanged(code=code, version=version, parent=parent, **facts)


_EVENTS = st.lists(st.builds(unit, st.sampled_from("ABC"), st.integers(1, 6)), max_size=12)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=st.lists(_EVENTS.filter(bool), min_size=1, max_size=5))
async def test_the_highest_version_stays_whatever_the_order_and_repetition(
    kept: Kept, batches: list[list[UnitChanged]]
) -> None:
    await kept.emptied()
    for batch in batches:
        await kept.keep(*batch)
    highest: dict[str, int] = {}
    for event in (event for batch in batches for event in batch):
        highest[event.code] = max(event.version, highest.get(event.code, 0))
    assert await kept.versions() == highest
    assert {u.code: u.name for u in (await kept.tree()).units.values()} == {c: f"{c} v{v}" for c, v in highest.items()}


async def test_all_facts_arrive_in_the_tree(kept: Kept) -> None:
    boundary = {"type": "Polygon", "coordinates": [[[116.0, 39.0], [116.1, 39.0], [116.1, 39.1], [116.0, 39.0]]]}
    await kept.keep(
        unit("A", aliases=("甲",), boundary=boundary, functions=("light",), serves=("B",), valid_to=date(2027, 1, 1))
    )
    found = (await kept.tree()).units["A"]
    assert (found.aliases, found.functions, found.serves) == (("甲",), ("light",), ("B",))
    assert (found.boundary, found.valid_from, found.valid_to) == (boundary, date(2026, 1, 1), date(2027, 1, 1))


async def test_the_tree_is_read_again_only_when_the_revision_has_moved(kept: Kept) -> None:
    empty = await kept.tree()
    assert empty.units == {}
    await kept.keep(unit("A"))
    first = await kept.tree()
    assert first.units.keys() == {"A"}
    assert await kept.tree() is first
    await kept.keep(unit("B"))
    assert (await kept.tree()).units.keys() == {"A", "B"}
    assert first.units.keys() == {"A"}, "who reads a tree sees nothing of what comes later"


async def test_a_tree_seen_in_a_transaction_that_was_rolled_back_is_not_kept(kept: Kept) -> None:
    """The next transaction gives the same number to other units."""
    await kept.keep(unit("A"))
    with pytest.raises(ValueError, match="fail"):
        await kept.keep(unit("B"), unit("C"), fail=True)
    await kept.keep(unit("B"))
    assert (await kept.tree()).units.keys() == {"A", "B"}


async def test_of_many_units_only_those_that_changed_are_read(kept: Kept) -> None:
    await kept.keep(*(unit(f"U{n}") for n in range(500)))
    assert len((await kept.tree()).units) == 500
    read: list[int] = []

    @sa.event.listens_for(kept.probe.engine.sync_engine, "after_cursor_execute")
    def note(_connection: object, cursor: sa.CursorResult[object], statement: str, *_: object) -> None:
        if ".units " in statement and statement.startswith("SELECT"):
            read.append(cursor.rowcount)

    await kept.keep(unit("U7", 2), unit("U8", 2), unit("U9"))
    tree = await kept.tree()
    assert (tree.units["U7"].name, tree.units["U8"].name, tree.units["U9"].name) == ("U7 v2", "U8 v2", "U9 v1")
    assert len(tree.units) == 500
    assert read == [2]


async def test_boundaries_are_kept_only_where_they_are_asked_for(probe: Probe) -> None:
    tables = unit_tables(probe.tables.metadata)
    async with probe.engine.begin() as connection:
        await connection.run_sync(probe.tables.metadata.create_all)
    kept = Kept(probe, tables)
    await kept.keep(unit("A", boundary={"type": "Polygon", "coordinates": []}))
    assert "boundary" not in tables.units.c
    assert (await kept.tree()).units["A"].boundary is None


_BATCHES = st.lists(st.tuples(_EVENTS.filter(bool), st.booleans(), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=_BATCHES)
async def test_the_tree_is_the_table_also_when_transactions_fail(
    kept: Kept, batches: list[tuple[list[UnitChanged], bool, bool]]
) -> None:
    await kept.emptied()
    for events, fail, look in batches:
        with suppress(ValueError):
            await kept.keep(*events, fail=fail)
        if look:
            await kept.tree()
    async with kept.probe.engine.connect() as connection:
        whole = await UnitProjection(kept.tables).tree(connection)
    assert (await kept.tree()).units == whole.units
    assert {code: unit.name for code, unit in whole.units.items()} == {
        code: f"{code} v{version}" for code, version in (await kept.versions()).items()
    }


async def test_a_change_that_is_committed_later_is_not_missed(kept: Kept) -> None:
    """Numbers follow commit order: a reader between two overlapping transactions sees the first, then the second."""
    async with kept.probe.uow() as first:
        await kept.projection.keep(Batch([Envelope(new_id(), unit("A"))]), first)
        second = asyncio.create_task(kept.keep(unit("B"), unit("C")))
        await asyncio.sleep(0.1)
        assert not second.done()
        assert (await kept.tree()).units == {}
    await second
    assert (await kept.tree()).units.keys() == {"A", "B", "C"}


_CODES = "ABCDEFGH"
_PARENTS = st.fixed_dictionaries({code: st.none() | st.sampled_from(_CODES) for code in _CODES})


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parents=_PARENTS, reach=st.sampled_from([*_CODES, "unknown", "everything", "nothing"]))
async def test_a_reach_covers_its_unit_and_all_below_it_also_in_circles(
    kept: Kept, parents: Mapping[str, str | None], reach: str
) -> None:
    await kept.emptied()
    await kept.keep(*(unit(code, parent=parent) for code, parent in parents.items()))

    def below(code: str) -> bool:
        seen: set[str] = set()
        while code not in seen:
            if code == reach:
                return True
            seen.add(code)
            code = parents[code] or code
        return False

    expected = {code for code in _CODES if reach == "everything" or below(code)}
    asked = Reach(None if reach in {"everything", "nothing"} else reach, everything=reach == "everything")
    table = kept.tables.units.alias("looked_at")
    async with kept.probe.engine.connect() as connection:
        found = await connection.execute(sa.select(table.c.code).where(kept.projection.condition(asked, table.c.code)))
        assert set(found.scalars()) == expected


async def test_one_of_several_columns_within_reach_is_enough_and_null_is_not(kept: Kept) -> None:
    await kept.keep(unit("A"), unit("B", parent="A"), unit("C"))
    rows = sa.values(sa.column("lead", sa.Text), sa.column("area", sa.Text), name="rows").data(
        [("B", "C"), ("C", "B"), ("C", "C"), (None, None)]
    )
    condition = kept.projection.condition(Reach("A", everything=False), rows.c.lead, rows.c.area)
    async with kept.probe.engine.connect() as connection:
        found = await connection.execute(sa.select(rows.c.lead, rows.c.area).where(condition))
        assert {tuple(row) for row in found} == {("B", "C"), ("C", "B")}


def whole(*units: UnitChanged, of: UUID, parts: int = 1, part: int = 1, **lines: str) -> UnitsRestructured:
    """A part of a restructuring of these versions; `lines` say who succeeds whom."""
    told = tuple(SuccessionTold(unit=old, rank=0, successor=new, street="S") for old, new in lines.items())
    return UnitsRestructured(
        restructuring_id=of, number="S-T1", part=part, parts=parts, effective_from=date(2026, 12, 1),
        codes=tuple(one.code for one in units), versions=tuple(one.version for one in units), successions=told,
    )  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 2**32))
async def test_a_restructuring_is_seen_whole_in_whatever_order_it_comes(kept: Kept, seed: int) -> None:
    """Two restructurings of the same units and a later change: each key's events in their order, all else in any."""
    # By a seed, not by draws on the way: where Hypothesis stops one of those, it ends the loop under all later tests.
    chance = Random(seed)
    await kept.emptied()
    first, second = new_id(), new_id()
    lists: list[list[UnitChanged | UnitsRestructured]] = [
        [unit(code), unit(code, 2, restructuring=first), unit(code, 3, restructuring=second)] for code in "ABC"
    ]
    lists[0].append(unit("A", 4))
    ones, twos = [unit(code, 2) for code in "ABC"], [unit(code, 3) for code in "ABC"]
    lists.append(
        [whole(*ones[:1], of=first, parts=2), whole(*ones[1:], of=first, parts=2, part=2), whole(*twos, of=second)]
    )
    while any(lists):
        events = chance.choice([one for one in lists if one])
        event = events.pop(0)
        for _ in range(chance.randint(1, 2)):
            await (kept.restructure if isinstance(event, UnitsRestructured) else kept.keep)(event)
        found = await kept.versions()
        assert len({min(version, 3) for version in found.values()}) <= 1, found
    assert await kept.versions() == {"A": 4, "B": 3, "C": 3}


async def test_who_reads_a_compacted_topic_from_the_beginning_ends_the_same(kept: Kept) -> None:
    """Versions that a newer one has replaced are not there any more."""
    restructuring = new_id()
    await kept.keep(unit("A", 5), unit("B", 2, restructuring=restructuring))
    assert await kept.versions() == {"A": 5}, "nobody asks a reader that has not caught up"
    await kept.restructure(whole(unit("A", 2), unit("B", 2), of=restructuring))
    assert await kept.versions() == {"A": 5, "B": 2}
