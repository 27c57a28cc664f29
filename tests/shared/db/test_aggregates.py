"""The versioned store: what every one of them does (the contract), and its own promises, on a toy aggregate."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa

from shared.change import Change
from shared.db.aggregates import COPY_FROM
from shared.errors import Conflict
from shared.ids import new_id
from shared.telemetry.context import bound, continued
from tests.shared.db.cards import AT, Card, Cards, Colour, Level, added, card, cards, full
from tests.shared.probe import BY, Probe, ThingMoved
from tests.support.aggregate_contract import CHECKS, Case, Ground

__all__ = ["cards"]
pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("store", ["plain", "natural"])
async def test_the_contract(probe: Probe, cards: Cards, store: str, check) -> None:
    case = Case(getattr(cards, store), probe.tables, full, lambda: {"origin": "toy"})
    await check(Ground(case, probe.engine, probe.clock))


def told(new: Card) -> Change[Card]:
    return replace(added(new), events=(ThingMoved(thing=new.id, step=new.version),))


def moved(of: Card, **values) -> Change[Card]:
    return Change(replace(of, version=of.version + 1, **values), "move", BY, AT)


async def store_one(probe: Probe, cards: Cards) -> Card:
    new = card()
    async with probe.uow() as uow:
        cards.plain.of(uow).add(added(new), origin="here")
    return new


async def test_a_unit_of_work_has_one_store_of_each_class(probe: Probe, cards: Cards) -> None:
    async with probe.uow() as uow, probe.uow() as other:
        assert cards.plain.of(uow) is cards.plain.of(uow)
        assert cards.plain.of(uow) is not cards.natural.of(uow)
        assert cards.plain.of(uow) is not cards.plain.of(other)


async def test_what_is_beside_the_aggregate_is_written_once_and_the_rest_is_the_databases(
    probe: Probe, cards: Cards
) -> None:
    new = await store_one(probe, cards)
    async with probe.uow() as uow:
        cards.plain.of(uow).put(moved(new))
    (row,) = await probe.rows(cards.table)
    assert (row.origin, row.version) == ("here", 2)
    assert row.stored_at is not None


async def test_what_stands_beside_one_and_not_the_other_is_not_lost(probe: Probe, cards: Cards) -> None:
    with pytest.raises(KeyError, match="origin"):
        async with probe.uow() as uow:
            cards.plain.of(uow).add(added(card()))
            cards.plain.of(uow).add(added(card()), origin="here")


async def test_a_field_cannot_be_given_beside_itself(probe: Probe, cards: Cards) -> None:
    async with probe.uow() as uow:
        with pytest.raises(TypeError, match="nothing beside its fields called title"):
            cards.plain.of(uow).add(added(card()), origin="here", title="other")


async def test_none_is_null_and_not_the_null_of_json(probe: Probe, cards: Cards) -> None:
    await store_one(probe, cards)
    async with probe.engine.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).where(cards.table.c.shape.is_(None))) == 1


async def test_two_who_read_the_same_version_without_a_lock_do_not_overwrite_each_other(
    probe: Probe, cards: Cards
) -> None:
    new = await store_one(probe, cards)
    both_have_read = asyncio.Barrier(2)

    async def change(title: str) -> None:
        async with probe.uow() as uow:
            seen = await cards.plain.of(uow).get(new.id)
            assert seen is not None
            await both_have_read.wait()
            cards.plain.of(uow).put(moved(seen, title=title))

    ended = await asyncio.gather(change("a"), change("b"), return_exceptions=True)
    (refused,) = [error for error in ended if error is not None]
    assert isinstance(refused, Conflict)
    assert refused.data == {"id": new.id, "expected": 1, "current": 2}


async def test_a_load_waits_for_who_has_the_lock(probe: Probe, cards: Cards) -> None:
    new = await store_one(probe, cards)

    async def change() -> None:
        async with probe.uow() as uow:
            seen = (await cards.plain.of(uow).load([new.id]))[new.id]
            await asyncio.sleep(0.02)
            cards.plain.of(uow).put(moved(seen))

    await asyncio.gather(*(change() for _ in range(5)))
    (row,) = await probe.rows(cards.table)
    assert row.version == 6


async def test_one_stale_among_many_takes_all_with_it(probe: Probe, cards: Cards) -> None:
    fresh, stale = await store_one(probe, cards), await store_one(probe, cards)
    async with probe.uow() as uow:
        cards.plain.of(uow).put(moved(stale))
    with pytest.raises(Conflict) as refused:
        async with probe.uow() as uow:
            cards.plain.of(uow).put(moved(fresh), moved(stale))
    assert refused.value.data["id"] == stale.id
    assert {row.id: row.version for row in await probe.rows(cards.table)} == {fresh.id: 1, stale.id: 2}


async def test_only_the_named_fields_the_version_and_what_is_derived_are_written(probe: Probe, cards: Cards) -> None:
    new = await store_one(probe, cards)
    async with probe.uow() as uow:
        cards.plain.of(uow).put(moved(new, level=Level.HIGH, title="unsaid"), only=("level",))
    (row,) = await probe.rows(cards.table)
    assert (row.level, row.version, row.title) == (2, 2, None)
    assert row.due_at.hour == 4


async def test_a_second_change_with_other_fields_loses_none_of_the_first(probe: Probe, cards: Cards) -> None:
    new = await store_one(probe, cards)
    once = moved(new, level=Level.HIGH)
    async with probe.uow() as uow:
        cards.plain.of(uow).put(once, only=("level",))
        cards.plain.of(uow).put(moved(once.after, colour=Colour.GREEN), only=("colour",))
    (row,) = await probe.rows(cards.table)
    assert (row.level, row.colour, row.version) == (2, "green", 3)


async def test_what_is_added_and_changed_in_one_transaction_is_one_row(probe: Probe, cards: Cards) -> None:
    new = card()
    async with probe.uow() as uow:
        cards.plain.of(uow).add(added(new))
        cards.plain.of(uow).put(moved(new, title="changed"))
    (row,) = await probe.rows(cards.table)
    assert (row.version, row.title) == (2, "changed")
    assert await probe.count(probe.tables.trail) == 2


async def test_what_exists_under_its_natural_key_is_dropped_with_trail_and_events(probe: Probe, cards: Cards) -> None:
    known = await store_one(probe, cards)
    again, new = card(number=known.number), card()
    async with probe.uow() as uow:
        store = cards.natural.of(uow)
        store.add(told(again), told(new))
        assert await store.flush() == {new.id}
        store.add(told(card(number=new.number)))
        assert await store.flush() == set()
    assert {row.id for row in await probe.rows(cards.table)} == {known.id, new.id}
    assert {row.aggregate_id for row in await probe.rows(probe.tables.trail)} == {known.id, new.id}
    assert await probe.count(probe.tables.outbox) == 1


async def test_natural_keys_are_asked_at_the_commit_too(probe: Probe, cards: Cards) -> None:
    known = await store_one(probe, cards)
    async with probe.uow() as uow:
        cards.natural.of(uow).add(told(card(number=known.number)), told(card()))
    assert await probe.count(cards.table) == 2
    assert await probe.count(probe.tables.outbox) == 1


@pytest.mark.parametrize("store", ["plain", "natural"])
async def test_many_at_once_are_stored_as_few_are(probe: Probe, cards: Cards, store: str) -> None:
    many = [full() for _ in range(COPY_FROM)]
    async with probe.uow() as uow:
        getattr(cards, store).of(uow).add(*map(added, many), origin="here")
    async with probe.uow() as uow:
        assert await cards.plain.of(uow).load(one.id for one in many) == {one.id: one for one in many}


async def test_of_many_those_alone_that_exist_are_dropped(probe: Probe, cards: Cards) -> None:
    known = await store_one(probe, cards)
    many = [card() for _ in range(COPY_FROM)]
    async with probe.uow() as uow:
        store = cards.natural.of(uow)
        store.add(*(told(one) for one in (*many, card(number=known.number))))
        assert await store.flush() == {one.id for one in many}
    assert len(await probe.rows(probe.tables.trail)) == 1 + COPY_FROM


async def test_two_transactions_with_the_same_natural_keys_store_each_once(probe: Probe, cards: Cards) -> None:
    numbers = [f"N-{number}" for number in range(40)]

    async def store(order: Sequence[str]) -> set:
        async with probe.uow() as uow:
            natural = cards.natural.of(uow)
            natural.add(*(told(card(number=number)) for number in order))
            return await natural.flush()

    stored = await asyncio.gather(store(numbers), store(numbers[::-1]), store(sorted(numbers)))
    assert sum(map(len, stored)) == 40
    assert await probe.count(probe.tables.outbox) == 40


@pytest.mark.parametrize("store", ["plain", "natural"])
async def test_events_go_on_from_what_was_current_when_the_change_was_given(
    probe: Probe, cards: Cards, store: str
) -> None:
    first, second, later = (continued(None, None) for _ in range(3))
    with bound(later):
        async with probe.uow() as uow:
            given = getattr(cards, store).of(uow)
            with bound(first):
                given.add(told(card()))
            given.add(told(card()), trace=second)
    assert [headers["ce_correlationid"] for headers in await probe.headers()] == [
        first.correlation_id,
        second.correlation_id,
    ]


async def test_a_store_may_keep_a_history_of_what_was_stored(probe: Probe, cards: Cards) -> None:
    seen: list[tuple[str, int]] = []

    class WithHistory(cards.natural):
        async def written(self, changes: Sequence[Change[Card]]) -> None:
            seen.extend((change.after.number, change.after.version) for change in changes)

    known = await store_one(probe, cards)
    new = card()
    async with probe.uow() as uow:
        WithHistory.of(uow).add(added(new), added(card(number=known.number)))
        WithHistory.of(uow).put(moved(new))
    assert seen == [(new.number, 1), (new.number, 2)]


async def test_nothing_is_found_under_an_unknown_id(probe: Probe, cards: Cards) -> None:
    async with probe.uow() as uow:
        assert await cards.plain.of(uow).get(new_id()) is None
        assert await cards.plain.of(uow).load([new_id()]) == {}
