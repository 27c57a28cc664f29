"""The fire-safety files of premises over HTTP: what stands in one, writing into it, what is due, one workbook."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.registry.deps import PlaceReader, Registry, RegistryDep, trail_route
from services.registry.errors import FILE_ITEM_OF_LEDGER, FILE_ITEM_UNKNOWN
from services.registry.premises.deps import FileLedgers, OnEntry, PlaceKeeper
from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_items import ITEMS, Item
from services.registry.premises.file_reading import FileReader
from services.registry.premises.file_schemas import (
    DueEntry,
    DueQuery,
    EntryChange,
    EntryIn,
    EntryOut,
    FileOut,
    FileQuery,
    ItemsOut,
    StrikeOut,
    due_entry,
    entry_out,
    items_out,
)
from services.registry.premises.file_sheet import checked, file_workbook
from services.registry.premises.file_store import FileEntries
from services.registry.premises.keep_file import rewrite_entry, strike_out_entry, write_entry
from services.registry.premises.reading import AHEAD, PremisesReader
from services.registry.schema import files
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.files.attach import DocumentOut, documents_of
from shared.http.call import Call
from shared.http.days import AsOf
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
from shared.http.types import Id
from shared.http.uploads import WORKBOOK, download

routes = router(tags=["消防档案 · Fire-safety files"])


@routes.get("/premises/file-items")
async def items(caller: PlaceReader) -> ItemsOut:
    """What a file has entries for, with their columns (公安部令第61号) · 档案目录。"""
    return items_out()


@routes.get("/premises/file-due")
async def due(query: Annotated[DueQuery, Query()], caller: PlaceReader, registry: RegistryDep) -> PageOut[DueEntry]:
    """Maintenance, services and certificates that are due, the most urgent first · 到期提醒。"""
    async with registry.uow() as uow:
        before = query.before or local_day(uow.now) + AHEAD
        found = await FileReader(uow, caller).due(before, query.area).page(query.limit, query.after)
    return PageOut.of(found, due_entry)


@routes.get("/premises/{premises_id}/file")
async def file(
    premises_id: Id,
    query: Annotated[FileQuery, Query()],
    caller: PlaceReader,
    registry: RegistryDep,
    ledgers: FileLedgers,
) -> FileOut:
    """All entries of one file, as they are or stood on a past day, with the rows of the ledgers that it shows (`ledger`)
    · 一户一档。"""
    async with registry.uow() as uow:
        await PremisesReader(uow, caller, query.as_of).one(premises_id)
        entries = [*await FileReader(uow, caller).of(premises_id, struck_out=query.struck_out, as_of=query.as_of)]
        for rows_of in ledgers:
            entries += await rows_of(uow, caller, premises_id, query.as_of)
        documents = await _documents(entries, uow)
    return FileOut(entries=[entry_out(entry, documents) for entry in entries])


@routes.get("/premises/{premises_id}/file.xlsx", response_class=Response, responses=WORKBOOK)
async def workbook(
    premises_id: Id, query: Annotated[AsOf, Query()], caller: PlaceReader, registry: RegistryDep, ledgers: FileLedgers
) -> Response:
    """The whole file as one workbook, a sheet per item · 导出一户一档。"""
    async with registry.uow() as uow:
        one = await PremisesReader(uow, caller, query.as_of).one(premises_id)
        entries = [*await FileReader(uow, caller).of(premises_id, struck_out=False, as_of=query.as_of)]
        for rows_of in ledgers:
            entries += await rows_of(uow, caller, premises_id, query.as_of)
    return download(await asyncio.to_thread(file_workbook, one, entries), f"消防档案 {one.number}.xlsx")


@routes.post("/premises/{premises_id}/file", status_code=201)
async def write(
    premises_id: Id, body: EntryIn, caller: PlaceKeeper, registry: RegistryDep, written: OnEntry, response: Response
) -> EntryOut:
    """Write an entry into the file. A full test, a cleaning of flues or an assessment counts for the duty · 档案登记。"""
    item = _item(body.item)
    async with registry.uow() as uow:
        entry = await write_entry(premises_id, item.code, checked(item, body.values), body.documents, caller, uow)
        await written(entry, caller, uow)
        documents = await _documents([entry], uow)
    answer(response, entry.version)
    return entry_out(entry, documents)


entries = Things(routes, "/premises/file/{entry_id}", RegistryDep)


@entries.get(PlaceReader)
async def read(entry_id: Id, call: Call[Registry]) -> EntryOut:
    """One entry; its ETag is what a change wants · 单条档案。"""
    return await _shown(await FileReader(call.uow, call.caller).one(entry_id), call)


trail_route(routes, "/premises/file/{entry_id}", FileReader, "the entry")


@entries.put(PlaceKeeper)
async def rewrite(entry_id: Id, version: ExpectedVersion, body: EntryChange, call: Call[Registry]) -> EntryOut:
    """Correct an entry as you read it (If-Match) · 更正档案。"""
    before = await FileReader(call.uow, call.caller).one(entry_id)
    values = checked(ITEMS[before.item], body.values)
    entry = await rewrite_entry(entry_id, version, values, body.documents, call.caller, call.uow, why=body.why)
    return await _shown(entry, call)


@entries.act(PlaceKeeper, "strike-out")
async def strike_out(entry_id: Id, version: ExpectedVersion, body: StrikeOut, call: Call[Registry]) -> EntryOut:
    """Strike an entry out as you read it (If-Match); it stays readable · 作废。"""
    return await _shown(await strike_out_entry(entry_id, version, call.caller, call.uow, why=body.why), call)


async def _shown(entry: FileEntry, call: Call[Registry]) -> EntryOut:
    return entry_out(entry, await _documents([entry], call.uow))


async def _documents(entries: Sequence[FileEntry], uow: UnitOfWork) -> Mapping[UUID, list[DocumentOut]]:
    return await documents_of(uow.connection, files, FileEntries.kind, [entry.id for entry in entries])


def _item(code: str) -> Item:
    if code not in ITEMS:
        raise FILE_ITEM_UNKNOWN(possible=list(ITEMS), data={"possible": list(ITEMS)})
    item = ITEMS[code]
    if item.ledger:
        raise FILE_ITEM_OF_LEDGER(item=item.zh, item_en=item.en, ledger=item.ledger)
    return item
