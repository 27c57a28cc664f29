"""The unit (单位): an area or a department, its place in the tree, and since when a state of it holds.

Pure. Nothing is overwritten: each change makes a new version that holds from its `effective_from` on; on a day holds
the newest version that was effective by then. A change never takes effect in the future.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.registry.units.kinds import Kind
from shared.change import Actor, Change
from shared.events.registry.units import UnitChanged


@dataclass(frozen=True, slots=True)
class UnitState:
    """What is stated about a unit. Field meanings: `shared.events.registry.units.UnitChanged`. Dates are local days
    (Asia/Shanghai); the unit exists from `valid_from` to the day before `valid_to`."""

    code: str
    kind: Kind
    name: str
    valid_from: date
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    boundary: Mapping[str, Any] | None = None
    households: int | None = None
    residents: int | None = None
    functions: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on a local day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Unit:
    """One version of a unit. `version` counts its changes and equals the length of its trail."""

    id: UUID
    state: UnitState
    effective_from: date
    version: int


_STATED = tuple(field.name for field in fields(UnitState))


def ancestors(known: Mapping[str, UnitState], code: str | None) -> Iterator[UnitState]:
    """The unit, its parent, and so on up to the root, as far as they are known. What is stated may name itself as its
    parent, before the rules have looked at it: no unit comes twice."""
    seen = set[str]()
    while code is not None and code not in seen and (state := known.get(code)) is not None:
        seen.add(code)
        yield state
        code = state.parent


def put(
    before: Unit | None,
    state: UnitState,
    *,
    id: UUID,
    effective_from: date,
    by: Actor,
    now: datetime,
    why: str | None = None,
    because: Mapping[str, Any] = MappingProxyType({}),
    restructuring: UUID | None = None,
) -> Change[Unit]:
    """The unit as new (`before` None, with `id`) or changed. The state must have passed `rules.check`; `because` are the
    facts that the trail has beside the differences, such as the proposal. `restructuring` is the one it belongs to."""
    version = before.version + 1 if before else 1
    what = _differences(before.state, state) if before else _beginning(state)
    told = {name: getattr(state, name) for name in _STATED}
    return Change(
        Unit(before.id if before else id, state, effective_from, version),
        action="change" if before else "register",
        by=by,
        at=now,
        why=why,
        what={**what, **because, "effective_from": effective_from.isoformat()},
        events=(UnitChanged(**told, restructuring=restructuring, version=version),),
    )


def takes_effect(before: UnitState | None, state: UnitState, today: date) -> date:
    """From when the state holds where nobody said: a new unit from its beginning, a corrected beginning from the
    earlier of the two, an end from its day, any other change from today."""
    if before is None:
        return state.valid_from
    if state.valid_from != before.valid_from:
        return min(state.valid_from, before.valid_from)
    if state.valid_to is not None and state.valid_to != before.valid_to:
        return state.valid_to
    return today


def _beginning(state: UnitState) -> dict[str, Any]:
    return {"code": state.code, "kind": state.kind, "name": state.name, "parent": state.parent}


def _differences(before: UnitState, after: UnitState) -> dict[str, Any]:
    """What changed as {field: [before, after]}; of a boundary only that it did, its corners would drown the rest."""
    changed: dict[str, Any] = {}
    for name in _STATED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            changed[name] = "changed" if name == "boundary" else [old, new]
    return changed
