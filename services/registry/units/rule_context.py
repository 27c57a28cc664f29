"""What the rules look at beside the unit itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.registry.units.unit import UnitState, ancestors


@dataclass(frozen=True, slots=True)
class RuleContext:
    """`effective` is the local day from which the state holds; `before` the unit's state until now; `known` holds at least
    its parent, the areas it serves and `near`, with all their ancestors, by code; `near` the units whose boundaries may
    touch its own, and those below it. `below` are the codes of the units that hang under it and `holders` the ids of
    the posts held in it, from the day of its end on.
    """

    today: date
    effective: date
    before: UnitState | None = None
    known: Mapping[str, UnitState] = field(default_factory=dict)
    near: Sequence[UnitState] = ()
    below: Sequence[str] = ()
    holders: Sequence[str] = ()

    def parent_of(self, state: UnitState) -> UnitState | None:
        return self.known.get(state.parent) if state.parent is not None else None

    def lies_in(self, code: str, area: str) -> bool:
        """Whether the unit `code` is `area` or below it."""
        return any(state.code == area for state in ancestors(self.known, code))

    def neighbours(self, state: UnitState) -> Iterator[tuple[UnitState, Mapping[str, object]]]:
        """The other units of `near` that have a boundary today; none for a unit that has ended."""
        if not state.valid_on(self.today):
            return
        for other in self.near:
            if other.boundary is not None and other.code != state.code and other.valid_on(self.today):
                yield other, other.boundary


Rule = Callable[[UnitState, RuleContext], None]
