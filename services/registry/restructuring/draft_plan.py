"""The keeper of an area drafts a plan, changes it, and sends it on its way; who stands above decides; it is called off."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registry.competence import require_place
from services.registry.restructuring.check import Checked, check_steps
from services.registry.restructuring.errors import RESTRUCTURING_NOT_YOURS
from services.registry.restructuring.lifecycle import LIFE, Action, State
from services.registry.restructuring.plan import Restructuring, cancel, change, check_plan, decide, draft, send
from services.registry.restructuring.step import Step
from services.registry.restructuring.store import RestructuringReader, Restructurings
from services.registry.units.store import Units
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import OUTSIDE_REACH, require_version
from shared.ids import new_id


async def draft_plan(
    steps: Sequence[Step], day: date, why: str, caller: Principal, uow: UnitOfWork, *, checked: Checked | None = None
) -> Restructuring:
    """A new draft; what cannot be done of it yet, its preview says. Raises Invalid, and Forbidden where none of its units
    is the caller's. `checked`: what was found of them in this transaction, where that is known."""
    told = tuple(steps)
    check_plan(told, day, local_day(uow.now))
    checked = checked or await check_steps(told, day, caller, uow)
    _require_one(checked, caller)
    serial = await Restructurings.of(uow).new_serial()
    plan = Restructuring(
        id=new_id(),
        number=f"{caller.unit or checked.area or 'GG'}-T{serial:04d}",
        state=State.DRAFT,
        effective_from=day,
        why=why,
        steps=told,
        area=checked.area,
        concerned=checked.concerned,
        drafted_by=caller.subject,
        drafted_in=caller.unit,
        drafted_at=uow.now,
    )
    Restructurings.of(uow).add(draft(plan, by=caller))
    return plan


async def change_plan(
    id: UUID, version: int, steps: Sequence[Step], day: date, why: str, caller: Principal, uow: UnitOfWork
) -> Restructuring:
    """The draft, stated anew by who drafted it. Raises as `draft_plan`, NotFound, Conflict."""
    plan = await _visible(id, version, caller, uow)
    if caller.subject != plan.drafted_by:
        raise RESTRUCTURING_NOT_YOURS()
    told = tuple(steps)
    check_plan(told, day, local_day(uow.now))
    _require_one(await check_steps(told, day, caller, uow), caller)
    changed = change(plan, told, day, why, by=caller, now=uow.now)
    Restructurings.of(uow).put(changed)
    return changed.after


async def send_plan(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Restructuring:
    """The draft, scheduled where it concerns only the caller's part of the tree, else submitted to who stands above all
    whom it concerns. Raises Conflict for one that cannot be done."""
    plan = await _visible(id, version, caller, uow)
    if caller.subject != plan.drafted_by:
        raise RESTRUCTURING_NOT_YOURS()
    LIFE.move(plan.state, Action.SUBMIT)
    check_plan(plan.steps, plan.effective_from, local_day(uow.now))
    checked = await check_steps(plan.steps, plan.effective_from, caller, uow)
    _require_one(checked, caller)
    checked.require_possible()
    action = Action.SCHEDULE if checked.reached else Action.SUBMIT
    sent = send(plan, action, area=checked.area, concerned=checked.concerned, by=caller, now=uow.now)
    Restructurings.of(uow).put(sent)
    return sent.after


async def decide_plan(
    id: UUID, version: int, action: Action, caller: Principal, uow: UnitOfWork, *, why: str | None
) -> Restructuring:
    """The plan approved or declined by who stands above all whom it concerns. Raises Forbidden for anybody else, Conflict
    for one that cannot be done any more or whose day is past."""
    plan = await _visible(id, version, caller, uow)
    LIFE.move(plan.state, action)
    require_place(caller, await _above(plan, uow), own=True)
    if action is Action.APPROVE:
        check_plan(plan.steps, plan.effective_from, local_day(uow.now))
        (await check_steps(plan.steps, plan.effective_from, caller, uow)).require_possible()
    decided = decide(plan, action, by=caller, now=uow.now, why=why)
    Restructurings.of(uow).put(decided)
    return decided.after


async def cancel_plan(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Restructuring:
    """The plan, called off before its instant."""
    plan = await _visible(id, version, caller, uow)
    line = await _above(plan, uow)
    above = caller.reach.everything or caller.reach.unit in line
    called_off = cancel(plan, above=above, by=caller, now=uow.now, why=why)
    Restructurings.of(uow).put(called_off)
    return called_off.after


def _require_one(checked: Checked, caller: Principal) -> None:
    """Somebody else's units alone are nobody's to plan."""
    reach = caller.reach
    if reach.everything:
        return
    changed = checked.outcome.changed
    below = (code for code in (*changed, *(checked.outcome.after[code].parent or "" for code in changed)))
    if reach.unit is None or not any(reach.unit in _line(checked, code) for code in below):
        raise OUTSIDE_REACH()


def _line(checked: Checked, code: str) -> set[str]:
    line: set[str] = set()
    for units in (checked.known, checked.outcome.after):
        at: str | None = code
        while at is not None and at in units and at not in line:
            line.add(at)
            at = units[at].parent
    return line


async def _above(plan: Restructuring, uow: UnitOfWork) -> list[str]:
    return [unit.code for unit in await Units.of(uow).ancestors(plan.area)] if plan.area else []


async def _visible(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Restructuring:
    await alone(uow)
    plan = await RestructuringReader(uow, caller).one(id)
    require_version(version, plan.version)
    return plan
