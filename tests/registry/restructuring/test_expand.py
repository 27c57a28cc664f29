"""What steps make of units: who ends, who takes over, what hangs where, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.registry.restructuring.expand import Outcome, expand
from services.registry.restructuring.figures import percent
from services.registry.restructuring.step import Part, Step, StepKind
from services.registry.units.kinds import Kind
from services.registry.units.unit import UnitState
from tests.registry.toy_city import EAST, SQUARE, UNITS, WEST, state

DAY = date(2026, 12, 1)
G1, G2 = "R1-S-01-001", "R1-S-01-002"
CITY = {
    unit.code: unit
    for unit in (
        *(replace(unit, boundary=EAST, residents=200) if unit.code == G2 else unit for unit in UNITS),
        state("R1-T", Kind.STREET, "R1"),
        state("R1-S-B1", Kind.BUILDING, G1, name="1号楼"),
        state("R1-S-D-CG", Kind.DEPARTMENT, "R1-S", name="城管中队", serves=(G1, G2)),
    )
}


def made(*steps: Step) -> Outcome:
    return expand(steps, CITY, DAY)


def test_a_merger_ends_the_old_and_leaves_all_they_were_to_the_new() -> None:
    new = Part("R1-S-01-021", "东塘社区第21网格")
    outcome = made(Step(StepKind.MERGE, (G1, G2), (new,)))
    after = outcome.after
    assert outcome.troubles == []
    assert (after[G1].valid_to, after[G2].valid_to) == (DAY, DAY)
    merged = after["R1-S-01-021"]
    assert (merged.kind, merged.parent, merged.valid_from) == (Kind.GRID, "R1-S-01", DAY)
    assert (merged.residents, merged.households) == (1000, 300)
    assert set(merged.aliases) == {"东塘社区第1网格", "东塘社区第2网格"}
    assert merged.boundary is not None
    assert {tuple(at) for at in merged.boundary["coordinates"][0]} >= {
        tuple(at) for at in SQUARE["coordinates"][0][::2]
    } - {(113.1, 28.1)}
    assert after["R1-S-B1"].parent == "R1-S-01-021"
    assert after["R1-S-D-CG"].serves == ("R1-S-01-021",)
    assert {(line.unit, line.successor) for line in outcome.lines} == {(G1, "R1-S-01-021"), (G2, "R1-S-01-021")}


def test_one_of_those_merged_may_stay() -> None:
    outcome = made(Step(StepKind.MERGE, (G1, G2), (Part(G1),)))
    assert (outcome.after[G1].valid_to, outcome.after[G1].residents) == (None, 1000)
    assert [(line.unit, line.successor) for line in outcome.lines] == [(G2, G1)]
    assert outcome.after["R1-S-D-CG"].serves == (G1,)


def test_a_split_names_who_takes_what_has_no_point() -> None:
    west, east = Part("R1-S-01-031", "西片", boundary=WEST), Part("R1-S-01-032", "东片", boundary=EAST)
    outcome = made(Step(StepKind.SPLIT, (G1,), (west, east), main="R1-S-01-032"))
    assert [(line.successor, line.boundary) for line in outcome.lines] == [("R1-S-01-031", WEST), ("R1-S-01-032", None)]
    assert outcome.after[G1].valid_to == DAY
    assert outcome.after["R1-S-B1"].parent == "R1-S-01-032", "without a boundary of its own"
    assert outcome.after["R1-S-D-CG"].serves == ("R1-S-01-031", "R1-S-01-032", G2)


def test_who_takes_over_may_end_in_the_same_plan() -> None:
    outcome = made(
        Step(StepKind.DISSOLVE, ("R1-S-01",), (Part("R1-S-02"),)),
        Step(StepKind.MERGE, ("R1-S-02",), (Part("R1-S-03", "新塘社区"),)),
    )
    assert {(line.unit, line.successor) for line in outcome.lines} == {("R1-S-01", "R1-S-03"), ("R1-S-02", "R1-S-03")}
    assert outcome.after[G1].parent == "R1-S-03"


def test_what_moves_to_another_street_takes_its_street_along() -> None:
    outcome = made(Step(StepKind.MOVE, ("R1-S-01",), parent="R1-T"))
    assert {line.unit for line in outcome.lines} == {"R1-S-01", G1, G2, "R1-S-B1"}
    assert all(line.unit == line.successor for line in outcome.lines)
    assert outcome.changed.keys() == {"R1-S-01"}


def test_a_renamed_unit_is_still_found_by_its_old_name() -> None:
    unit = made(Step(StepKind.RENAME, ("R1-S-01",), name="新塘社区")).after["R1-S-01"]
    assert (unit.name, unit.aliases) == ("新塘社区", ("东塘社区",))


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step(StepKind.MERGE, (G1, "R9"), (Part(G1),)), "restructuring_unit_unknown"),
        (Step(StepKind.MERGE, (G1, G1), (Part(G1),)), "restructuring_unit_repeated"),
        (Step(StepKind.MERGE, (G1,), (Part(G1),)), "restructuring_parts_wrong"),
        (Step(StepKind.MERGE, (G1, G2), ()), "restructuring_parts_wrong"),
        (Step(StepKind.SPLIT, (G1,), (Part("R1-S-01-3"),)), "restructuring_parts_wrong"),
        (Step(StepKind.SPLIT, (G1,), (Part("R1-S-01-3"), Part("R1-S-01-4"))), "restructuring_main_unknown"),
        (Step(StepKind.SPLIT, (G1,), (Part(G2), Part("R1-S-01-4")), main=G2), "restructuring_unit_repeated"),
        (Step(StepKind.DISSOLVE, (G1,), (Part("R1-S-01-9"),)), "restructuring_successor_unknown"),
        (Step(StepKind.MOVE, (G1,), parent="R1-S-01"), "restructuring_nothing_new"),
        (Step(StepKind.RENAME, (G1,), name="东塘社区第1网格"), "restructuring_nothing_new"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_step(step: Step, code: str) -> None:
    troubles = made(Step(StepKind.KEEP, ("R1-T",)), step).troubles
    assert [(trouble.step, trouble.error.code) for trouble in troubles] == [(1, code)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (3086, 1463, "-52.59"),
        (2464, 973, "-60.51"),
        (622, 490, "-21.22"),
        (0, 3, None),
        (3, 3, "0.00"),
        (1, 3, "200.00"),
    ],
)
def test_percent_is_what_the_arithmetic_says(before: int, after: int, said: Any) -> None:
    """Document 6 prints -22.21 for 622 to 490, which is wrong."""
    assert percent(before, after) == (Decimal(said) if said else None)


def test_nothing_is_changed_by_keeping() -> None:
    outcome = made(Step(StepKind.KEEP, (G1, G2), label="网格"))
    assert (outcome.changed, outcome.lines, outcome.after) == ({}, [], CITY)
    assert isinstance(outcome.after[G1], UnitState)
