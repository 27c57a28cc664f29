"""What is true of premises by themselves."""

from datetime import UTC, datetime

import pytest

from services.registry.premises.credit_code import is_credit_code
from services.registry.premises.kinds import Category
from services.registry.premises.premises import About, enter, known_by, state
from shared.change import Actor
from shared.errors import Invalid
from shared.ids import new_id

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
BY = Actor(id="worker", role="grid_worker")


def about(**more: object) -> About:
    said: dict[str, object] = {
        "name": "泉塘小学",
        "category": Category.CROWDED,
        "unit": "R1-S-01-001",
        "address": "一路1号",
    }
    return About(**said | more)


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("91350100M000100Y43", True),  # the example of GB 32100-2015
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("91350100m000100y43", False),
        ("9135O100M000100Y43", False),
        ("１1350100M000100Y43", False),
        ("", False),
    ],
)
def test_a_credit_code_checks_itself(code: str, right: bool) -> None:
    assert is_credit_code(code) is right


def test_a_place_is_known_however_it_is_typed() -> None:
    assert known_by("S", about(name="泉塘 小学", address="一路１号")) == known_by("S", about())
    assert known_by("S", about(address="二路1号")) != known_by("S", about())
    coded = about(credit_code="91350100M000100Y43")
    assert known_by("S", coded) == known_by("S", about(credit_code="91350100M000100Y43", address="二路1号"))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"credit_code": "91350100M000100Y44"}, "premises_credit_code_invalid"),
        ({"longitude": 113.0}, "premises_point_half"),
        ({"closes": "21:00"}, "premises_hours_half"),
    ],
)
def test_what_cannot_be_true_is_refused(said: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter(new_id(), "S-C000001", "S", about(**said), by=BY, now=NOW, why=None)
    assert refused.value.code == code


def test_a_place_outside_the_reach_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        enter(new_id(), "S-C000001", None, about(), by=BY, now=NOW, why=None)
    assert refused.value.code == "premises_place_unknown"


def test_the_trail_says_what_changed_and_names_nobody() -> None:
    before = enter(new_id(), "S-C000001", "S", about(), by=BY, now=NOW, why=None).after
    change = state(
        before, "S", about(people=300, manager="王强", manager_phone="13800000000"), by=BY, now=NOW, why="复核"
    )
    assert change.what == {"people": 300, "manager": True, "manager_phone": True}
    assert (change.after.version, change.after.number, change.why) == (2, "S-C000001", "复核")
