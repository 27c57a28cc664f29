"""Who keeps the ledgers of places (消防台账): grid workers of their grid, departments of the areas they serve."""

from typing import Annotated

from shared.auth.permissions import may
from shared.auth.principal import Principal, Role

LedgerKeeper = Annotated[Principal, may(Role.GRID_WORKER, Role.DEPARTMENT_HANDLER, Role.LEADER, Role.ADMIN)]
