"""Which premises a table means that names them: by the number of their file, or by a name that only one of them has."""

from collections import defaultdict
from typing import Final

import sqlalchemy as sa

from services.registry.premises.errors import PREMISES_NAME_SHARED, PREMISES_NAME_UNKNOWN
from services.registry.premises.table import premises
from services.registry.units.names import folded
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.columns import Naming
from shared.units.scope import Scope

_TOLD: Final = 5


async def premises_named(uow: UnitOfWork, caller: Principal) -> Naming:
    """The number of the premises of the caller that are called so. Raises Invalid where none or several are."""
    columns = premises.c.number, premises.c.name, premises.c.address
    found = defaultdict[str, list[sa.Row[str, str, str]]](list)
    for row in await uow.connection.execute(Scope(units, caller, served=True).select(premises, *columns)):
        found[folded(row.name)].append(row)

    def number(told: str) -> str:
        several = found.get(folded(told), [])
        if len(several) > 1:
            listed = [f"{one.number} {one.address}" for one in several[:_TOLD]]
            raise PREMISES_NAME_SHARED(name=told, count=len(several), premises=listed)
        if not several:
            raise PREMISES_NAME_UNKNOWN(name=told)
        return str(several[0].number)

    return number
