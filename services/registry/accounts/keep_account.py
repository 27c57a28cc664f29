"""What administrators do to an account that is there: edit, lock, unlock, reset."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from services.registry.accounts.account import Account, edit, lock, reset, unlock
from services.registry.accounts.competence import require_keeper
from services.registry.accounts.make_account import link_for, refuse_taken
from services.registry.accounts.reading import AccountReader
from services.registry.accounts.sessions import end_sessions
from services.registry.accounts.store import Accounts, Links
from services.registry.errors import ACCOUNT_OWN
from services.registry.schema import tables
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.trail.read import require_seen

_COMING_AND_GOING: Final = ("sign_in", "fail", "sign_out")
"""Whoever guesses passwords keeps nobody from locking the account."""


async def edit_account(
    id: UUID, version: int, name: str, phone: str | None, unit: str | None, caller: Principal, uow: UnitOfWork, *,
    why: str | None,
) -> Account:  # fmt: skip
    """Another name, phone or keeping unit. Raises NotFound, Forbidden, Conflict, Invalid."""
    await alone(uow)
    account = await _read(id, version, caller, uow)
    moved = replace(account, unit=unit)
    if unit != account.unit:
        # Who gets it to keep could then reset it.
        await require_keeper(moved, caller, uow, posts_too=True)
    change = edit(account, name, phone, unit, by=caller.actor(), now=uow.now, why=why)
    await refuse_taken(change.after, uow)
    Accounts.of(uow).put(change)
    return change.after


async def lock_account(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Account:
    """Nobody signs in any more; sessions and links are void. Raises NotFound, Conflict."""
    account = await _read(id, version, caller, uow)
    _refuse_own(account, caller)
    await Links(uow).void(account.id)
    change = lock(account, await end_sessions(uow, account.id), by=caller.actor(), now=uow.now, why=why)
    Accounts.of(uow).put(change)
    return change.after


async def unlock_account(id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Account:
    """The person may sign in again. Raises NotFound, Conflict."""
    account = await _read(id, version, caller, uow)
    change = unlock(account, by=caller.actor(), now=uow.now, why=why)
    Accounts.of(uow).put(change)
    return change.after


async def reset_account(
    id: UUID, version: int, caller: Principal, uow: UnitOfWork, *, why: str | None, password: str | None = None
) -> tuple[Account, str | None]:
    """The account without its old password, and the code of a link by which its person chooses another; no link where
    `password` is the hash of a first one. Raises NotFound, Forbidden where the person may do things beyond the caller's
    reach, Conflict."""
    await alone(uow)  # nobody gives the person a post elsewhere meanwhile
    account = await _read(id, version, caller, uow)
    _refuse_own(account, caller)
    await require_keeper(account, caller, uow, posts_too=True)
    await Links(uow).void(account.id)
    ended = await end_sessions(uow, account.id)
    change = reset(account, ended, by=caller.actor(), now=uow.now, why=why, password=password)
    Accounts.of(uow).put(change)
    if password is not None:
        return change.after, None
    made, code = await link_for(change.after.id, uow, by=caller.actor())
    return made, code


async def _read(id: UUID, version: int, caller: Principal, uow: UnitOfWork) -> Account:
    """The account, locked until the transaction ends, if it is the caller's to keep and as they saw it, whoever signed in
    or failed to meanwhile."""
    await AccountReader(uow, caller).one(id)
    account = (await Accounts.of(uow).load([id]))[id]
    await require_seen(uow.connection, tables, id, version, account.version, besides=_COMING_AND_GOING)
    return account


def _refuse_own(account: Account, caller: Principal) -> None:
    if account.person == caller.subject:
        raise ACCOUNT_OWN()
