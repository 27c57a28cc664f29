"""Who keeps the ledgers of places (消防台账): grid workers of their grid, departments of the areas they serve. And whose
rows the files of premises show besides their own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request

from services.registry.premises.file_entry import FileEntry
from shared.auth.permissions import may
from shared.auth.principal import Principal, Role
from shared.db.unit_of_work import UnitOfWork

LEDGER_KEEPERS: Final = (Role.GRID_WORKER, Role.DEPARTMENT_HANDLER, Role.LEADER, Role.ADMIN)
LedgerKeeper = Annotated[Principal, may(*LEDGER_KEEPERS)]
INSPECTORS: Final = (*LEDGER_KEEPERS, Role.POLICE_LIAISON, Role.SAFETY_MANAGER)
"""Who sends inspections: a safety manager those of the own place, by itself."""
Inspector = Annotated[Principal, may(*INSPECTORS)]
PlaceKeeper = Annotated[Principal, may(*LEDGER_KEEPERS, Role.SAFETY_MANAGER)]
"""Besides, the safety manager of a place, for what the place itself keeps; the handlers say what that is."""

LedgerRows = Callable[[UnitOfWork, Principal, UUID, date | None], Awaitable[Sequence[FileEntry]]]
"""Finds what a ledger above knew of premises on a past day (None: today), as entries of their file: stored there alone,
shown here."""


async def _ledgers(request: Request) -> Sequence[LedgerRows]:
    ledgers: Sequence[LedgerRows] = request.app.state.file_ledgers
    return ledgers


EntryWritten = Callable[[FileEntry, Principal, UnitOfWork], Awaitable[None]]
"""What a slice above does about a new entry, in the transaction that writes it: it may count for a duty."""


async def _written(request: Request) -> EntryWritten:
    written: EntryWritten = request.app.state.entry_written
    return written


OnEntry = Annotated[EntryWritten, Depends(_written)]
FileLedgers = Annotated[Sequence[LedgerRows], Depends(_ledgers)]
