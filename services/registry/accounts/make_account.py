"""An account is made, and a link that signs its person in once."""

from datetime import timedelta
from uuid import UUID

from services.registry.accounts.account import Account, make_link, register
from services.registry.accounts.competence import require_keeper
from services.registry.accounts.lifecycle import State
from services.registry.accounts.passwords import digest, new_secret
from services.registry.accounts.session import LINK_LIFE
from services.registry.accounts.store import Accounts, Links
from services.registry.errors import ACCOUNT_TAKEN, LINK_REFUSED
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict
from shared.ids import new_id


async def make_account(account: Account, caller: Principal, uow: UnitOfWork, *, why: str | None = None) -> Account:
    """Store the new `account`. Raises Forbidden, Invalid, and Conflict where a name of it is taken."""
    await alone(uow)
    await require_keeper(account, caller, uow, posts_too=True)
    change = register(account, by=caller.actor(), now=uow.now, why=why)
    await refuse_taken(account, uow)
    Accounts.of(uow).add(change)
    return account


async def refuse_taken(account: Account, uow: UnitOfWork) -> None:
    """Raise Conflict where another account has the person, user name or phone of this one."""
    for other in await Accounts.of(uow).same(account.person, account.user, account.phone):
        if other.id != account.id:
            raise _taken(account, other)


def _taken(account: Account, other: Account) -> Conflict:
    if account.person == other.person:
        return ACCOUNT_TAKEN(field="person", what="人员标识", what_en="person")
    if account.user == other.user:
        return ACCOUNT_TAKEN(field="user", what="用户名", what_en="user name")
    return ACCOUNT_TAKEN(field="phone", what="手机号", what_en="phone")


def new_account(person: str, user: str, name: str, unit: str | None, phone: str | None) -> Account:
    """An account whose person must choose a password first."""
    return Account(
        id=new_id(),
        person=person,
        user=user,
        name=name,
        unit=unit,
        phone=phone,
        password=None,
        state=State.ACTIVE,
        must_change=True,
        failures=0,
        paused_until=None,
        version=1,
    )


async def link_for(
    account_id: UUID, uow: UnitOfWork, *, by: Actor, life: timedelta = LINK_LIFE, why: str | None = None
) -> tuple[Account, str]:
    """The account with a new link, and its code. Raises Forbidden where the account is not there, or locked."""
    account = (await Accounts.of(uow).load([account_id])).get(account_id)
    if account is None or not account.open_at(uow.now):
        raise LINK_REFUSED()
    code, until = new_secret(), uow.now + life
    await Links(uow).add(digest(code), account.id, until)
    change = make_link(account, until, by=by, now=uow.now, why=why)
    Accounts.of(uow).put(change)
    return change.after, code
