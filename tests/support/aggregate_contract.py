"""What every versioned store must do, as checks to run on each of them: one row of `Case` per aggregate.

CASES = (Case(Posts, tables, full_post), ...)

@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.store.kind)
async def test_the_store(case, check, engine, clock):
    await check(Ground(case, engine, clock))
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.change import Actor, Change
from shared.clock import Clock
from shared.db.aggregates import Aggregates
from shared.db.tables import ServiceTables
from shared.db.unit_of_work import Database, UnitOfWork
from shared.errors import Conflict
from shared.trail.verify import verify

BY = Actor(id="worker-1", role="grid_worker")


@dataclass(frozen=True, slots=True)
class Case:
    """A store and how to make a new aggregate (version 1, new id) with a value in every field."""

    store: type[Aggregates[Any]]
    tables: ServiceTables
    example: Callable[[], Any]
    beside: Callable[[], Mapping[str, Any]] = dict


class Ground:
    """A case in a database."""

    def __init__(self, case: Case, engine: AsyncEngine, clock: Clock) -> None:
        self.case, self.engine, self.clock = case, engine, clock
        self.store = case.store

    def uow(self) -> UnitOfWork:
        return UnitOfWork(Database(self.engine, self.case.tables, self.clock))

    def change(self, after: Any, action: str = "change") -> Change[Any]:
        return Change(after, action, BY, self.clock.now())

    def next(self, of: Any) -> Change[Any]:
        return self.change(replace(of, version=of.version + 1))

    async def stored(self, of: Any) -> Any:
        async with self.uow() as uow:
            return await self.store.of(uow).get(of.id)

    async def added(self) -> Any:
        new = self.case.example()
        async with self.uow() as uow:
            self.store.of(uow).add(self.change(new, "add"), **self.case.beside())
        return new

    async def entries(self, of: Any) -> list[int]:
        trail = self.case.tables.trail
        async with self.engine.connect() as connection:
            found = await connection.scalars(
                sa.select(trail.c.seq).where(trail.c.aggregate_id == of.id).order_by(trail.c.seq)
            )
            return list(found)


async def every_field_comes_back(ground: Ground) -> None:
    new = ground.case.example()
    assert not (bare := unset(new)), f"the example says nothing of {bare}; what is not set cannot be missed"
    async with ground.uow() as uow:
        ground.store.of(uow).add(ground.change(new, "add"), **ground.case.beside())
    assert await ground.stored(new) == new


async def every_field_of_a_change_is_written(ground: Ground) -> None:
    """All values of another example, put onto the id of the first. The columns of a natural key stay."""
    first, other = await ground.added(), ground.case.example()
    kept = {name: getattr(first, name) for name in ground.store.natural if hasattr(first, name)}
    after = replace(other, id=first.id, version=2, **kept)
    async with ground.uow() as uow:
        ground.store.of(uow).put(ground.change(after))
    assert await ground.stored(first) == after


async def a_stale_version_is_refused_and_nothing_is_written(ground: Ground) -> None:
    seen = await ground.added()
    async with ground.uow() as uow:
        ground.store.of(uow).put(ground.next(seen))
    with pytest.raises(Conflict) as refused:
        async with ground.uow() as uow:
            ground.store.of(uow).put(ground.next(seen))
    assert refused.value.code == "version_mismatch"
    assert (await ground.stored(seen)).version == 2
    assert await ground.entries(seen) == [1, 2]


async def two_changes_in_one_transaction_are_one_row_and_two_entries(ground: Ground) -> None:
    seen = await ground.added()
    async with ground.uow() as uow:
        store = ground.store.of(uow)
        once = ground.next(seen)
        store.put(once)
        store.put(ground.next(once.after))
    assert (await ground.stored(seen)).version == 3
    assert await ground.entries(seen) == [1, 2, 3]


async def a_load_reads_what_was_put_before(ground: Ground) -> None:
    seen = await ground.added()
    async with ground.uow() as uow:
        store = ground.store.of(uow)
        store.put(ground.next(seen))
        assert (await store.load([seen.id]))[seen.id].version == 2


async def the_trail_has_no_gaps(ground: Ground) -> None:
    seen = await ground.added()
    async with ground.uow() as uow:
        ground.store.of(uow).put(ground.next(seen))
    async with ground.engine.connect() as connection:
        verified = await verify(connection, ground.case.tables, {ground.store.kind: ground.store.codec.table})
    assert not [found for found in verified.violations if found.aggregate_id == seen.id]


CHECKS = (
    every_field_comes_back,
    every_field_of_a_change_is_written,
    a_stale_version_is_refused_and_nothing_is_written,
    two_changes_in_one_transaction_are_one_row_and_two_entries,
    a_load_reads_what_was_put_before,
    the_trail_has_no_gaps,
)


def unset(of: Any, path: str = "") -> list[str]:
    """The fields that have their default, or nothing in them."""
    bare = []
    for each in fields(of):
        value, name = getattr(of, each.name), f"{path}{each.name}"
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if is_dataclass(value) and default is MISSING:
            bare += unset(value, f"{name}.")
        elif each.name != "version" and (value is None or value in ("", (), {}, frozenset()) or value == default):
            bare.append(name)
    return bare
