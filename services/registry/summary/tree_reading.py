"""The tree by which a period is summed: as it stood on the period's last day."""

from datetime import date

import sqlalchemy as sa

from services.registry.units.reading import TreeReader
from services.registry.units.table import successions, units
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import succeeded, unscoped


def tree_on(uow: UnitOfWork, last: date) -> sa.FromClause:
    """The units of a period's last local day; today's where it is not over."""
    return TreeReader(uow, last if last < local_day(uow.now) else None).rows


async def parents_on(uow: UnitOfWork, last: date) -> dict[str, str | None]:
    """Code → its parent's, of every unit that there ever was: as it hung on the day; what had ended counts for who
    succeeded it, and what came later is summed where it hangs now."""
    rows, why = tree_on(uow, last), "numbers of units are summed by the tree, which is no secret"
    execute = uow.connection.execute
    parents = {row.code: row.parent for row in await execute(unscoped(units, units.c.code, units.c.parent, why=why))}
    then = {row.code: row.parent for row in await execute(sa.select(rows.c.code, rows.c.parent))}
    ended = unscoped(units, units.c.code, why=why).where(units.c.valid_to <= last)
    successors = {row.unit: row.successor for row in await execute(succeeded(units, successions))}
    parents |= {code: successors[code] for code in await uow.connection.scalars(ended) if code in successors}
    return parents | then
