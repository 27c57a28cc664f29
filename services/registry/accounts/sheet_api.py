"""Accounts as Excel: what a filter shows, a template with who holds a post and has no account yet, and an import of all or
nothing. Its answer holds the links by which the new people sign in; they are nowhere else."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from services.registry.accounts.account import Account
from services.registry.accounts.by_name_reading import by_name
from services.registry.accounts.deps import Access, AccessDep, Administrator
from services.registry.accounts.import_sheet import LIFE, MOST, import_accounts
from services.registry.accounts.reading import AccountFilter, AccountReader
from services.registry.accounts.sheet import ACCOUNTS, LINKS, LISTED, row_of, row_without
from shared.clock import local_day
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import (
    LARGEST,
    ImportQuery,
    Pages,
    export_route,
    refused_file,
    sent_table,
    template_route,
)
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, XLSX, download
from shared.sheets.taking import RowsRefused

routes = router(tags=["账号 · Accounts"])

_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {XLSX: {}}, "description": "新账号及其登录链接 · the new accounts with their links"},
    **REFUSED_ROWS,
}


async def _rows(query: AccountFilter, call: Call[Access]) -> Pages:
    reader, day = AccountReader(call.uow, call.caller), local_day(call.uow.now)
    async for page in reader.find(query).whole():
        roles = await reader.roles([account.person for account in page], day)
        yield [row_of(account, roles.get(account.person, ())) for account in page]


export_route(routes, LISTED, "/accounts", service=AccessDep, sees=Administrator, filter=AccountFilter, rows=_rows)
template_route(routes, ACCOUNTS, "/accounts", sees=Administrator)


@routes.get("/accounts/without.xlsx", response_class=Response, responses=WORKBOOK)
async def without(caller: Administrator, access: AccessDep) -> Response:
    """Who holds a post and has no account, ready to be imported once the names are filled in · 尚无账号的任职人员。"""
    async with access.uow() as uow:
        found = await AccountReader(uow, caller).without(local_day(uow.now))
    return download(await asyncio.to_thread(ACCOUNTS.export, map(row_without, found)), "待建账号 accounts.xlsx")


@routes.post(
    "/accounts/import", max_body_size=LARGEST, response_class=Response, openapi_extra=FILE_BODY, responses=_ANSWERS
)
async def import_(
    query: Annotated[ImportQuery, Query()], request: Request, caller: Administrator, access: AccessDep
) -> Response:
    """Make the accounts of a table, all or nothing. The answer is a file with a link for each new one, good for seven
    days; refused rows come back as a file with a column that says why · 导入账号。"""
    called = await by_name(access.uow, caller, ACCOUNTS.kinds)
    sent = await sent_table(request, ACCOUNTS, MOST, called)
    try:
        async with access.uow() as uow:
            made, refused = await import_accounts(sent.reading.rows, caller, uow, why=query.why)
            sent.require_all(refused)
    except RowsRefused as why:
        return await refused_file(why)
    address, until = access.origin(request), uow.now + LIFE

    def row(account: Account, code: str) -> dict[str, Any]:
        return row_of(account) | {"link": f"{address}/app/desk/sign-in#code={code}", "until": until}

    return download(
        await asyncio.to_thread(LINKS.export, [row(one.account, one.code) for one in made]), "登录链接 links.xlsx"
    )
