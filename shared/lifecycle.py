"""A lifecycle as one table, (state, action) → move: what is not in it is refused, naming what is possible.

    LIFE = Lifecycle("work_order", "工单", "work order", {(State.ASSIGNED, Action.ACCEPT): Step(State.ACCEPTED, HANDLERS)})
    after = replace(order, state=LIFE.move(order.state, Action.ACCEPT).after)

A slice derives from `Move` where an action does more than change the state, for example to limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from shared.auth.principal import Role
from shared.errors import Conflict

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)
M = TypeVar("M", bound="Move")


@dataclass(frozen=True, slots=True)
class Move:
    """Where an action leads (`after`, a state), and which roles may take it; none named: the platform itself."""

    after: StrEnum
    roles: frozenset[Role] = frozenset()


class Lifecycle(Generic[S, A, M]):
    """`thing` is the word in error codes, `zh` and `en` what people call it."""

    def __init__(self, thing: str, zh: str, en: str, moves: Mapping[tuple[S, A], M]) -> None:
        self.moves = moves
        self._refused = Conflict.row(
            f"{thing}_action_not_possible",
            f"{zh}当前状态为“{{state}}”，不能执行“{{action}}”；可执行：{{possible}}",
            f"this {en} is {{state}}: {{action}} is not possible; possible: {{possible}}",
        )

    def possible(self, state: S) -> tuple[A, ...]:
        """The actions that the table has for a state, in its order."""
        return tuple(action for at, action in self.moves if at is state)

    def move(self, state: S, action: A) -> M:
        """The row of (state, action). Raises Conflict where there is none; `data` says what is possible."""
        found = self.moves.get((state, action))
        if found is None:
            possible = [name.value for name in self.possible(state)]
            raise self._refused(
                data={"state": state, "action": action, "possible": possible},
                state=state, action=action, possible=possible,
            )  # fmt: skip
        return found

    def roles_of(self, action: A) -> frozenset[Role]:
        """All roles that may take `action` in some state."""
        return frozenset[Role]().union(*(move.roles for (_, known), move in self.moves.items() if known is action))

    def mermaid(self) -> str:
        """A state diagram for the documents."""
        rows = (f"    {state} --> {move.after}: {action}" for (state, action), move in self.moves.items())
        return "\n".join(("stateDiagram-v2", *rows))
