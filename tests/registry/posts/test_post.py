"""Who can be given which post where, when it ends, and when two posts collide."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.coverage.needs import NEEDS
from services.registry.posts.post import AHEAD, Post, appoint, end
from services.registry.posts.roles import HELD_IN
from services.registry.units.kinds import Kind
from shared.errors import GridGovError
from tests.registry.toy_city import CLERK, TODAY, post, state

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
GRID = state("R1-S-02-001", Kind.GRID, "R1-S-02")
WORKER = post("P9", "grid_worker", GRID.code, valid_from=TODAY)


def appointed(wanted: Post, unit: Any = GRID) -> Any:
    return appoint(wanted, unit, by=CLERK, now=NOW, today=TODAY, why="new")


def ended(held: Post, on: date) -> Any:
    return end(held, on, by=CLERK, now=NOW, today=TODAY)


def test_a_new_post_is_told_with_both_its_days() -> None:
    change = appointed(replace(WORKER, valid_to=date(2027, 1, 1)))
    assert (change.action, change.after.version, change.why) == ("appoint", 1, "new")
    assert change.what == {"role": "grid_worker", "unit": GRID.code, "person": "P9"}
    (event,) = change.events
    assert event.model_dump() == {
        "post_id": WORKER.id, "person": "P9", "role": "grid_worker", "unit": GRID.code, "valid_from": TODAY,
        "valid_to": date(2027, 1, 1), "premises_id": None, "version": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("different", "unit", "code", "field"),
    [
        ({"person": "王小明"}, GRID, "post_person_invalid", "person"),
        ({"person": ""}, GRID, "post_person_invalid", "person"),
        ({"role": "emperor"}, GRID, "post_role_unknown", "role"),
        ({"role": "dispatcher"}, GRID, "post_role_kind_wrong", "role"),
        ({}, None, "post_unit_unknown", "unit"),
        ({}, replace(GRID, valid_to=TODAY), "post_unit_unknown", "unit"),
        ({"valid_from": GRID.valid_from - timedelta(days=1)}, GRID, "post_valid_from_out_of_range", "valid_from"),
        ({"valid_from": TODAY + AHEAD + timedelta(days=1)}, GRID, "post_valid_from_out_of_range", "valid_from"),
        ({"valid_to": TODAY}, GRID, "post_valid_to_out_of_range", "valid_to"),
        ({"valid_to": date(2099, 1, 1)}, GRID, "post_valid_to_out_of_range", "valid_to"),
    ],
)
def test_a_post_is_refused(different: Mapping[str, Any], unit: Any, code: str, field: str) -> None:
    with pytest.raises(GridGovError) as refused:
        appointed(replace(WORKER, **different), unit)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_ended_post_is_held_to_the_day_before() -> None:
    held = replace(WORKER, valid_from=date(2026, 1, 1))
    after = ended(held, TODAY).after
    assert (after.version, after.valid_to) == (2, TODAY)
    assert after.held_on(TODAY - timedelta(days=1)) and not after.held_on(TODAY)
    assert held.held_on(TODAY)


@pytest.mark.parametrize("on", [WORKER.valid_from, TODAY + AHEAD + timedelta(days=1)])
def test_a_post_does_not_end_before_it_began_nor_far_ahead(on: date) -> None:
    with pytest.raises(GridGovError, match="post_end_out_of_range:"):
        ended(WORKER, on)


def test_a_post_ends_once() -> None:
    with pytest.raises(GridGovError, match="post_ended"):
        ended(replace(WORKER, valid_to=date(2027, 1, 1)), TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ((1, None), (5, None), True),
        ((1, 5), (5, None), False),
        ((1, 6), (5, None), True),
        ((1, None), (2, 3), True),
        ((5, 9), (1, 5), False),
        ((5, 9), (1, 6), True),
    ],
)
def test_posts_overlap_where_a_day_is_in_both(
    first: tuple[int, int | None], second: tuple[int, int | None], together: bool
) -> None:
    one, other = (
        replace(
            WORKER,
            valid_from=TODAY + timedelta(days=start),
            valid_to=TODAY + timedelta(days=stop) if stop is not None else None,
        )
        for start, stop in (first, second)
    )
    assert one.overlaps(other) is together
    assert other.overlaps(one) is together


def test_whom_the_coverage_check_wants_can_be_appointed() -> None:
    for need in NEEDS.values():
        assert all(need.kind in HELD_IN[role] for role in need.roles)
