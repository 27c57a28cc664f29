"""A person chooses another password, in a session of theirs."""

from collections.abc import Callable

from services.registry.accounts.account import Account, change_password, fail, refuse_name
from services.registry.accounts.passwords import Passwords
from services.registry.accounts.session import Session
from services.registry.accounts.sessions import View, current, end_sessions, view_of
from services.registry.accounts.store import Accounts
from services.registry.errors import PASSWORD_SAME, PASSWORD_WRONG, SESSION_OVER
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork


class ChangePassword:
    def __init__(self, uow: Callable[[], UnitOfWork], passwords: Passwords) -> None:
        self._uow, self._passwords = uow, passwords

    async def __call__(self, caller: Principal, old: str | None, new: str) -> View:
        """The session after the change; the person's others have ended. Who must choose one, or has none yet, is not
        asked for the old one. Raises Forbidden, Invalid."""
        async with self._uow() as uow:
            view = await current(uow, caller)
        account = view.account
        refuse_name(account, new)
        if account.password is not None and not account.must_change:
            if old is None or not await self._passwords.right(account.password, old):
                await self._failed(account, view.session)
                raise PASSWORD_WRONG()
            if old == new:
                raise PASSWORD_SAME()
        made = await self._passwords.hash(new)
        async with self._uow() as uow:
            stored = (await Accounts.of(uow).load([account.id]))[account.id]
            if stored.password != account.password or not stored.open_at(uow.now):
                raise SESSION_OVER()
            ended = await end_sessions(uow, account.id, but=view.session.id)
            change = change_password(stored, made, ended, now=uow.now, device=view.session.label)
            Accounts.of(uow).put(change)
            return await view_of(uow, change.after, view.session)

    async def _failed(self, account: Account, session: Session) -> None:
        """Count it, as a failure to sign in: whoever found a page open must not try passwords without end."""
        async with self._uow() as uow:
            stored = (await Accounts.of(uow).load([account.id]))[account.id]
            if stored.open_at(uow.now):
                Accounts.of(uow).put(fail(stored, now=uow.now, device=session.label))
