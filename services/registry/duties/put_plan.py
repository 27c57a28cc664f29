"""An administrator makes a plan or changes one, within the own part of the tree; a table of them at once, all or nothing.

Plans are never removed: one that is off owes nothing, and in an area it is off there alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.registry.competence import covers
from services.registry.duties.plan import Plan, Terms, make, restate
from services.registry.duties.store import Plans
from services.registry.errors import PLAN_AREA_UNKNOWN, PLAN_EXISTS, PLAN_NOT_FOUND, PLAN_OUTSIDE_REACH
from services.registry.units.store import Units
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError, require_version
from shared.ids import new_id
from shared.sheets.reading import Row


@dataclass(frozen=True, slots=True)
class Stated:
    """What is to be a plan: its name in the area (None: everywhere) and its terms."""

    duty: str
    variant: str
    area: str | None
    terms: Terms

    @property
    def key(self) -> tuple[str, str, str | None]:
        return self.duty, self.variant, self.area


@dataclass(frozen=True, slots=True)
class Imported:
    """How many plans were made, how many changed, and how many said the same already."""

    made: int
    changed: int
    same: int


async def make_plan(stated: Stated, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Plan:
    """The new plan. Raises Conflict where the area has one of this name, Forbidden and Invalid."""
    await alone(uow)
    await require_area(stated.area, caller, uow)
    for one in await Plans.of(uow).all():
        if (one.duty, one.variant, one.area) == stated.key:
            raise PLAN_EXISTS(data={"id": one.id, "version": one.version})
    return _make(stated, caller, uow, why)


async def restate_plan(
    id: UUID, version: int, terms: Terms, caller: Principal, uow: UnitOfWork, *, why: str | None
) -> Plan:
    """The plan with other terms; duties follow it within seconds. Raises NotFound, Conflict, Forbidden and Invalid."""
    await alone(uow)
    before = await Plans.of(uow).get(id)
    if before is None:
        raise PLAN_NOT_FOUND()
    await require_area(before.area, caller, uow)
    require_version(version, before.version)
    return before if before.terms == terms else _restate(before, terms, caller, uow, why)


async def import_plans(
    rows: Sequence[tuple[Row, Stated]], caller: Principal, uow: UnitOfWork, *, why: str | None
) -> tuple[Imported, list[tuple[Row, GridGovError]]]:
    """Make and change what the rows say; what was refused, with its row. The unit of work must not be committed where
    anything was."""
    await alone(uow)
    stored = {(one.duty, one.variant, one.area): one for one in await Plans.of(uow).all()}
    made = changed = 0
    refused: list[tuple[Row, GridGovError]] = []
    for row, stated in rows:
        before = stored.get(stated.key)
        if before is not None and before.terms == stated.terms:
            continue
        try:
            await require_area(stated.area, caller, uow)
            if before is None:
                _make(stated, caller, uow, why)
            else:
                _restate(before, stated.terms, caller, uow, why)
        except GridGovError as error:
            refused.append((row, error))
        else:
            made, changed = made + (before is None), changed + (before is not None)
    return Imported(made, changed, len(rows) - made - changed), refused


def _make(stated: Stated, caller: Principal, uow: UnitOfWork, why: str | None) -> Plan:
    plan = Plan(new_id(), stated.duty, stated.variant, stated.area, stated.terms, 1)
    Plans.of(uow).add(make(plan, by=caller.actor(), now=uow.now, why=why))
    return plan


def _restate(before: Plan, terms: Terms, caller: Principal, uow: UnitOfWork, why: str | None) -> Plan:
    change = restate(before, terms, by=caller.actor(), now=uow.now, why=why)
    Plans.of(uow).put(change)
    return change.after


async def require_area(area: str | None, caller: Principal, uow: UnitOfWork) -> None:
    """Raise Forbidden unless the area is the caller's; everywhere is only of who reaches everything."""
    if area is None:
        if not caller.reach.everything:
            raise PLAN_OUTSIDE_REACH()
        return
    line = [state.code for state in await Units.of(uow).ancestors(area)]
    if not line:
        raise PLAN_AREA_UNKNOWN()
    if not covers(caller, line, own=True):
        raise PLAN_OUTSIDE_REACH()
