"""What follows from the steps of a plan: the state of every unit that changes, and who succeeds whom. Pure.

What hangs under a unit that ends hangs under its successor, and departments that served it serve that. A unit that was
absorbed leaves its names as aliases, so that texts that use them are still understood.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from services.registry.restructuring.errors import (
    RESTRUCTURING_MAIN_UNKNOWN,
    RESTRUCTURING_NOTHING_NEW,
    RESTRUCTURING_PARTS_WRONG,
    RESTRUCTURING_SUCCESSOR_UNKNOWN,
    RESTRUCTURING_UNIT_REPEATED,
    RESTRUCTURING_UNIT_UNKNOWN,
)
from services.registry.restructuring.step import Part, Step, StepKind
from services.registry.units.boundary import Boundary, centre, holds, union
from services.registry.units.kinds import Kind
from services.registry.units.names import folded, names_of
from services.registry.units.unit import UnitState, ancestors
from shared.errors import GridGovError

MOST_ALIASES: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """`unit` is succeeded by `successor`; of a split only for what lies in `boundary`, the last line of a unit for all
    else. A unit that succeeds itself comes to lie in another street."""

    unit: str
    successor: str
    boundary: Boundary | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the step at `step` (0 is the first) cannot be done."""

    step: int
    error: GridGovError


@dataclass(slots=True)
class Outcome:
    """`after` are all known units as they will be, `changed` the codes of those that change, each with the step it
    belongs to; `lines` who succeeds whom; `drawn` the units whose boundary somebody gave."""

    after: dict[str, UnitState]
    changed: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    drawn: set[str] = field(default_factory=set)

    def put(self, state: UnitState, step: int) -> None:
        self.after[state.code] = state
        self.changed.setdefault(state.code, step)

    def successors(self) -> dict[str, str]:
        """Who takes over from each unit that has a line, in the end."""
        last = {line.unit: line.successor for line in self.lines}
        found = {}
        for unit in last:
            code, seen = unit, {unit}
            while (following := last.get(code, code)) not in seen:
                code = following
                seen.add(code)
            found[unit] = code
        return found


def expand(steps: Sequence[Step], known: Mapping[str, UnitState], day: date) -> Outcome:
    """What the steps make of `known`, which has every unit that they mention, with all above and below it. What cannot
    be done is among the troubles, and the rest is worked out all the same."""
    outcome, seen = Outcome(dict(known)), set[str]()
    carried = Counter(name for unit in known.values() if unit.valid_on(day) for name in names_of(unit))
    for index, step in enumerate(steps):
        try:
            _check(step, known, seen, day)
            _STEPS[step.kind](step, index, outcome, carried, day)
        except GridGovError as error:
            outcome.troubles.append(Trouble(index, error))
    _pass_on(outcome, known, day)
    return outcome


def _check(step: Step, known: Mapping[str, UnitState], seen: set[str], day: date) -> None:
    for code in step.units:
        unit = known.get(code)
        if unit is None or not unit.valid_on(day):
            raise RESTRUCTURING_UNIT_UNKNOWN(unit=code)
        if code in seen:
            raise RESTRUCTURING_UNIT_REPEATED(unit=code)
        seen.add(code)
    least, most = _PARTS[step.kind]
    if not least[0] <= len(step.units) <= least[1] or not most[0] <= len(step.into) <= most[1]:
        raise RESTRUCTURING_PARTS_WRONG()


_ANY: Final = 10_000
_PARTS: Final[Mapping[StepKind, tuple[tuple[int, int], tuple[int, int]]]] = {
    StepKind.MERGE: ((1, _ANY), (1, 1)),
    StepKind.SPLIT: ((1, 1), (2, 100)),
    StepKind.MOVE: ((1, _ANY), (0, 0)),
    StepKind.RENAME: ((1, 1), (0, 0)),
    StepKind.DISSOLVE: ((1, _ANY), (1, 1)),
    StepKind.KEEP: ((1, _ANY), (0, 0)),
}
"""How many units a step has now (from, to), and how many come out of it."""


def _absorb(step: Step, index: int, outcome: Outcome, carried: Counter[str], day: date) -> None:
    """A merger, or a dissolution: all but who stays end, and what they were called and had goes to it."""
    (part,) = step.into
    gone = [outcome.after[code] for code in step.units if code != part.code]
    stays = outcome.after.get(part.code)
    if not gone or (stays is not None and not stays.valid_on(day)):
        raise (RESTRUCTURING_PARTS_WRONG if not gone else RESTRUCTURING_SUCCESSOR_UNKNOWN)()
    if step.kind is StepKind.DISSOLVE and stays is None:
        raise RESTRUCTURING_SUCCESSOR_UNKNOWN()
    base = stays or _new(part, gone[0], day)
    members = [*gone, stays] if stays is not None else gone
    called = [name for unit in gone for name in (unit.name, *unit.aliases) if carried[folded(name)] == 1]
    state = _told(
        replace(
            base,
            households=_sum(unit.households for unit in members),
            residents=_sum(unit.residents for unit in members),
            boundary=union([unit.boundary for unit in members if unit.boundary is not None]),
            functions=tuple(dict.fromkeys(function for unit in members for function in unit.functions)),
            serves=tuple(dict.fromkeys(area for unit in members for area in unit.serves)),
        ),
        part,
    )
    outcome.put(_also_called(state, called), index)
    if part.boundary is not None:
        outcome.drawn.add(part.code)
    for unit in gone:
        outcome.put(replace(unit, valid_to=day), index)
        outcome.lines.append(Line(unit.code, part.code))


def _split(step: Step, index: int, outcome: Outcome, carried: Counter[str], day: date) -> None:
    code = step.units[0]
    unit = outcome.after[code]
    codes = [part.code for part in step.into]
    if step.main not in codes:
        raise RESTRUCTURING_MAIN_UNKNOWN()
    if len(set(codes)) < len(codes) or any(part != code and part in outcome.after for part in codes):
        raise RESTRUCTURING_UNIT_REPEATED(unit=next((c for c in codes if c in outcome.after), code))
    for part in step.into:
        # Nobody knows which of its people live where: what is not told of a part is not known.
        base = replace(
            unit if part.code == code else _new(part, unit, day), households=None, residents=None, boundary=None
        )
        state = _told(base, part)
        if part.code == step.main and part.code != code:
            state = _also_called(state, [name for name in (unit.name, *unit.aliases) if carried[folded(name)] == 1])
        outcome.put(state, index)
        outcome.drawn.add(part.code)
    ordered = [*(part for part in step.into if part.code != step.main and part.boundary is not None)]
    outcome.lines += [Line(code, part.code, part.boundary) for part in ordered if part.code != code]
    outcome.lines.append(Line(code, step.main))
    if code not in codes:
        outcome.put(replace(unit, valid_to=day), index)


def _move(step: Step, index: int, outcome: Outcome, _carried: Counter[str], _day: date) -> None:
    if step.parent is None or any(outcome.after[code].parent == step.parent for code in step.units):
        raise RESTRUCTURING_NOTHING_NEW(field="parent")
    for code in step.units:
        outcome.put(replace(outcome.after[code], parent=step.parent), index)
        outcome.drawn.add(code)


def _rename(step: Step, index: int, outcome: Outcome, carried: Counter[str], _day: date) -> None:
    unit = outcome.after[step.units[0]]
    if step.name in ("", unit.name):
        raise RESTRUCTURING_NOTHING_NEW(field="name")
    called = [unit.name] if carried[folded(unit.name)] == 1 else []
    outcome.put(_also_called(replace(unit, name=step.name), called), index)


def _keep(_step: Step, _index: int, _outcome: Outcome, _carried: Counter[str], _day: date) -> None:
    """Nothing."""


_STEPS: Final = {
    StepKind.MERGE: _absorb,
    StepKind.SPLIT: _split,
    StepKind.MOVE: _move,
    StepKind.RENAME: _rename,
    StepKind.DISSOLVE: _absorb,
    StepKind.KEEP: _keep,
}


def _pass_on(outcome: Outcome, known: Mapping[str, UnitState], day: date) -> None:
    """What hangs under units that end, and who served them; and whose street is another now."""
    by_unit: dict[str, list[Line]] = {}
    for line in outcome.lines:
        by_unit.setdefault(line.unit, []).append(line)
    final = outcome.successors()
    outcome.lines = [replace(line, successor=final.get(line.successor, line.successor)) for line in outcome.lines]
    for code, unit in known.items():
        now = outcome.after[code]
        if not now.valid_on(day):
            continue
        if now.parent in by_unit and not outcome.after[now.parent].valid_on(day):
            lines = by_unit[now.parent]
            now = replace(now, parent=final.get(_part_for(now, lines), _part_for(now, lines)))
            outcome.put(now, outcome.changed[lines[0].unit])
        if any(area in by_unit for area in now.serves):
            serves = dict.fromkeys(
                successor for area in now.serves for successor in _successors(area, by_unit, final, outcome, day)
            )
            outcome.put(
                replace(now, serves=tuple(serves)), outcome.changed[next(a for a in unit.serves if a in by_unit)]
            )
    for code in known:
        now = outcome.after[code]
        if code not in by_unit and now.valid_on(day) and _street(known, code) != _street(outcome.after, code):
            outcome.lines.append(Line(code, code))


def _part_for(child: UnitState, lines: Sequence[Line]) -> str:
    at = centre(child.boundary) if child.boundary is not None else None
    if at is not None:
        for line in lines:
            if line.boundary is not None and holds(line.boundary, at):
                return line.successor
    return lines[-1].successor


def _successors(
    area: str, by_unit: Mapping[str, list[Line]], final: Mapping[str, str], outcome: Outcome, day: date
) -> Iterator[str]:
    if area not in by_unit or outcome.after[area].valid_on(day):
        yield area
    for line in by_unit.get(area, ()):
        yield final.get(line.successor, line.successor)


def _new(part: Part, like: UnitState, day: date) -> UnitState:
    return UnitState(
        code=part.code,
        kind=part.kind or like.kind,
        name=part.name or like.name,
        valid_from=day,
        parent=part.parent or like.parent,
        functions=like.functions,
        serves=like.serves,
    )


def _told(state: UnitState, part: Part) -> UnitState:
    """`state` with what the plan says of it; a kind never changes."""
    return replace(
        state,
        name=part.name or state.name,
        parent=part.parent or state.parent,
        households=state.households if part.households is None else part.households,
        residents=state.residents if part.residents is None else part.residents,
        boundary=state.boundary if part.boundary is None else part.boundary,
    )


def _also_called(state: UnitState, names: Sequence[str]) -> UnitState:
    own = {folded(state.name), *map(folded, state.aliases)}
    more = [name for name in dict.fromkeys(names) if folded(name) not in own]
    return replace(state, aliases=(*state.aliases, *more)[:MOST_ALIASES])


def _sum(counts: Iterator[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _street(units: Mapping[str, UnitState], code: str) -> str | None:
    return next((unit.code for unit in ancestors(units, code) if unit.kind is Kind.STREET), None)
