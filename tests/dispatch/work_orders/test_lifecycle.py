"""Every state with every action: what happens, who may and what it does to the clocks is written here."""

from itertools import product

import pytest

from services.dispatch.work_orders.lifecycle import Action, Effect, State, Where, possible, transition
from shared.errors import Conflict

DISPATCHERS = {"dispatcher", "admin"}
HANDLERS = {"department_handler", "grid_worker", "leader"}
CHECKERS = {"grid_worker", "dispatcher", "supervisor"}
KEEP, RESTART, STOP, RESUME = Effect

EXPECTED = {
    # state, action: state after, who, by which unit, accept limit, resolve limit
    ("pending", "assign"): ("assigned", DISPATCHERS, Where.AREA, RESTART, KEEP),
    ("assigned", "assign"): ("assigned", DISPATCHERS, Where.AREA, RESTART, KEEP),
    ("assigned", "accept"): ("accepted", HANDLERS, Where.LEAD, STOP, KEEP),
    ("assigned", "return"): ("pending", HANDLERS, Where.LEAD, STOP, KEEP),
    ("accepted", "start"): ("in_progress", HANDLERS, Where.LEAD, KEEP, KEEP),
    ("in_progress", "resolve"): ("resolved", HANDLERS, Where.LEAD, KEEP, STOP),
    ("resolved", "verify"): ("verified", CHECKERS, Where.AREA, KEEP, KEEP),
    ("resolved", "rework"): ("in_progress", CHECKERS, Where.AREA, KEEP, RESUME),
    ("verified", "close"): ("closed", DISPATCHERS, Where.AREA, KEEP, KEEP),
}
PAIRS = [pytest.param(s, a, id=f"{s}-{a}") for s, a in product(State, Action)]


@pytest.mark.parametrize("state, action", PAIRS)
def test_each_pair_is_decided(state: State, action: Action) -> None:
    if expected := EXPECTED.get((str(state), str(action))):
        row = transition(state, action)
        assert (row.after, row.roles, row.where, row.accept, row.resolve) == expected
        return
    with pytest.raises(Conflict) as refused:
        transition(state, action)
    names = [a for s, a in EXPECTED if s == state]
    assert refused.value.code == "work_order_action_not_possible"
    assert refused.value.data == {"state": state, "action": action, "possible": names}
    for name in names:
        assert name in refused.value.zh
        assert name in refused.value.en


def test_what_is_possible_is_named_in_the_order_of_the_lifecycle() -> None:
    assert {state: list(possible(state)) for state in State} == {
        "pending": ["assign"],
        "assigned": ["assign", "accept", "return"],
        "accepted": ["start"],
        "in_progress": ["resolve"],
        "resolved": ["verify", "rework"],
        "verified": ["close"],
        "closed": [],
    }


def test_nobody_who_resolves_may_also_close() -> None:
    assert not HANDLERS & DISPATCHERS
