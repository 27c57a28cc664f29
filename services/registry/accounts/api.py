"""Accounts over HTTP, for administrators: who may sign in within their part of the tree; making, editing, locking,
unlocking and resetting. A code that signs in is in the answer that made it, and nowhere else."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.accounts.deps import Access, AccessDep, Administrator
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
from shared.http.call import Call
from shared.http.etags import ExpectedVersion, answer
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.http.things import Things
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


accounts = Things(routes, "/accounts/{account_id}", AccessDep)


@accounts.get(Administrator)
async def read(account_id: Id, call: Call[Access]) -> AccountDetail:
    """One account with the posts of its person and its sessions · 单个账号。"""
    account = await AccountReader(call.uow, call.caller).one(account_id)
    posts = await held_posts(call.uow, account, local_day(call.uow.now))
    return detail(account, posts, await Sessions(call.uow).of(account.id))


@routes.get("/accounts/{account_id}/trail")
async def trail(account_id: Id, caller: Administrator, access: AccessDep) -> TrailOut:
    """Every sign-in, failure, lock and reset, hash-chained · 留痕。"""
    async with access.uow() as uow:
        await AccountReader(uow, caller).one(account_id)
        return await trail_of(uow.connection, tables, account_id)


@accounts.post(Administrator)
async def make(body: AccountBody, call: Call[Access]) -> LinkedAccount:
    """Make an account, and a link by which its person chooses a password · 新建账号。"""
    account = new_account(body.person, body.user, body.name, body.unit, body.phone)
    await make_account(account, call.caller, call.uow, why=body.why)
    made, code = await link_for(account.id, call.uow, by=call.caller.actor())
    return linked(made, code, call.uow.now + LINK_LIFE)


@accounts.put(Administrator)
async def edit(account_id: Id, version: ExpectedVersion, body: EditBody, call: Call[Access]) -> AccountOut:
    """Another name, phone or keeping unit · 修改账号。"""
    said = body.name, body.phone, body.unit
    return shown(await edit_account(account_id, version, *said, call.caller, call.uow, why=body.why))


@accounts.act(Administrator, "lock")
async def lock(account_id: Id, version: ExpectedVersion, body: WhyBody, call: Call[Access]) -> AccountOut:
    """Nobody signs in any more; who is signed in is out within a minute · 锁定。"""
    return shown(await lock_account(account_id, version, call.caller, call.uow, why=body.why))


@accounts.act(Administrator, "unlock")
async def unlock(account_id: Id, version: ExpectedVersion, body: WhyBody, call: Call[Access]) -> AccountOut:
    """Signing in is possible again, also for who only failed too often · 解锁。"""
    return shown(await unlock_account(account_id, version, call.caller, call.uow, why=body.why))


@routes.post("/accounts/{account_id}/reset")
async def reset(
    account_id: Id, body: ResetBody, version: ExpectedVersion, caller: Administrator, access: AccessDep,
    response: Response,
) -> LinkedAccount:  # fmt: skip
    """The old password is void, sessions end; a new link, or a first password, lets the person choose another ·
    重置密码。"""
    # Before the transaction: hashing takes as long as a connection should be held for a hundred requests.
    password = await access.passwords.hash(body.password) if body.password is not None else None
    async with access.uow() as uow:
        account, code = await reset_account(account_id, version, caller, uow, why=body.why, password=password)
    answer(response, account.version)
    return linked(account, code, uow.now + LINK_LIFE)
