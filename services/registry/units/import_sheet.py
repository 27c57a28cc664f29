"""Units of a table at once: all of it or nothing, and nothing again the second time. Each row is a PUT.

Reach and rules are those of `put_unit`, so a table can do nothing that a form cannot.
"""

from collections.abc import Sequence
from typing import Final

from services.registry.deps import Holders
from services.registry.units.kinds import TOP_DOWN
from services.registry.units.put_unit import put_unit
from services.registry.units.sheet import state_of
from services.registry.units.store import Units
from services.registry.units.unit import UnitState
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_each

MOST: Final = 2_000
"""Rows of one import, 15 ms each: writers wait for each other, so an import holds all others up while it runs."""


async def import_units(
    rows: Sequence[Row], caller: Principal, uow: UnitOfWork, holders: Holders, *, why: str | None
) -> Taken:
    """Register and change what the rows say. The unit of work must not be committed where one was refused."""
    await alone(uow)
    stored = await Units.of(uow).all()

    def told(row: Row) -> UnitState:
        before = stored.get(row.values["code"])
        return state_of(row, before.state if before else None)

    async def take(row: Row) -> Done:
        state = told(row)
        before = stored.get(state.code)
        if before is not None and before.state == state:
            return "same"
        expected = None if before is None else row.values["version"] or before.version
        await put_unit(state, expected, caller, uow, holders, why=why)
        return "entered" if before is None else "changed"

    return await take_each(sorted(rows, key=lambda row: _turn(told(row))), take)


def _turn(state: UnitState) -> tuple[bool, int]:
    """Parents before what hangs under them; units that end from the bottom up, when all others are where they belong."""
    depth = TOP_DOWN.index(state.kind)
    ends = state.valid_to is not None
    return ends, -depth if ends else depth
