"""Accounts as Excel: what a filter shows, a template with who holds a post and has no account yet, and an import of all or
nothing, whose answer holds the links by which the new people sign in. They are nowhere else."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from services.registry.accounts.account import Account
from services.registry.accounts.deps import AccessDep, Administrator
from services.registry.accounts.import_sheet import LIFE, import_accounts
from services.registry.accounts.reading import AccountReader, Wanted
from services.registry.accounts.schemas import AccountFilter
from services.registry.accounts.sheet import ACCOUNTS, LINKS, LISTED, row_of, row_without
from services.registry.units.import_sheet import RowsRefused, refused_file
from shared.clock import local_day
from shared.http.routes import router
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, WORKBOOK, XLSX, download, uploaded
from shared.sheets.streaming import exported

routes = router(tags=["账号 · Accounts"])

LARGEST: Final = 4 * 1024 * 1024
_PAGE: Final = 500
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {XLSX: {}}, "description": "新账号及其登录链接 · the new accounts with their links"},
    422: {
        "content": {XLSX: {}},
        "description": "有行被拒绝：原表加“问题 / Problem”列 · the rows that are refused, and why",
    },
}


class AccountImportQuery(QueryModel):
    """`why` goes on the trail of each new account."""

    why: MediumText | None = None


@routes.get("/accounts.xlsx", response_class=Response, responses=WORKBOOK)
async def export(query: Annotated[AccountFilter, Query()], caller: Administrator, access: AccessDep) -> Response:
    """All accounts that the same filter shows, as a workbook · 导出账号。"""
    wanted = Wanted(query.q, query.unit, query.below, query.state)
    async with access.uow() as uow:
        reader = AccountReader(uow, caller)

        async def pages() -> AsyncIterator[Sequence[Mapping[str, Any]]]:
            after: str | None = None
            while True:
                found, after = await reader.find(wanted, limit=_PAGE, after=after)
                roles = await reader.roles([account.person for account in found], local_day(uow.now))
                yield [row_of(account, roles.get(account.person, ())) for account in found]
                if after is None:
                    return

        content = await exported(LISTED, pages())
    return download(content, "账号 accounts.xlsx")


@routes.get("/accounts/template.xlsx", response_class=Response, responses=WORKBOOK)
async def template(caller: Administrator) -> Response:
    """An empty table of accounts with notes · 账号导入模板。"""
    return download(await asyncio.to_thread(ACCOUNTS.template), "账号模板 accounts.xlsx")


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
    query: Annotated[AccountImportQuery, Query()], request: Request, caller: Administrator, access: AccessDep
) -> Response:
    """Make the accounts of a table, all or nothing. The answer is a file with a link for each new one, good for seven
    days; refused rows come back as a file with a column that says why · 导入账号。"""
    content = await uploaded(request, LARGEST)
    reading = await asyncio.to_thread(ACCOUNTS.read, content)
    try:
        async with access.uow() as uow:
            made = await import_accounts(reading, caller, uow, why=query.why)
    except RowsRefused as refused:
        return await refused_file(ACCOUNTS, content, reading, refused, "账号")
    address, until = access.origin(request), uow.now + LIFE

    def row(account: Account, code: str) -> dict[str, Any]:
        return row_of(account) | {"link": f"{address}/app/desk/sign-in#code={code}", "until": until}

    return download(
        await asyncio.to_thread(LINKS.export, [row(one.account, one.code) for one in made]), "登录链接 links.xlsx"
    )
