"""What goes on in a session: it is looked at, renewed, set to another post, and left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registry.accounts.account import Account, sign_out
from services.registry.accounts.lifecycle import State
from services.registry.accounts.passwords import digest
from services.registry.accounts.reading import held_posts
from services.registry.accounts.session import HeldPost, Session, chosen
from services.registry.accounts.store import Accounts, Sessions
from services.registry.errors import SESSION_MISSING, SESSION_OVER, SESSION_POST_NOT_HELD
from shared.auth.ended_sessions import note_ended
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.accounts import SessionEnded


@dataclass(frozen=True, slots=True)
class View:
    """A session as its person sees it. While a password must be chosen, no post can be acted in."""

    account: Account
    session: Session
    posts: Sequence[HeldPost]
    post: HeldPost | None
    now: datetime


async def view_of(uow: UnitOfWork, account: Account, session: Session) -> View:
    posts = await held_posts(uow, account, local_day(uow.now))
    return View(account, session, posts, None if account.must_change else chosen(session, posts), uow.now)


async def renew(uow: UnitOfWork, secret: str | None) -> View:
    """The session whose secret this is, as it is now. Raises Unauthenticated when it has ended."""
    session = await Sessions(uow).by_secret(digest(secret)) if secret else None
    account = await Accounts.of(uow).get(session.account) if session else None
    if session is None or account is None or account.state is State.LOCKED:
        raise SESSION_OVER()
    return await view_of(uow, account, session)


async def current(uow: UnitOfWork, caller: Principal) -> View:
    """The caller's session. Raises Conflict for a program, Unauthenticated when it has ended."""
    if caller.session is None:
        raise SESSION_MISSING()
    session = await Sessions(uow).by_id(caller.session)
    account = await Accounts.of(uow).get(session.account) if session else None
    if session is None or account is None:
        raise SESSION_OVER()
    return await view_of(uow, account, session)


async def choose_post(uow: UnitOfWork, caller: Principal, post: UUID) -> View:
    """The session, acting in another post from now on. Raises Invalid for one that the person does not hold."""
    view = await current(uow, caller)
    if all(held.id != post for held in view.posts):
        raise SESSION_POST_NOT_HELD()
    session = replace(view.session, post=post)
    await Sessions(uow).choose(session)
    return await view_of(uow, view.account, session)


async def end_sessions(
    uow: UnitOfWork, account: UUID, *, only: UUID | None = None, but: UUID | None = None
) -> tuple[SessionEnded, ...]:
    """End the sessions of an account (`only` one, or all `but` one): what its change must tell the other services."""
    gone = await Sessions(uow).end(account, only=only, but=but)
    ended = tuple(session.ended(uow.now) for session in gone)
    await note_ended(uow.connection, uow.tables.ended_sessions, ended)
    return ended


async def leave(uow: UnitOfWork, secret: str | None) -> None:
    """End the session whose secret this is, if it goes on."""
    session = await Sessions(uow).by_secret(digest(secret)) if secret else None
    if session is None:
        return
    account = (await Accounts.of(uow).load([session.account]))[session.account]
    ended = await end_sessions(uow, account.id, only=session.id)
    Accounts.of(uow).put(sign_out(account, ended, now=uow.now, device=session.label))
