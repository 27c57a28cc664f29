"""A person registers a unit, or states anew what is true of it; or of several at once, all or nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from services.registry.competence import covers
from services.registry.deps import Holders
from services.registry.errors import UNIT_EXISTS, UNIT_NEEDS_APPROVAL, UNIT_NOT_FOUND
from services.registry.units.boundary import check_boundary
from services.registry.units.crossing import drawn_from, line_of, lowest_above
from services.registry.units.kinds import TOP_DOWN
from services.registry.units.reading import TreeReader
from services.registry.units.rule_context import RuleContext
from services.registry.units.rules import check
from services.registry.units.store import Units
from services.registry.units.unit import Unit, UnitState, put, takes_effect
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.change import Change
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import OUTSIDE_REACH, require_version
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be true of a unit; `version` is the one that was read, None where the unit is new."""

    state: UnitState
    version: int | None
    effective_from: date | None = None


class Concern(NamedTuple):
    """Whom a change concerns: `whose` is the unit's code, `line` what it is strictly below, from itself upward; `reached`
    whether the caller reaches it."""

    whose: str
    line: Sequence[str]
    reached: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of one unit that keeps all rules; `change` is None where nothing differs. It concerns where the unit hung
    and will hang, and those whose work it draws."""

    before: Unit | None
    after: Unit
    change: Change[Unit] | None
    concerns: Sequence[Concern]


async def put_unit(
    state: UnitState,
    expected: int | None,
    caller: Principal,
    uow: UnitOfWork,
    holders: Holders,
    *,
    effective_from: date | None = None,
    why: str | None = None,
) -> Unit:
    """The unit with `state`, new where `expected` is None, else a change of that version; the stored one where nothing
    differs.

    Raises Conflict (it is there already; another version; still in use), NotFound, Forbidden and Invalid.
    """
    (unit,) = await put_units([Wanted(state, expected, effective_from)], caller, uow, holders, why=why)
    return unit


async def put_units(
    wanted: Sequence[Wanted],
    caller: Principal,
    uow: UnitOfWork,
    holders: Holders,
    *,
    why: str | None = None,
    because: Mapping[str, Any] | None = None,
) -> list[Unit]:
    """All of `wanted` or nothing, in their order; `because` goes on the trail of each. Raises as `put_unit` does."""
    drafts = await draft_units(wanted, caller, uow, holders, why=why, because=because)
    concerns = concerns_of(drafts)
    if others := [concern.whose for concern in concerns if not concern.reached]:
        decided_in = lowest_above(concern.line for concern in concerns)
        raise UNIT_NEEDS_APPROVAL(others=others, data={"concerned": others, "decided_in": decided_in})
    changes = [draft.change for draft in drafts if draft.change is not None]
    # Parents first, so that readers of the events meet a parent before its children.
    Units.of(uow).state(*sorted(changes, key=lambda change: TOP_DOWN.index(change.after.state.kind)))
    return [draft.after for draft in drafts]


def concerns_of(drafts: Iterable[Draft]) -> list[Concern]:
    return [concern for draft in drafts for concern in draft.concerns]


async def draft_units(
    wanted: Sequence[Wanted],
    caller: Principal,
    uow: UnitOfWork,
    holders: Holders,
    *,
    mine: Callable[[Iterable[bool]], bool] = all,
    why: str | None = None,
    because: Mapping[str, Any] | None = None,
) -> list[Draft]:
    """What `put_units` would write, checked against the registry as it would be afterwards; nothing is written, and the
    registry is locked. The caller must reach a place of each of the units, with `mine=any` of one of them."""
    for one in wanted:
        if one.state.boundary is not None:
            check_boundary(one.state.boundary)  # before others are looked for by its corners
    await alone(uow)
    today = local_day(uow.now)
    found: dict[str, Unit] = {}
    for one in wanted:
        found |= await Units.of(uow).around(one.state, today)
    stored = {code: unit.state for code, unit in found.items()}
    known = stored | {one.state.code: one.state for one in wanted}
    for one in wanted:
        _require_expected(one.version, found.get(one.state.code))
    placed = [_placed(one.state, caller, stored, known) for one in wanted]
    if not mine(any(place.reached for place in places) for places in placed):
        raise OUTSIDE_REACH()
    drafts = []
    for one, places in zip(wanted, placed, strict=True):
        state, before = one.state, found.get(one.state.code)
        if before is not None and before.state == state:
            drafts.append(Draft(before, before, None, ()))
            continue
        stated = before.state if before else None
        effective = one.effective_from or takes_effect(stated, state, today)
        context = RuleContext(
            today=today,
            effective=effective,
            before=stated,
            known=known,
            near=list(known.values()),
            below=await _below(state, wanted, uow, today),
            holders=await holders(uow, state.code, state.valid_to or today),
        )
        check(state, context)
        lines = (line_of(known, code) for code in drawn_from(state, context))
        concerns = [*places, *(Concern(line[0], line, covers(caller, line, own=True)) for line in lines)]
        change = put(
            before, state, id=new_id(), effective_from=effective, by=caller.actor(), now=uow.now, why=why,
            because=because or {},
        )  # fmt: skip
        drafts.append(Draft(before, change.after, change, concerns))
    return drafts


def _placed(
    state: UnitState, caller: Principal, stored: Mapping[str, UnitState], known: Mapping[str, UnitState]
) -> list[Concern]:
    """Where the unit hangs now, and where it will hang if that is elsewhere: nobody hangs a unit into somebody else's
    part of the tree, nor takes it from there."""
    before = stored.get(state.code)
    places = []
    if before is not None:
        line = line_of(stored, state.code)
        places.append(Concern(state.code, line, covers(caller, line)))
    if before is None or before.parent != state.parent:
        line = line_of(known, state.code)
        places.append(Concern(state.parent or state.code, line, covers(caller, line[1:], own=True)))
    return places


async def _below(state: UnitState, wanted: Sequence[Wanted], uow: UnitOfWork, today: date) -> list[str]:
    """What hangs under the unit today, and what hung there on the day on which it ends: what moved away only later
    would hang in the air in between. Those of `wanted` hang where they will."""
    days = {today, min(state.valid_to or today, today)}
    moving = {one.state.code: one.state for one in wanted}
    hanging = {code for day in days for code in await TreeReader(uow, day).hanging_under(state.code)} - moving.keys()
    return sorted(hanging | {code for code, one in moving.items() if one.parent == state.code and one.valid_on(today)})


def _require_expected(expected: int | None, before: Unit | None) -> None:
    if before is None:
        if expected is not None:
            raise UNIT_NOT_FOUND()
    elif expected is None:
        raise UNIT_EXISTS(data={"version": before.version})
    else:
        require_version(expected, before.version)
