"""Nobody draws others' work to themselves: where a unit hangs says what its code, boundary and service may be.

Two streets of one district: R1-S with the land of SQUARE, R1-T east of it. What is tried is tried by a street's leader,
by an import, and by the district, which stands above both.
"""

from dataclasses import replace
from typing import Any

import pytest

from services.registry.city.import_city import City
from services.registry.posts.store import holders
from services.registry.units.kinds import Kind
from services.registry.units.put_unit import put_unit
from services.registry.units.unit import UnitState
from shared.auth.principal import Principal, Role
from shared.errors import Forbidden, GridGovError, Invalid
from tests.registry.conftest import Registry
from tests.registry.toy_city import EAST, SQUARE, UNITS, WEST, square, state

pytestmark = pytest.mark.anyio

T_LAND = square(113.1, 28.0, 0.1)
T = (
    state("R1-T", Kind.STREET, "R1", boundary=T_LAND),
    state("R1-T-01", Kind.COMMUNITY, "R1-T"),
    state("R1-T-01-001", Kind.GRID, "R1-T-01", boundary=square(113.1, 28.0, 0.05)),
)
TWO_STREETS = City((*UNITS, *T))
LEADER = Principal("leader-of-T", Role.LEADER, "R1-T")
DISTRICT = Principal("admin-of-R1", Role.ADMIN, "R1")


def grid(boundary: Any, code: str = "R1-T-01-002", parent: str = "R1-T-01") -> UnitState:
    return state(code, Kind.GRID, parent, boundary=boundary)


def office(parent: str, *serves: str) -> UnitState:
    return state(f"{parent}-D-CG", Kind.DEPARTMENT, parent, functions=("city_appearance",), serves=serves)


def known(code: str) -> UnitState:
    return next(unit for unit in TWO_STREETS.units if unit.code == code)


TAKING = {
    "a place in another street": (grid(square(113.06, 28.06, 0.01)), "boundary_outside_parent"),
    "a place in another street, as a finger of the own": (
        grid(square(113.095, 28.06, 0.01)),
        "boundary_outside_parent",
    ),
    "a place of the grid beside": (grid(square(113.14, 28.0, 0.02)), "boundary_overlaps"),
    "all of the grid beside": (grid(square(113.1, 28.0, 0.08)), "boundary_overlaps"),
    "a place inside the grid beside": (grid(square(113.12, 28.02, 0.001)), "boundary_overlaps"),
    "a boundary as a department": (replace(office("R1-T", "R1-T"), boundary=WEST), "boundary_of_department"),
    "a code of another street": (grid(None, "R1-S-01-009"), "unit_code_outside_parent"),
    "a code beside the own community's": (grid(None, "R1-T-02-001"), "unit_code_outside_parent"),
    "the code of nobody's": (grid(None, "R9"), "unit_code_outside_parent"),
}
"""What nobody may have: the tree would contradict itself."""

KEPT = state("R1-D-MZ", Kind.DEPARTMENT, "R1", functions=("civil_affairs",), serves=("R1",))
DRAWING = {
    "the work of another street": (office("R1-T", "R1-T", "R1-S"), ["R1-S"]),
    "the work of another street's community": (office("R1-T", "R1-S-01"), ["R1-S-01"]),
    "the work of the district": (office("R1-T", "R1"), ["R1"]),
    "a function that the district's department has there": (
        replace(office("R1-T"), functions=("civil_affairs",)),
        ["R1-D-MZ"],
    ),
    "the same for a part of the street": (
        replace(office("R1-T", "R1-T-01"), functions=("civil_affairs", "tax")),
        ["R1-D-MZ"],
    ),
    "the name of another street as an alias": (replace(grid(None), aliases=("柳湾街道",)), ["R1-S"]),
    "its alias": (replace(grid(None), aliases=("河边", "柳 湾")), ["R1-S"]),
    "its community's name": (replace(grid(None), name="东塘社区"), ["R1-S-01"]),
    "a longer name that is found before its community's": (
        replace(grid(None), aliases=("东塘社区３号院",)),
        ["R1-S-01"],
    ),
}
"""What is possible and somebody else's: they must agree to it."""


async def put(registry: Registry, unit: UnitState, expected: int | None, caller: Principal) -> None:
    async with registry.uow() as uow:
        await put_unit(unit, expected, caller, uow, holders)


async def test_a_leader_takes_nothing_of_anothers(registry: Registry) -> None:
    await registry.fill(TWO_STREETS)
    rows = await registry.rows()
    for what, (unit, code) in TAKING.items():
        with pytest.raises(Invalid) as refused:
            await put(registry, unit, None, LEADER)
        assert refused.value.code == code, what
    assert await registry.rows() == rows


async def test_nor_does_an_import(registry: Registry) -> None:
    for what, (unit, code) in TAKING.items():
        with pytest.raises(Invalid) as refused:
            await registry.fill(City((*TWO_STREETS.units, unit)))
        assert code in {row["code"] for row in refused.value.data["rows"]}, what


async def test_what_draws_others_work_needs_the_unit_above_both(registry: Registry) -> None:
    await registry.fill(City((*TWO_STREETS.units, KEPT)))
    rows = await registry.rows()
    for what, (unit, others) in DRAWING.items():
        with pytest.raises(Forbidden) as refused:
            await put(registry, unit, None, LEADER)
        assert refused.value.code == "unit_needs_approval", what
        assert refused.value.data["concerned"] == others, what
        assert refused.value.data["decided_in"] == ("R" if others == ["R1"] else "R1"), what
    assert await registry.rows() == rows
    for unit, _ in DRAWING.values():
        with pytest.raises(InterruptedError):
            async with registry.uow() as uow:
                await put_unit(unit, None, Principal("admin", Role.ADMIN), uow, holders)
                raise InterruptedError  # only whether it may


async def test_names_that_are_alike_everywhere_draw_nothing(registry: Registry) -> None:
    numbered = state("R1-S-02-001", Kind.GRID, "R1-S-02", name="第1网格")
    others = (state("R1-S-D-ZZ", Kind.DEPARTMENT, "R1-S", name="综治办"), replace(UNITS[-1], name="柳湾安监办"))
    await registry.fill(City((*UNITS[:-1], *T, numbered, *others)))
    for unit in (
        replace(grid(None), name="第1网格"),
        replace(grid(None, "R1-T-01-003"), name="第1网格甲片", aliases=("R1-T-01单位西区",)),
        state("R1-T-D-ZZ", Kind.DEPARTMENT, "R1-T", name="综治办"),
    ):
        await put(registry, unit, None, LEADER)


async def test_what_is_others_already_is_not_asked_for_again(registry: Registry) -> None:
    """Who keeps a unit may change the rest of it."""
    serving = office("R1-T", "R1-T", "R1-S")
    await registry.fill(TWO_STREETS)
    await put(registry, serving, None, DISTRICT)
    await put(registry, replace(serving, name="城管中队"), 1, LEADER)
    await put(registry, replace(serving, name="城管中队", serves=("R1-S",)), 2, LEADER)
    with pytest.raises(Forbidden, match="unit_needs_approval"):
        await put(registry, replace(serving, name="城管中队", serves=("R1-S", "R1-S-01")), 3, LEADER)


async def test_units_are_neither_taken_over_nor_given_away_alone(registry: Registry) -> None:
    await registry.fill(TWO_STREETS)
    landless = replace(known("R1-S-01-002"), parent="R1-T-01")
    for caller in (LEADER, Principal("leader-of-S", Role.LEADER, "R1-S")):
        with pytest.raises(Forbidden) as refused:
            await put(registry, landless, 1, caller)
        assert refused.value.code == "unit_needs_approval"
        assert refused.value.data["decided_in"] == "R1"
    await put(registry, landless, 1, DISTRICT)


async def test_a_special_grid_of_the_street_lies_over_communities_and_not_over_grids(registry: Registry) -> None:
    community = state("R1-T-02", Kind.COMMUNITY, "R1-T", boundary=square(113.15, 28.0, 0.05))
    await registry.fill(City((*TWO_STREETS.units, community)))
    market = state("R1-T-S-01", Kind.SPECIAL_GRID, "R1-T", boundary=square(113.16, 28.01, 0.01))
    await put(registry, market, None, LEADER)
    over_a_grid = replace(market, code="R1-T-S-02", boundary=square(113.11, 28.01, 0.01))
    with pytest.raises(Invalid, match="boundary_overlaps"):
        await put(registry, over_a_grid, None, LEADER)
    await put(registry, state("R1-T-S-01-1", Kind.MICRO_GRID, "R1-T-S-01"), None, LEADER)
    with pytest.raises(Invalid, match="boundary_overlaps"):
        await put(registry, grid(square(113.165, 28.01, 0.01), "R1-T-02-001", "R1-T-02"), None, LEADER)


async def test_what_lies_in_the_own_part_is_taken_up_to_the_difference_of_two_maps(registry: Registry) -> None:
    await registry.fill(TWO_STREETS)
    for unit in (
        grid(square(113.15, 28.0, 0.05)),
        grid(square(113.09995, 28.05, 0.05), "R1-T-01-003"),  # five metres over the border of the street
        office("R1-T", "R1-T", "R1-T-01"),
    ):
        await put(registry, unit, None, LEADER)
    await put(registry, office("R1", "R1-S", "R1-T"), None, DISTRICT)


async def test_a_boundary_is_not_moved_over_others_nor_away_from_what_lies_in_it(registry: Registry) -> None:
    await registry.fill(TWO_STREETS)
    for unit, code in (
        (replace(known("R1-T"), boundary=square(113.05, 28.0, 0.2)), "boundary_overlaps"),
        (replace(known("R1-T"), boundary=square(113.15, 28.0, 0.05)), "boundary_outside_parent"),
        (replace(known("R1-T"), boundary=square(114.0, 28.0, 0.1)), "boundary_outside_parent"),
        (replace(known("R1-T-01-001"), boundary=SQUARE), "boundary_outside_parent"),
    ):
        for caller in (DISTRICT, Principal("admin", Role.ADMIN)):
            with pytest.raises(GridGovError, match=code):
                await put(registry, unit, 1, caller)
    # Who stands above both makes room first.
    await put(registry, replace(known("R1-S-01-001"), boundary=square(113.0, 28.0, 0.04)), 1, DISTRICT)
    west = square(113.0, 28.0, 0.08)
    await put(registry, replace(known("R1-S"), boundary=west), 1, DISTRICT)


async def test_where_the_parent_has_no_boundary_the_nearest_above_has_and_everybody_is_a_neighbour(
    registry: Registry,
) -> None:
    district = replace(known("R1"), boundary=square(113.0, 28.0, 0.2))
    street = replace(known("R1-T"), boundary=None)
    await registry.fill(City((UNITS[0], district, *UNITS[2:], street, *T[1:])))
    for boundary, code in ((square(113.19, 28.0, 0.05), "boundary_outside_parent"), (EAST, "boundary_overlaps")):
        with pytest.raises(GridGovError, match=code):
            await put(registry, grid(boundary), None, LEADER)
    await put(registry, grid(square(113.15, 28.0, 0.05)), None, LEADER)


async def test_a_unit_moves_only_where_its_land_is_and_keeps_its_code(registry: Registry) -> None:
    await registry.fill(TWO_STREETS)
    with pytest.raises(GridGovError, match="boundary_outside_parent"):
        await put(registry, replace(known("R1-S-01-001"), parent="R1-T-01"), 1, DISTRICT)
    with pytest.raises(GridGovError, match="boundary_outside_parent"):
        await put(registry, replace(known("R1-S-01"), parent="R1-T"), 1, DISTRICT)
    await put(registry, replace(known("R1-S-01-001"), parent="R1-S-02"), 1, DISTRICT)


async def test_trails_of_units_are_for_the_staff_of_that_part_of_the_tree(registry: Registry) -> None:
    await registry.fill(TWO_STREETS)
    for role, unit, status in (
        (Role.RESIDENT, "R1-T", 403),
        (Role.RESIDENT, None, 403),
        (Role.LEADER, "R1-S", 403),
        (Role.GRID_WORKER, None, 403),
        (Role.LEADER, "R1-T", 200),
        (Role.AUDITOR, None, 200),
        (Role.DISPATCHER, "R1", 200),
    ):
        answer = await registry.call("GET", "/units/R1-T/trail", role=role, unit=unit)
        assert answer.status_code == status, (role, unit)
