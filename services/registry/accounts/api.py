"""Accounts over HTTP, for administrators: who may sign in within their part of the tree; making, editing, locking,
unlocking and resetting. A code that signs in is in the answer that made it, and nowhere else."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.accounts.deps import AccessDep, Administrator
from services.registry.accounts.keep_account import edit_account, lock_account, reset_account, unlock_account
from services.registry.accounts.make_account import link_for, make_account, new_account
from services.registry.accounts.reading import AccountQuery, AccountReader, held_posts
from services.registry.accounts.schemas import (
    AccountBody,
    AccountDetail,
    AccountOut,
    EditBody,
    LinkedAccount,
    ResetBody,
    WhyBody,
    detail,
    linked,
    shown,
)
from services.registry.accounts.session import LINK_LIFE
from services.registry.accounts.store import Sessions
from services.registry.schema import tables
from shared.clock import local_day
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.types import Id
from shared.trail.read import TrailOut, trail_of

routes = router(tags=["账号 · Accounts"])


@routes.get("/accounts")
async def find(
    query: Annotated[AccountQuery, Query()], caller: Administrator, access: AccessDep
) -> PageOut[AccountOut]:
    """Accounts that you keep, by user name · 账号列表。"""
    async with access.uow() as uow:
        found = await AccountReader(uow, caller).find(query).page(query.limit, query.after)
    return PageOut.of(found, shown)


@routes.get("/accounts/{account_id}")
async def read(account_id: Id, caller: Administrator, access: AccessDep, response: Response) -> AccountDetail:
    """One account with the posts of its person and its sessions · 单个账号。"""
    async with access.uow() as uow:
        account = await AccountReader(uow, caller).one(account_id)
        posts = await held_posts(uow, account, local_day(uow.now))
        sessions = await Sessions(uow).of(account.id)
    answer(response, account.version)
    return detail(account, posts, sessions)


@routes.get("/accounts/{account_id}/trail")
async def trail(account_id: Id, caller: Administrator, access: AccessDep) -> TrailOut:
    """Every sign-in, failure, lock and reset, hash-chained · 留痕。"""
    async with access.uow() as uow:
        await AccountReader(uow, caller).one(account_id)
        return await trail_of(uow.connection, tables, account_id)


@routes.post("/accounts", status_code=201)
async def make(body: AccountBody, caller: Administrator, access: AccessDep, response: Response) -> LinkedAccount:
    """Make an account, and a link by which its person chooses a password · 新建账号。"""
    account = new_account(body.person, body.user, body.name, body.unit, body.phone)
    async with access.uow() as uow:
        await make_account(account, caller, uow, why=body.why)
        made, code = await link_for(account.id, uow, by=caller.actor())
    answer(response, made.version)
    return linked(made, code, uow.now + LINK_LIFE)


@routes.put("/accounts/{account_id}")
async def edit(
    account_id: Id, body: EditBody, version: ExpectedVersion, caller: Administrator, access: AccessDep,
    response: Response,
) -> AccountOut:  # fmt: skip
    """Another name, phone or keeping unit · 修改账号。"""
    async with access.uow() as uow:
        account = await edit_account(account_id, version, body.name, body.phone, body.unit, caller, uow, why=body.why)
    answer(response, account.version)
    return shown(account)


@routes.post("/accounts/{account_id}/lock")
async def lock(
    account_id: Id, body: WhyBody, version: ExpectedVersion, caller: Administrator, access: AccessDep,
    response: Response,
) -> AccountOut:  # fmt: skip
    """Nobody signs in any more; who is signed in is out within a minute · 锁定。"""
    async with access.uow() as uow:
        account = await lock_account(account_id, version, caller, uow, why=body.why)
    answer(response, account.version)
    return shown(account)


@routes.post("/accounts/{account_id}/unlock")
async def unlock(
    account_id: Id, body: WhyBody, version: ExpectedVersion, caller: Administrator, access: AccessDep,
    response: Response,
) -> AccountOut:  # fmt: skip
    """Signing in is possible again, also for who only failed too often · 解锁。"""
    async with access.uow() as uow:
        account = await unlock_account(account_id, version, caller, uow, why=body.why)
    answer(response, account.version)
    return shown(account)


@routes.post("/accounts/{account_id}/reset")
async def reset(
    account_id: Id, body: ResetBody, version: ExpectedVersion, caller: Administrator, access: AccessDep,
    response: Response,
) -> LinkedAccount:  # fmt: skip
    """The old password is void, sessions end; a new link, or a first password, lets the person choose another ·
    重置密码。"""
    password = await access.passwords.hash(body.password) if body.password is not None else None
    async with access.uow() as uow:
        account, code = await reset_account(account_id, version, caller, uow, why=body.why, password=password)
    answer(response, account.version)
    return linked(account, code, uow.now + LINK_LIFE)
