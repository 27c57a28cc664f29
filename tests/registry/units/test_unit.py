"""What a change of a unit says: to the trail, to the other services, and from which day on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.registry.units.kinds import Kind
from services.registry.units.unit import Unit, UnitState, ancestors, put, takes_effect
from tests.registry.toy_city import CLERK, SINCE, SQUARE, TODAY, state

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
ID, OTHER = UUID(int=1), UUID(int=2)
GRID = state("R1-S-02-001", Kind.GRID, "R1-S-02")


def changed(stated: UnitState, before: Unit | None = None) -> Any:
    return put(before, stated, id=OTHER, effective_from=TODAY, by=CLERK, now=NOW, why="because")


def test_a_new_unit_is_told_whole() -> None:
    office = state("R1-D", Kind.DEPARTMENT, "R1", functions=("tax",), serves=("R1",), aliases=("税务",))
    change = changed(office)
    assert change.after == Unit(OTHER, office, TODAY, 1)
    assert (change.action, change.why, change.by) == ("register", "because", CLERK)
    assert change.what == {
        "code": "R1-D", "kind": "department", "name": "R1-D单位", "parent": "R1", "effective_from": "2026-11-18",
    }  # fmt: skip
    (event,) = change.events
    assert event.model_dump() == {
        "code": "R1-D", "kind": "department", "name": "R1-D单位", "aliases": ("税务",), "parent": "R1", "boundary": None,
        "households": None, "residents": None, "functions": ("tax",), "serves": ("R1",), "valid_from": SINCE,
        "valid_to": None, "restructuring": None, "version": 1,
    }  # fmt: skip


def test_a_change_keeps_the_id_and_says_what_was_before() -> None:
    before = Unit(ID, GRID, SINCE, 3)
    change = changed(replace(GRID, name="新名", residents=7, boundary=SQUARE), before)
    assert (change.after.id, change.after.version, change.action) == (ID, 4, "change")
    assert change.what == {
        "name": ["R1-S-02-001单位", "新名"],
        "residents": [None, 7],
        "boundary": "changed",
        "effective_from": "2026-11-18",
    }
    assert change.events[0].version == 4
    assert change.events[0].boundary == SQUARE


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, {}, SINCE),
        ({}, {"name": "新名"}, TODAY),
        ({}, {"valid_to": date(2026, 10, 1)}, date(2026, 10, 1)),
        ({"valid_to": date(2026, 10, 1)}, {"valid_to": None}, TODAY),
        ({}, {"valid_from": date(2019, 5, 1)}, date(2019, 5, 1)),
        ({}, {"valid_from": date(2021, 5, 1)}, SINCE),
    ],
)
def test_where_nobody_says_from_when(before: dict[str, Any] | None, after: dict[str, Any], expected: date) -> None:
    old = replace(GRID, **before) if before is not None else None
    assert takes_effect(old, replace(old or GRID, **after), TODAY) == expected


def test_a_unit_that_is_stated_as_its_own_parent_has_an_end_of_ancestors() -> None:
    known = {"R1": state("R1", Kind.DISTRICT, "R1"), "R2": state("R2", Kind.STREET, "R1")}
    assert [unit.code for unit in ancestors(known, "R2")] == ["R2", "R1"]
