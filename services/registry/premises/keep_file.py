"""A person writes into a premises' file, corrects an entry, or strikes it out."""

from collections.abc import Sequence
from uuid import UUID

from services.registry.errors import FILE_ITEM_OF_AUTHORITY, FILE_TOO_LONG
from services.registry.premises.file_entry import FileEntry, rewrite, strike_out, write
from services.registry.premises.file_items import ITEMS, Values
from services.registry.premises.file_reading import FileReader
from services.registry.premises.file_store import FileEntries
from services.registry.premises.reading import PremisesReader
from services.registry.schema import files
from shared.auth.principal import Principal, Role
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.files.attach import attach
from shared.files.table import Thing
from shared.ids import new_id

MOST = 2_000
"""Entries of one file that hold; a file is read whole."""


async def write_entry(
    premises_id: UUID, item: str, values: Values, documents: Sequence[UUID], caller: Principal, uow: UnitOfWork
) -> FileEntry:
    """The new entry. Raises NotFound, Forbidden, Invalid for a file that is full, and as `attach` does."""
    _require_writer(item, caller)
    one = await PremisesReader(uow, caller).one(premises_id)
    if len(await FileReader(uow, caller).of(premises_id, struck_out=False)) >= MOST:
        raise FILE_TOO_LONG(most=MOST)
    change = write(new_id(), one.id, item, values, by=caller.actor(), now=uow.now)
    FileEntries.of(uow).add(change)
    await _attach(change.after, documents, caller, uow)
    return change.after


async def rewrite_entry(
    id: UUID, version: int, values: Values, documents: Sequence[UUID], caller: Principal, uow: UnitOfWork, *,
    why: str | None,
) -> FileEntry:  # fmt: skip
    """The entry with other values, and more documents. Raises NotFound, Forbidden and Conflict, and as `attach` does."""
    before = await _seen(id, version, caller, uow)
    if before.values == values and not documents:
        return before
    change = rewrite(before, values, len(documents), by=caller.actor(), now=uow.now, why=why)
    FileEntries.of(uow).put(change)
    await _attach(change.after, documents, caller, uow)
    return change.after


async def strike_out_entry(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None) -> FileEntry:
    """The entry, struck out today. Raises NotFound, Forbidden and Conflict."""
    before = await _seen(id, version, caller, uow)
    change = strike_out(before, local_day(uow.now), by=caller.actor(), now=uow.now, why=why)
    FileEntries.of(uow).put(change)
    return change.after


async def _attach(entry: FileEntry, documents: Sequence[UUID], caller: Principal, uow: UnitOfWork) -> None:
    thing = Thing(FileEntries.kind, entry.id, FileEntries.kind)
    await attach(uow, files, documents, thing, caller.subject, documents=True)


async def _seen(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> FileEntry:
    before = await FileReader(uow, caller).one(id)
    _require_writer(before.item, caller)
    require_version(version, before.version)
    return before


def _require_writer(item: str, caller: Principal) -> None:
    known = ITEMS[item]
    if known.of_authority and caller.role is Role.SAFETY_MANAGER:
        raise FILE_ITEM_OF_AUTHORITY(item=known.zh, item_en=known.en)
