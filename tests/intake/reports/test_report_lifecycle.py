"""Every status with every action: what happens is written here, everything else is refused with what is possible."""

from itertools import product

import pytest

from services.intake.reports.lifecycle import Action, Status, move, way
from shared.errors import Conflict

EXPECTED = {
    ("received", "triage"): "triaged",
    ("received", "ask_review"): "needs_review",
    ("needs_review", "triage"): "triaged",
    ("needs_review", "reject"): "rejected",
    ("triaged", "correct"): "triaged",
    ("triaged", "make_hazard"): "triaged",
    ("triaged", "dispatch"): "dispatched",
    ("dispatched", "make_hazard"): "dispatched",
    ("dispatched", "correct"): "dispatched",
    ("dispatched", "resolve"): "resolved",
    ("resolved", "rework"): "dispatched",
    ("resolved", "close"): "closed",
    ("closed", "rate"): "closed",
    ("closed", "reopen"): "reopened",
    ("closed", "work_again"): "dispatched",
    ("reopened", "work_again"): "dispatched",
    ("duplicate", "rate"): "duplicate",
    **{(status, "join"): status for status in ("received", "needs_review", "triaged", "dispatched", "reopened")},
}
PAIRS = [pytest.param(s, a, id=f"{s}-{a}") for s, a in product(Status, Action)]


@pytest.mark.parametrize("status, action", PAIRS)
def test_each_pair_is_decided(status: Status, action: Action) -> None:
    if after := EXPECTED.get((str(status), str(action))):
        assert move(status, action) == after
        return
    with pytest.raises(Conflict) as refused:
        move(status, action)
    possible = [a for s, a in EXPECTED if s == status]
    assert refused.value.code == "report_action_not_possible"
    assert refused.value.data == {"state": status, "action": action, "possible": possible}
    for name in possible:
        assert name in refused.value.zh
        assert name in refused.value.en


WAYS = {
    ("triaged", "dispatch"): "dispatch",
    ("triaged", "resolve"): "dispatch resolve",
    ("triaged", "rework"): "dispatch resolve rework",
    ("triaged", "close"): "dispatch resolve close",
    ("dispatched", "resolve"): "resolve",
    ("dispatched", "rework"): "resolve rework",
    ("dispatched", "close"): "resolve close",
    ("resolved", "resolve"): "rework resolve",
    ("resolved", "rework"): "rework",
    ("resolved", "close"): "close",
    ("triaged", "work_again"): "dispatch resolve close work_again",
    ("dispatched", "work_again"): "resolve close work_again",
    ("resolved", "work_again"): "close work_again",
    ("closed", "work_again"): "work_again",
    ("closed", "resolve"): "work_again resolve",
    ("closed", "rework"): "work_again resolve rework",
    ("closed", "close"): "work_again resolve close",
    ("reopened", "work_again"): "work_again",
    ("reopened", "resolve"): "work_again resolve",
    ("reopened", "rework"): "work_again resolve rework",
    ("reopened", "close"): "work_again resolve close",
}
MOVES = (Action.DISPATCH, Action.RESOLVE, Action.REWORK, Action.CLOSE, Action.WORK_AGAIN)


@pytest.mark.parametrize("status, action", [pytest.param(s, a, id=f"{s}-{a}") for s, a in product(Status, MOVES)])
def test_the_way_to_a_move_takes_in_the_moves_before_it_and_never_a_triage(status: Status, action: Action) -> None:
    assert " ".join(way(status, action)) == WAYS.get((status, action), "")


def test_what_ends_a_report_leaves_nothing_possible_and_says_so() -> None:
    with pytest.raises(Conflict) as refused:
        move(Status.REJECTED, Action.TRIAGE)
    assert "无" in refused.value.zh
    assert "nothing" in refused.value.en


def test_every_status_can_be_reached_from_a_new_report() -> None:
    reached, before = {"received", "duplicate"}, set[str]()  # one that joins another is a duplicate from the start
    while reached != before:
        before = set(reached)
        reached |= {after for (status, _), after in EXPECTED.items() if status in before}
    assert reached == set(Status)
