"""A person registers a unit, or states anew what is true of it."""

from datetime import date

from services.registry.competence import require_place
from services.registry.deps import Holders
from services.registry.errors import UNIT_EXISTS, UNIT_NOT_FOUND
from services.registry.units.boundary import check_boundary
from services.registry.units.reading import TreeReader
from services.registry.units.rule_context import RuleContext
from services.registry.units.rules import check
from services.registry.units.store import Units
from services.registry.units.unit import Unit, UnitState, ancestors, put, takes_effect
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.ids import new_id


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
    if state.boundary is not None:
        check_boundary(state.boundary)  # before others are looked for by its corners
    await alone(uow)
    today = local_day(uow.now)
    found = await Units.of(uow).around(state, today)
    known = {code: unit.state for code, unit in found.items()}
    before = found.get(state.code)
    _require_expected(expected, before)
    if before is not None:
        require_place(caller, [unit.code for unit in ancestors(known, state.code)])
    if before is None or before.state.parent != state.parent:
        # Nobody hangs a unit into somebody else's part of the tree.
        require_place(caller, [unit.code for unit in ancestors(known, state.parent)], own=True)
    if before is not None and before.state == state:
        return before
    stated = before.state if before else None
    effective = effective_from or takes_effect(stated, state, today)
    check(
        state,
        RuleContext(
            today=today,
            effective=effective,
            before=stated,
            known=known,
            near=list(known.values()),
            below=await _below(state, uow, today),
            holders=await holders(uow, state.code, state.valid_to or today),
        ),
    )
    change = put(before, state, id=new_id(), effective_from=effective, by=caller.actor(), now=uow.now, why=why)
    Units.of(uow).state(change)
    return change.after


async def _below(state: UnitState, uow: UnitOfWork, today: date) -> list[str]:
    """What hangs under the unit today, and what hung there on the day on which it ends: what moved away only later
    would hang in the air in between."""
    days = {today, min(state.valid_to or today, today)}
    return sorted({code for day in days for code in await TreeReader(uow, day).hanging_under(state.code)})


def _require_expected(expected: int | None, before: Unit | None) -> None:
    if before is None:
        if expected is not None:
            raise UNIT_NOT_FOUND()
    elif expected is None:
        raise UNIT_EXISTS(data={"version": before.version})
    else:
        require_version(expected, before.version)
