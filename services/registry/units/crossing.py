"""Whose work a change of a unit draws to it, beside the unit itself. Pure.

Who changes a unit reaches all of these, or the change is proposed and approved by the unit above them
(`services/registry/proposals`). A rule is one function that names units, and its name in `_CROSSINGS`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from services.registry.units.kinds import Kind
from services.registry.units.names import SHORTEST_PART, folded, names_of, parts_of
from services.registry.units.rule_context import RuleContext
from services.registry.units.unit import UnitState, ancestors

_NUMBERED: Final = frozenset({Kind.GRID, Kind.MICRO_GRID, Kind.BUILDING, Kind.DOORWAY, Kind.DEPARTMENT})
"""Kinds whose names are alike everywhere (第1网格, 3号楼, 综治办): one more of them draws nothing."""


def drawn_from(state: UnitState, context: RuleContext) -> list[str]:
    """The codes of the units whose work the state draws and `context.before` did not; none for what has ended."""
    if not state.valid_on(context.today):
        return []
    return list(dict.fromkeys(code for crossing in _CROSSINGS for code in crossing(state, context)))


def lowest_above(lines: Iterable[Sequence[str]]) -> str | None:
    """The lowest unit that lies above every unit of which `lines` has the ancestors, itself first; None: the platform."""
    strictly = [line[1:] for line in lines]
    first = strictly[0] if strictly else []
    return next((code for code in first if all(code in line for line in strictly)), None)


def line_of(known: Mapping[str, UnitState], code: str | None) -> list[str]:
    """The codes of the unit and of what is above it."""
    return [unit.code for unit in ancestors(known, code)]


def _areas_beyond_the_keeper(state: UnitState, context: RuleContext) -> Iterator[str]:
    before = context.before.serves if context.before else ()
    for area in state.serves:
        if area not in before and state.parent is not None and not context.lies_in(area, state.parent):
            yield area


def _departments_that_lead_there_now(state: UnitState, context: RuleContext) -> Iterator[str]:
    """Work goes to who serves the nearest area: whoever serves the same or one above it loses."""
    new = _duties(state) - (_duties(context.before) if context.before else set())
    for other in context.known.values():
        if other.code == state.code or not other.functions or not other.valid_on(context.today):
            continue
        theirs = _duties(other)
        if any((f, above.code) in theirs for f, area in new for above in ancestors(context.known, area)):
            yield other.code


def _units_called_so(state: UnitState, context: RuleContext) -> Iterator[str]:
    """Whose name a new name is, or holds as a part that nobody else is called."""
    before = names_of(context.before) if context.before else ()
    new = [name for name in names_of(state) if name not in before]
    if not new:
        return
    own = {unit.code for unit in ancestors(context.known, state.code)} | {state.code}
    own |= {unit.code for unit in ancestors(context.known, state.parent)}
    others = [
        other
        for other in context.known.values()
        if other.code not in own and other.valid_on(context.today) and not context.lies_in(other.code, state.code)
    ]
    called = Counter(name for other in others for name in names_of(other))
    parts = parts_of(new) - set(new)
    for other in others:
        theirs = set(names_of(other))
        if (theirs.intersection(new) and not _alike(state, other, theirs.intersection(new))) or any(
            called[name] == 1 and len(name) >= SHORTEST_PART for name in theirs & parts
        ):
            yield other.code


def _duties(department: UnitState) -> set[tuple[str, str]]:
    areas = department.serves or ((department.parent,) if department.parent else ())
    return {(function, area) for function in department.functions for area in areas}


def _alike(state: UnitState, other: UnitState, shared: set[str]) -> bool:
    return (
        state.kind is other.kind and state.kind in _NUMBERED and shared == {folded(state.name)} & {folded(other.name)}
    )


_CROSSINGS: Final[tuple[Callable[[UnitState, RuleContext], Iterator[str]], ...]] = (
    _areas_beyond_the_keeper,
    _departments_that_lead_there_now,
    _units_called_so,
)
