"""The unit (单位): an area or a department, its place in the tree, and since when a state of it holds.

Pure. Nothing is overwritten: each change makes a new version that holds from its `effective_from` on; on a day holds
the newest version that was effective by then. A change never takes effect in the future.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry.units.kinds import Kind
from shared.change import Actor, Change
from shared.events.registry.units import UnitChanged


@dataclass(frozen=True, slots=True)
class Facts:
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
    facts: Facts
    effective_from: date
    version: int


def put(
    before: Unit | None,
    facts: Facts,
    *,
    id: UUID,
    effective_from: date,
    by: Actor,
    now: datetime,
    why: str | None = None,
) -> Change[Unit]:
    """The unit as new (`before` None, with `id`) or changed. The facts must have passed `rules.check`."""
    version = before.version + 1 if before else 1
    after = Unit(before.id if before else id, facts, effective_from, version)
    what = _differences(before.facts, facts) if before else _beginning(facts)
    return Change(
        after,
        action="change" if before else "register",
        by=by,
        at=now,
        why=why,
        what={**what, "effective_from": effective_from.isoformat()},
        events=(_told(facts, version),),
    )


def takes_effect(before: Facts | None, facts: Facts, today: date) -> date:
    """From when the facts hold where nobody said: a new unit from its beginning, a corrected beginning from the
    earlier of the two, an end from its day, any other change from today."""
    if before is None:
        return facts.valid_from
    if facts.valid_from != before.valid_from:
        return min(facts.valid_from, before.valid_from)
    if facts.valid_to is not None and facts.valid_to != before.valid_to:
        return facts.valid_to
    return today


def _beginning(facts: Facts) -> dict[str, Any]:
    return {"code": facts.code, "kind": facts.kind, "name": facts.name, "parent": facts.parent}


def _differences(before: Facts, after: Facts) -> dict[str, Any]:
    """What changed as {field: [before, after]}; of a boundary only that it did, its corners would drown the rest."""
    changed: dict[str, Any] = {}
    for name in (field.name for field in fields(Facts)):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            changed[name] = "changed" if name == "boundary" else [old, new]
    return changed


def _told(facts: Facts, version: int) -> UnitChanged:
    return UnitChanged(
        code=facts.code,
        kind=facts.kind.value,
        name=facts.name,
        aliases=facts.aliases,
        parent=facts.parent,
        boundary=dict(facts.boundary) if facts.boundary is not None else None,
        households=facts.households,
        residents=facts.residents,
        functions=facts.functions,
        serves=facts.serves,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        version=version,
    )
