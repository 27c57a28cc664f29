"""Which units are refused, each for its reason; and that the unit with nothing wrong passes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from services.registry.units.kinds import PARENTS, TOP_DOWN, Kind
from services.registry.units.rule_context import RuleContext
from services.registry.units.rules import check
from services.registry.units.unit import UnitState
from shared.errors import GridGovError
from tests.registry.toy_city import SINCE, TODAY, UNITS, state

KNOWN = {unit.code: unit for unit in UNITS}
CONTEXT = RuleContext(today=TODAY, effective=SINCE, known=KNOWN)
GRID = state("R1-S-02-001", Kind.GRID, "R1-S-02")
OFFICE = state("R1-D-MZ", Kind.DEPARTMENT, "R1", functions=("civil_affairs",), serves=("R1", "R1-S"))
ENDED = replace(KNOWN["R1-S-02"], valid_to=date(2026, 1, 1))
YOUNG = replace(KNOWN["R1-S-02"], valid_from=date(2026, 1, 1))


@pytest.mark.parametrize("unit", [*UNITS, GRID, OFFICE], ids=lambda unit: unit.code)
def test_a_unit_with_nothing_wrong_passes(unit: UnitState) -> None:
    check(unit, CONTEXT)


@pytest.mark.parametrize(
    ("unit", "different", "code", "field"),
    [
        (GRID, {"code": "a b"}, "unit_code_invalid", "code"),
        (GRID, {"code": "-1"}, "unit_code_invalid", "code"),
        (GRID, {"code": "X" * 65}, "unit_code_invalid", "code"),
        (GRID, {"code": "网格1"}, "unit_code_invalid", "code"),
        (GRID, {"code": "R1\n"}, "unit_code_invalid", "code"),
        (GRID, {"name": "东"}, "unit_name_invalid", "name"),
        (GRID, {"name": "东" * 101}, "unit_name_invalid", "name"),
        (GRID, {"name": " 东塘"}, "unit_name_invalid", "name"),
        (GRID, {"aliases": ("东塘小区", "塘")}, "unit_name_invalid", "aliases"),
        (GRID, {"aliases": ("东塘", "东塘")}, "unit_item_repeated", "aliases"),
        (OFFICE, {"functions": ("tax", "tax")}, "unit_item_repeated", "functions"),
        (OFFICE, {"serves": ("R1", "R1")}, "unit_item_repeated", "serves"),
        (GRID, {"parent": None}, "unit_parent_kind_wrong", "parent"),
        (GRID, {"parent": "R1-S"}, "unit_parent_kind_wrong", "parent"),
        (GRID, {"parent": "R9"}, "unit_parent_unknown", "parent"),
        (state("R2", Kind.CITY, "R"), {}, "unit_parent_kind_wrong", "parent"),
        (GRID, {"valid_from": TODAY + timedelta(days=1)}, "unit_valid_from_out_of_range", "valid_from"),
        (GRID, {"valid_from": date(1899, 12, 31)}, "unit_valid_from_out_of_range", "valid_from"),
        (GRID, {"valid_to": SINCE}, "unit_valid_to_out_of_range", "valid_to"),
        (GRID, {"valid_to": TODAY + timedelta(days=1)}, "unit_valid_to_out_of_range", "valid_to"),
        (GRID, {"households": -1}, "unit_count_negative", "households"),
        (GRID, {"residents": -1}, "unit_count_negative", "residents"),
        (GRID, {"functions": ("tax",)}, "unit_not_a_department", "functions"),
        (GRID, {"serves": ("R1",)}, "unit_not_a_department", "serves"),
        (OFFICE, {"functions": ("消防",)}, "unit_function_invalid", "functions"),
        (OFFICE, {"serves": ("R9",)}, "unit_serves_unknown", "serves"),
        (OFFICE, {"serves": ("R1-S-D-AJ",)}, "unit_serves_unknown", "serves"),
    ],
)
def test_a_unit_is_refused(unit: UnitState, different: Mapping[str, Any], code: str, field: str) -> None:
    with pytest.raises(GridGovError) as refused:
        check(replace(unit, **different), CONTEXT)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("context", "code", "field"),
    [
        ({"effective": TODAY + timedelta(days=1)}, "unit_effective_from_out_of_range", "effective_from"),
        ({"effective": date(1899, 12, 31)}, "unit_effective_from_out_of_range", "effective_from"),
        ({"before": replace(GRID, kind=Kind.COMMUNITY)}, "unit_kind_fixed", "kind"),
        ({"known": {"R1-S-02": ENDED}}, "unit_parent_not_valid", "parent"),
        ({"known": {"R1-S-02": YOUNG}}, "unit_parent_not_valid", "parent"),
    ],
)
def test_a_unit_is_refused_for_what_is_around_it(context: Mapping[str, Any], code: str, field: str) -> None:
    with pytest.raises(GridGovError) as refused:
        check(GRID, replace(CONTEXT, **context))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_old_unit_may_move_under_a_younger_parent_from_the_day_on_which_that_began() -> None:
    check(GRID, replace(CONTEXT, known={"R1-S-02": YOUNG}, effective=YOUNG.valid_from))


def test_a_unit_that_ended_may_keep_a_parent_that_ended() -> None:
    check(replace(GRID, valid_to=date(2026, 1, 1)), replace(CONTEXT, known={"R1-S-02": ENDED}))


@pytest.mark.parametrize(
    "used", [{"below": ("R1-S-02-001-B1",)}, {"holders": ("01980000-0000-7000-8000-000000000001",)}]
)
def test_a_unit_in_use_does_not_end(used: Mapping[str, Any]) -> None:
    with pytest.raises(GridGovError, match="unit_in_use"):
        check(replace(GRID, valid_to=TODAY), replace(CONTEXT, **used))
    check(GRID, replace(CONTEXT, **used))


def test_every_kind_comes_after_all_kinds_that_may_be_above_it_so_that_no_tree_has_a_loop() -> None:
    assert set(TOP_DOWN) == set(Kind)
    for above, below in product(Kind, Kind):
        if above in PARENTS[below]:
            assert TOP_DOWN.index(above) < TOP_DOWN.index(below)
