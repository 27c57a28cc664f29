"""A lifecycle says what is possible, refuses the rest with it, and draws itself."""

from enum import StrEnum

import pytest

from shared.auth.principal import Role
from shared.errors import Conflict
from shared.lifecycle import Lifecycle, Move
from tests.support.lifecycle import assert_reached, assert_whole


class State(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Action(StrEnum):
    CLOSE = "close"
    OPEN = "open"


KEEPERS = frozenset({Role.ADMIN})
GATE = Lifecycle(
    "gate",
    "大门",
    "gate",
    {(State.OPEN, Action.CLOSE): Move(State.SHUT, KEEPERS), (State.SHUT, Action.OPEN): Move(State.OPEN)},
)


def test_every_pair_is_a_row_or_refused() -> None:
    assert_whole(GATE, State, Action)
    assert_reached(GATE, State.OPEN, State)


def test_a_refusal_says_what_is_possible_in_both_languages() -> None:
    with pytest.raises(Conflict) as refused:
        GATE.move(State.OPEN, Action.OPEN)
    assert refused.value.code == "gate_action_not_possible"
    assert refused.value.zh == "大门当前状态为“open”，不能执行“open”；可执行：close"
    assert refused.value.en == "this gate is open: open is not possible; possible: close"


def test_a_state_without_a_way_out_says_so() -> None:
    end = Lifecycle("gate", "大门", "gate", {(State.OPEN, Action.CLOSE): Move(State.SHUT)})
    with pytest.raises(Conflict, match="possible: nothing"):
        end.move(State.SHUT, Action.CLOSE)


def test_it_draws_itself() -> None:
    assert GATE.mermaid() == "stateDiagram-v2\n    open --> shut: close\n    shut --> open: open"
