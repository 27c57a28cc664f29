"""A person registers a unit, or states anew what is true of it."""

from datetime import date

from services.registry.competence import require_place, require_version
from services.registry.unit_of_work import RegistryUnitOfWork
from services.registry.units.reading import TreeReader
from services.registry.units.rules import Around, check
from services.registry.units.unit import Facts, Unit, put, takes_effect
from shared.auth.principal import Principal
from shared.errors import Conflict, NotFound
from shared.ids import new_id


async def put_unit(
    facts: Facts,
    expected: int | None,
    caller: Principal,
    uow: RegistryUnitOfWork,
    *,
    effective_from: date | None = None,
    why: str | None = None,
) -> Unit:
    """The unit with `facts`, new where `expected` is None, else a change of that version; the stored one where nothing
    differs.

    Raises Conflict (it is there already; another version; still in use), NotFound, Forbidden and Invalid.
    """
    await uow.alone()
    stored = await uow.units.load({facts.code, *facts.serves, *([facts.parent] if facts.parent else [])})
    before = stored.get(facts.code)
    _require_expected(expected, before)
    if before is not None:
        require_place(caller, await uow.units.line(facts.code))
    if before is None or before.facts.parent != facts.parent:
        # Nobody hangs a unit into somebody else's part of the tree.
        require_place(caller, await uow.units.line(facts.parent), own=True)
    if before is not None and before.facts == facts:
        return before
    now_true = before.facts if before else None
    effective = effective_from or takes_effect(now_true, facts, uow.today)
    check(
        facts,
        Around(
            today=uow.today,
            effective=effective,
            before=now_true,
            known={code: unit.facts for code, unit in stored.items()},
            below=await _below(facts, uow),
            holders=await uow.posts.held_in(facts.code, facts.valid_to or uow.today),
        ),
    )
    change = put(before, facts, id=new_id(), effective_from=effective, by=caller.actor(), now=uow.now, why=why)
    uow.units.put(change)
    return change.after


async def _below(facts: Facts, uow: RegistryUnitOfWork) -> list[str]:
    """What hangs under the unit today, and what hung there on the day on which it ends: what moved away only later
    would hang in the air in between."""
    codes = set(await uow.units.below(facts.code, uow.today))
    if facts.valid_to is not None and facts.valid_to < uow.today:
        then = TreeReader(uow.connection, facts.valid_to, uow.today)
        found, _ = await then.children(facts.code, limit=20, after=None)
        codes.update(unit.facts.code for unit in found)
    return sorted(codes)


def _require_expected(expected: int | None, before: Unit | None) -> None:
    if before is None:
        if expected is not None:
            raise NotFound(
                "unit_not_found",
                "没有这个单位；如要新建，请去掉 If-Match",
                "there is no such unit; to register it, leave If-Match away",
            )
    elif expected is None:
        raise Conflict(
            "unit_exists",
            "该编码的单位已存在；如要修改，请带上 If-Match（读取时得到的 ETag）",
            "a unit with this code is there already; to change it, send If-Match with the ETag you read",
            data={"version": before.version},
        )
    else:
        require_version(expected, before.version)
