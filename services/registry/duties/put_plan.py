"""An administrator makes a plan or changes one, within the own part of the tree.

Plans are never removed: one that is off owes nothing, and in an area it is off there alone.
"""

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
from shared.errors import require_version
from shared.ids import new_id


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


async def make_plan(stated: Stated, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Plan:
    """The new plan. Raises Conflict where the area has one of this name, Forbidden and Invalid."""
    await alone(uow)
    await require_area(stated.area, caller, uow)
    for one in await Plans.of(uow).all():
        if (one.duty, one.variant, one.area) == stated.key:
            raise PLAN_EXISTS(data={"id": one.id, "version": one.version})
    return add_plan(stated, caller, uow, why)


async def restate_plan(
    id: UUID, version: int, terms: Terms, caller: Principal, uow: UnitOfWork, *, why: str | None
) -> Plan:
    """The plan with other terms; duties follow it within seconds. Raises NotFound, Conflict, Forbidden and Invalid."""
    await alone(uow)
    before = PLAN_NOT_FOUND.unless(await Plans.of(uow).get(id))
    await require_area(before.area, caller, uow)
    require_version(version, before.version)
    return before if before.terms == terms else change_plan(before, terms, caller, uow, why)


def add_plan(stated: Stated, caller: Principal, uow: UnitOfWork, why: str | None) -> Plan:
    """The plan, new; whether the area is the caller's was asked."""
    plan = Plan(new_id(), stated.duty, stated.variant, stated.area, stated.terms, 1)
    Plans.of(uow).add(make(plan, by=caller.actor(), now=uow.now, why=why))
    return plan


def change_plan(before: Plan, terms: Terms, caller: Principal, uow: UnitOfWork, why: str | None) -> Plan:
    """The plan with other terms; whether its area is the caller's was asked."""
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
