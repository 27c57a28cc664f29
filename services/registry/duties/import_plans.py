"""Plans of a table at once: all of it or nothing, and nothing again the second time. Each row is a form's."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.registry.duties.put_plan import Stated, add_plan, change_plan, require_area
from services.registry.duties.store import Plans
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_each

MOST: Final = 5_000


async def import_plans(
    told: Sequence[tuple[Row, Stated]], caller: Principal, uow: UnitOfWork, *, why: str | None
) -> Taken:
    """Make and change what the rows say. The unit of work must not be committed where one was refused."""
    await alone(uow)
    following = iter(told)
    stored = {(one.duty, one.variant, one.area): one for one in await Plans.of(uow).all()}

    async def take(row: Row) -> Done:
        stated = next(following)[1]
        before = stored.get(stated.key)
        if before is not None:
            stated = replace(stated, terms=replace(stated.terms, **row.kept(before.terms)))
        if before is not None and before.terms == stated.terms:
            return "same"
        await require_area(stated.area, caller, uow)
        if before is None:
            add_plan(stated, caller, uow, why)
            return "entered"
        change_plan(before, stated.terms, caller, uow, why)
        return "changed"

    return await take_each((row for row, _ in told), take)
