"""Who is on duty: leave first, then shifts, else round the clock; shifts over midnight and on single days."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.registry.availability.leave import Kind, Leave, State
from services.registry.availability.presence import Presence, Why, answering, nobody_because, presence
from services.registry.availability.shift import Shift
from services.registry.units.kinds import Kind as UnitKind
from shared.clock import LOCAL
from shared.ids import new_id
from tests.registry.toy_city import post

GRID = "R1-S-01-001"
WORKER = post("P1", "grid_worker", GRID)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in November 2026, of which the 18th is a Wednesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


def shift(**more: Any) -> Shift:
    plain: dict[str, Any] = {
        "id": new_id(), "unit": GRID, "role": "grid_worker", "person": None, "weekdays": (1, 2, 3, 4, 5), "days": (),
        "begins": "08:00", "ends": "20:00", "valid_from": date(2026, 1, 1), "valid_to": None, "version": 1,
    }  # fmt: skip
    return Shift(**plain | more)


def leave(state: State = State.GRANTED, person: str = "P1") -> Leave:
    at = local(18, 0)
    return Leave(
        new_id(), person, GRID, at, at + timedelta(days=1), Kind.ANNUAL, "", state, person, at, None, None, None, 1
    )


@pytest.mark.parametrize(
    ("shifts", "at", "why"),
    [
        ([], local(18, 3), Why.NO_PLAN),
        ([shift()], local(18, 8), Why.SHIFT),
        ([shift()], local(18, 20), Why.OFF_SHIFT),
        ([shift()], local(21, 12), Why.OFF_SHIFT),
        ([shift(begins="20:00", ends="08:00", weekdays=(3,))], local(19, 7, 59), Why.SHIFT),
        ([shift(begins="20:00", ends="08:00", weekdays=(3,))], local(18, 7, 59), Why.OFF_SHIFT),
        ([shift(begins="08:00", ends="08:00", weekdays=(3,))], local(19, 7, 59), Why.SHIFT),
        ([shift(weekdays=(), days=(date(2026, 11, 21),))], local(21, 12), Why.SHIFT),
        ([shift(person="P2")], local(18, 12), Why.NO_PLAN),
        ([shift(valid_to=date(2026, 11, 18))], local(18, 12), Why.NO_PLAN),
        ([shift(begins="20:00", ends="08:00", valid_to=date(2026, 11, 18))], local(18, 7), Why.SHIFT),
    ],
)
def test_a_shift_says_who_is_on_duty(shifts: list[Shift], at: datetime, why: Why) -> None:
    assert presence(WORKER, shifts, [], at).why is why


def test_only_granted_leave_of_the_person_is_away_and_says_until_when() -> None:
    at = local(18, 12)
    assert presence(WORKER, [], [leave()], at) == Presence(WORKER, Why.LEAVE, local(19, 0))
    for other in (leave(State.ASKED), leave(State.WITHDRAWN), leave(person="P2")):
        assert presence(WORKER, [], [other], at).on_duty
    assert presence(WORKER, [shift()], [leave()], local(19, 12)) == Presence(WORKER, Why.SHIFT, local(19, 20))


def test_a_leader_in_the_grid_does_not_answer_for_it() -> None:
    leader = Presence(post("P3", "leader", GRID), Why.NO_PLAN)
    away = Presence(WORKER, Why.LEAVE)
    assert answering(UnitKind.GRID, [leader, away]) == []
    assert nobody_because(UnitKind.GRID, [leader]) == "no_post"
    assert nobody_because(UnitKind.GRID, [leader, away]) == "leave"
    assert (
        nobody_because(UnitKind.GRID, [away, Presence(post("P4", "grid_worker", GRID), Why.OFF_SHIFT)]) == "off_shift"
    )
    assert answering(UnitKind.DEPARTMENT, [leader]) == [leader]
