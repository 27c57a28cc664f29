"""Registering and changing units: versions, history, trail, one event per change; who may, and two at once."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.city.import_city import City
from services.registry.posts.store import holders
from services.registry.schema import tables
from services.registry.units.kinds import Kind
from services.registry.units.put_unit import put_unit
from services.registry.units.reading import TreeReader
from services.registry.units.unit import Unit, UnitState
from shared.auth.principal import Principal, Role
from shared.errors import Conflict, Forbidden, GridGovError, Invalid, NotFound
from shared.trail.read import trail_of
from tests.registry.conftest import Registry
from tests.registry.toy_city import TODAY, UNITS, post, state

pytestmark = pytest.mark.anyio

ADMIN = Principal("admin", Role.ADMIN)
NEW = state("R1-S-02-001", Kind.GRID, "R1-S-02", aliases=("西塘小区",))
KNOWN = {unit.code: unit for unit in UNITS}


async def put(
    registry: Registry, unit: UnitState, expected: int | None, caller: Principal = ADMIN, **more: Any
) -> Unit:
    async with registry.uow() as uow:
        return await put_unit(unit, expected, caller, uow, holders, **more)


async def on(registry: Registry, code: str, day: date) -> UnitState | None:
    async with registry.uow() as uow:
        try:
            return (await TreeReader(uow, day).one(code)).state
        except NotFound:
            return None


async def test_a_new_unit_holds_from_its_beginning_and_is_told_once(registry: Registry) -> None:
    await registry.fill()
    unit = await put(registry, NEW, None)
    assert (unit.version, unit.effective_from, unit.state) == (1, NEW.valid_from, NEW)
    (event,) = await registry.events(NEW.code)
    assert (event["code"], event["aliases"], event["version"]) == (NEW.code, ["西塘小区"], 1)
    assert await on(registry, NEW.code, NEW.valid_from - timedelta(days=1)) is None
    assert await on(registry, NEW.code, NEW.valid_from) == NEW
    await registry.assert_trails_hold()


async def test_a_change_keeps_what_was_before(registry: Registry) -> None:
    await registry.fill()
    before = KNOWN["R1-S-01-001"]
    after = replace(before, name="东塘新村网格", parent="R1-S-02", residents=900)
    unit = await put(registry, after, 1, why="调整")
    assert (unit.version, unit.effective_from) == (2, TODAY)
    assert await on(registry, before.code, TODAY - timedelta(days=1)) == before
    assert await on(registry, before.code, TODAY) == after
    assert [event["version"] for event in await registry.events(before.code)] == [1, 2]
    async with registry.uow() as uow:
        entries = (await trail_of(uow.connection, tables, unit.id)).entries
        line = await TreeReader(uow, TODAY - timedelta(days=1)).ancestors(before.code)
    assert [entry.seq for entry in entries] == [1, 2]
    assert entries[1].what["parent"] == ["R1-S-01", "R1-S-02"]
    assert (entries[1].why, entries[1].by) == ("调整", "admin")
    assert [step.state.code for step in line] == ["R1-S-01-001", "R1-S-01", "R1-S", "R1", "R"]
    await registry.assert_trails_hold()


async def test_a_change_recorded_late_holds_from_the_day_it_took_effect(registry: Registry) -> None:
    await registry.fill()
    before = KNOWN["R1-S-01-002"]
    await put(registry, replace(before, name="后来的名字"), 1, effective_from=date(2026, 6, 1))
    await put(registry, replace(before, name="更早的名字"), 2, effective_from=date(2026, 3, 1))
    # What was recorded last is what is known now: it holds from its day on, over what was recorded before it.
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 1), TODAY)
    names = [found.name for day in days if (found := await on(registry, before.code, day))]
    assert names == [before.name, "更早的名字", "更早的名字", "更早的名字"]


async def test_an_ended_unit_is_in_the_tree_to_the_day_before(registry: Registry) -> None:
    await registry.fill()
    ended = replace(KNOWN["R1-S-02"], valid_to=date(2026, 10, 1))
    await put(registry, ended, 1)
    assert await on(registry, ended.code, date(2026, 9, 30)) == KNOWN["R1-S-02"]
    assert await on(registry, ended.code, date(2026, 10, 1)) is None
    assert await on(registry, ended.code, TODAY) is None
    (_, event) = await registry.events(ended.code)
    assert event["valid_to"] == "2026-10-01"


async def test_a_unit_does_not_end_before_what_was_below_it_had_moved_away(registry: Registry) -> None:
    await registry.fill(City(UNITS))
    moved = date(2026, 11, 10)
    for code in ("R1-S-01-001", "R1-S-01-002"):
        await put(registry, replace(KNOWN[code], parent="R1-S-02"), 1, effective_from=moved)
    with pytest.raises(Conflict, match="unit_in_use") as refused:
        await put(registry, replace(KNOWN["R1-S-01"], valid_to=moved - timedelta(days=1)), 1)
    assert refused.value.data["below"] == ["R1-S-01-001", "R1-S-01-002"]
    assert (await put(registry, replace(KNOWN["R1-S-01"], valid_to=moved), 1)).version == 2


async def test_a_unit_does_not_end_before_the_posts_in_it(registry: Registry) -> None:
    await registry.fill(City(UNITS, [post("P1", "grid_worker", "R1-S-01-001", valid_to=date(2026, 11, 10))]))
    unit = KNOWN["R1-S-01-001"]
    with pytest.raises(Conflict, match="unit_in_use"):
        await put(registry, replace(unit, valid_to=date(2026, 11, 9)), 1)
    assert (await put(registry, replace(unit, valid_to=date(2026, 11, 10)), 1)).version == 2


async def test_a_corrected_beginning_is_right_on_every_day(registry: Registry) -> None:
    await registry.fill()
    later = replace(KNOWN["R1-S-02"], valid_from=date(2021, 1, 1))
    await put(registry, later, 1)
    assert await on(registry, later.code, date(2020, 6, 1)) is None
    assert await on(registry, later.code, date(2021, 1, 1)) == later


async def test_stating_what_is_true_already_changes_nothing(registry: Registry) -> None:
    await registry.fill()
    rows = await registry.rows()
    assert (await put(registry, KNOWN["R1-S-01-001"], 1)).version == 1
    assert await registry.rows() == rows


REFUSED: tuple[tuple[UnitState, int | None, type[GridGovError], str], ...] = (
    (NEW, 1, NotFound, "unit_not_found"),
    (KNOWN["R1-S"], None, Conflict, "unit_exists"),
    (KNOWN["R1-S"], 2, Conflict, "version_mismatch"),
    (replace(KNOWN["R1-S-01"], valid_to=TODAY), 1, Conflict, "unit_in_use"),
    (replace(KNOWN["R1-S-01-001"], valid_to=TODAY), 1, Conflict, "unit_in_use"),
    (replace(NEW, parent="R1-S"), None, Invalid, "unit_parent_kind_wrong"),
    (replace(NEW, parent="R9"), None, Invalid, "unit_parent_unknown"),
)


async def test_what_is_refused_changes_nothing(registry: Registry) -> None:
    await registry.fill()
    rows = await registry.rows()
    for unit, expected, error, code in REFUSED:
        with pytest.raises(error, match=code):
            await put(registry, unit, expected)
    assert await registry.rows() == rows


STREET_ADMIN, STREET_LEADER = Principal("a", Role.ADMIN, "R1-S"), Principal("l", Role.LEADER, "R1-S")


async def test_admins_change_their_unit_and_what_is_below_leaders_only_what_is_below(registry: Registry) -> None:
    await registry.fill()
    for caller, unit, expected in (
        (STREET_ADMIN, NEW, None),
        (STREET_ADMIN, replace(KNOWN["R1-S"], name="新柳湾街道"), 1),
        (STREET_LEADER, replace(NEW, code="R1-S-02-002"), None),
        (STREET_LEADER, replace(KNOWN["R1-S-01"], name="新东塘社区"), 1),
        (STREET_LEADER, replace(KNOWN["R1-S-01-001"], parent="R1-S-02"), 1),
    ):
        assert (await put(registry, unit, expected, caller)).state == unit


async def test_nobody_changes_what_lies_elsewhere_or_hangs_units_there(registry: Registry) -> None:
    await registry.fill()
    for caller, unit, expected in (
        (Principal("a", Role.ADMIN, "R1-S-01"), NEW, None),
        (STREET_ADMIN, state("R1-T", Kind.STREET, "R1"), None),
        (Principal("a", Role.ADMIN, "R9"), NEW, None),
        (STREET_LEADER, replace(KNOWN["R1-S"], name="新柳湾街道"), 1),
        (Principal("l", Role.LEADER), NEW, None),
    ):
        with pytest.raises(Forbidden, match="outside_reach"):
            await put(registry, unit, expected, caller)


async def test_of_two_who_change_the_same_version_one_is_told_so(registry: Registry) -> None:
    await registry.fill()
    unit = KNOWN["R1-S-01-002"]
    results = await asyncio.gather(
        *(put(registry, replace(unit, name=name), 1) for name in ("甲方的名字", "乙方的名字")), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert [error.code for error in refused if isinstance(error, Conflict)] == ["version_mismatch"]
    assert len(await registry.events(unit.code)) == 2
    await registry.assert_trails_hold()


async def test_a_parent_cannot_end_while_somebody_hangs_a_unit_under_it(registry: Registry) -> None:
    await registry.fill()
    results = await asyncio.gather(
        put(registry, replace(KNOWN["R1-S-02"], valid_to=TODAY), 1), put(registry, NEW, None), return_exceptions=True
    )
    codes = [result.code for result in results if isinstance(result, GridGovError)]
    assert codes in (["unit_in_use"], ["unit_parent_not_valid"])
