"""The product test of a lifecycle: every pair of a state and an action is a row of the table, or refused by name."""

from collections.abc import Collection
from enum import StrEnum
from itertools import product

import pytest

from shared.errors import Conflict
from shared.lifecycle import Lifecycle


def assert_whole(life: Lifecycle[StrEnum, StrEnum, object], states: type[StrEnum], actions: type[StrEnum]) -> None:
    """Each pair moves to a state of `states`, or raises Conflict that lists exactly what is possible."""
    for state, action in product(states, actions):
        possible = [name.value for name in life.possible(state)]
        if action.value in possible:
            assert life.move(state, action).after in states, (state, action)
            continue
        with pytest.raises(Conflict) as refused:
            life.move(state, action)
        assert refused.value.data == {"state": state, "action": action, "possible": possible}
        assert all(name in refused.value.zh and name in refused.value.en for name in (state, action))


def assert_reached(
    life: Lifecycle[StrEnum, StrEnum, object], first: StrEnum, states: type[StrEnum], beside: Collection[str] = ()
) -> None:
    """Every state can be reached from `first`, or stands in `beside`: no row stands where nothing gets to."""
    reached, waiting = {first}, [first]
    for state in waiting:
        for action in life.possible(state):
            if (after := life.move(state, action).after) not in reached:
                reached.add(after)
                waiting.append(after)
    assert set(states) - reached == {*beside}
