"""Who keeps the ledgers of places (消防台账): grid workers of their grid, departments of the areas they serve."""

from typing import Annotated, Final

from shared.auth.permissions import may
from shared.auth.principal import Principal, Role

LEDGER_KEEPERS: Final = (Role.GRID_WORKER, Role.DEPARTMENT_HANDLER, Role.LEADER, Role.ADMIN)
LedgerKeeper = Annotated[Principal, may(*LEDGER_KEEPERS)]
