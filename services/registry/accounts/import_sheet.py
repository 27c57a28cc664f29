"""Accounts of a table at once: all of it or nothing, and nothing again the second time. Each row is a POST.

An account that is there already and says the same gets no second link; one that says something else is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.registry.accounts.account import Account
from services.registry.accounts.make_account import link_for, make_account, new_account
from services.registry.accounts.reading import AccountReader
from services.registry.accounts.schemas import AccountBody
from services.registry.accounts.sheet import body_of
from services.registry.errors import ACCOUNT_DIFFERS
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.errors import CELL_MISSING
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Refused, take_each

MOST: Final = 1_000
"""Rows of one import: writers of the registry wait for each other meanwhile."""
LIFE: Final = timedelta(days=7)
"""How long the links of an import are good: they are handed out one by one."""


@dataclass(frozen=True, slots=True)
class Made:
    """An account that the table made, with the code of its link."""

    account: Account
    code: str


async def import_accounts(
    rows: Sequence[Row], caller: Principal, uow: UnitOfWork, *, why: str | None
) -> tuple[list[Made], Refused]:
    """Make what is not there. The unit of work must not be committed where a row was refused."""
    known = await AccountReader(uow, caller).by_person([row.values["person"] for row in rows])
    made: list[Made] = []

    async def take(row: Row) -> Done:
        body = body_of(row.values)
        if (stored := known.get(body.person)) is not None:
            _require_same(stored, body)
            return "same"
        if body.unit is None:  # whoever administers the whole platform is made by a form, not by a cell left out
            raise CELL_MISSING(field="unit")
        account = await make_account(
            new_account(body.person, body.user, body.name, body.unit, body.phone), caller, uow, why=why
        )
        made.append(Made(*await link_for(account.id, uow, by=caller.actor(), life=LIFE)))
        return "entered"

    taken = await take_each(rows, take)
    return made, taken.refused


def _require_same(stored: Account, told: AccountBody) -> None:
    for field in ("user", "name", "phone", "unit"):
        if getattr(stored, field) != getattr(told, field):
            raise ACCOUNT_DIFFERS(field=field)
