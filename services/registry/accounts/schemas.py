"""What the endpoints of accounts take and give."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from services.registry.accounts.account import Account
from services.registry.accounts.lifecycle import LIFE, Action, State
from services.registry.accounts.session import Device, HeldPost, Session
from services.registry.accounts.session_schemas import NewPassword, SessionPost, post_of
from shared.http.phones import plain_phone
from shared.http.types import Code, MediumText, ShortText, StrictModel, Subject

UserName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{1,63}$")]
Phone = Annotated[str, Field(pattern=r"^1[3-9][0-9]{9}$"), BeforeValidator(plain_phone)]


class AccountBody(StrictModel):
    """Who is to sign in. `unit` keeps the account; without one it is an administrator's of the whole platform."""

    person: Subject
    user: UserName
    name: ShortText
    unit: Code | None = None
    phone: Phone | None = None
    why: MediumText | None = None


class EditBody(StrictModel):
    """What the account is to say from now on; left out means none."""

    name: ShortText
    unit: Code | None = None
    phone: Phone | None = None
    why: MediumText | None = None


class WhyBody(StrictModel):
    why: MediumText | None = None


class ResetBody(WhyBody):
    """With `password`, a first one that you tell the person, who must choose another when they sign in with it. Without
    one a link is made."""

    password: NewPassword | None = None


class AccountOut(BaseModel):
    """`paused_until`: after failures nobody signs in until then. `possible`: what may be done now."""

    id: UUID
    person: str
    user: str
    name: str
    unit: str | None
    phone: str | None
    state: State
    paused_until: datetime | None
    must_change: bool
    has_password: bool
    possible: list[Action]
    version: int


class AccountSession(BaseModel):
    id: UUID
    device: Device
    started_at: datetime
    until: datetime


class AccountDetail(AccountOut):
    posts: list[SessionPost]
    sessions: list[AccountSession]


class LinkedAccount(AccountOut):
    """`code` signs in once until `code_until`: give the person the page's address with `#code=` and it. Both are null
    where a first password was given instead."""

    code: str | None
    code_until: datetime | None


def shown(account: Account) -> AccountOut:
    return AccountOut(**_facts(account))


def detail(account: Account, posts: Sequence[HeldPost], sessions: Sequence[Session]) -> AccountDetail:
    opened = [
        AccountSession(id=one.id, device=one.device, started_at=one.started_at, until=one.until) for one in sessions
    ]
    return AccountDetail(**_facts(account), posts=[post_of(held) for held in posts], sessions=opened)


def linked(account: Account, code: str | None, until: datetime) -> LinkedAccount:
    return LinkedAccount(**_facts(account), code=code, code_until=until if code else None)


def _facts(account: Account) -> dict[str, object]:
    names = ("id", "person", "user", "name", "unit", "phone", "state", "paused_until", "must_change", "version")
    told = {name: getattr(account, name) for name in names}
    return {**told, "has_password": account.password is not None, "possible": list(LIFE.possible(account.state))}
