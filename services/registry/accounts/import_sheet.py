"""Accounts of a table at once: all of it or nothing, and nothing again the second time. Each row is a POST.

An account that is there already and says the same gets no second link; one that says something else is refused.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.registry.accounts.account import Account
from services.registry.accounts.make_account import link_for, make_account, new_account
from services.registry.accounts.reading import AccountReader
from services.registry.accounts.schemas import AccountBody
from services.registry.accounts.sheet import ACCOUNTS, body_of
from services.registry.errors import ACCOUNT_DIFFERS, IMPORT_TOO_LONG
from services.registry.units.import_sheet import RowsRefused
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.sheets.reading import Reading

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
    reading: Reading, caller: Principal, uow: UnitOfWork, *, why: str | None = None
) -> list[Made]:
    """Make what is not there. Raises RowsRefused for bad rows, Invalid for too many of them; the unit of work must not be
    committed then."""
    if len(reading.rows) > MOST:
        raise IMPORT_TOO_LONG(most=MOST)
    known = await AccountReader(uow, caller).by_person([row.values["person"] for row in reading.rows])
    refusals, made = list(reading.refusals), []
    for row in reading.rows:
        body = body_of(row.values)
        try:
            stored = known.get(body.person)
            if stored is not None:
                _require_same(stored, body)
                continue
            account = await make_account(
                new_account(body.person, body.user, body.name, body.unit, body.phone), caller, uow, why=why
            )
            after, code = await link_for(account.id, uow, by=caller.actor(), life=LIFE)
        except GridGovError as error:
            refusals.append(reading.refuse(row, ACCOUNTS.column(error.field), error))
        else:
            made.append(Made(after, code))
    if refusals:
        raise RowsRefused(refusals)
    return made


def _require_same(stored: Account, told: AccountBody) -> None:
    for field in ("user", "name", "phone", "unit"):
        if getattr(stored, field) != getattr(told, field):
            raise ACCOUNT_DIFFERS(field=field)
