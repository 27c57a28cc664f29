"""What the endpoints of sessions take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.accounts.session import Device, HeldPost
from services.registry.accounts.sessions import View
from services.registry.posts.roles import ZH
from shared.auth.principal import Principal, Role
from shared.http.types import Id, StrictModel, Text

UserName = Annotated[str, Text(1, 100)]
Password = Annotated[str, Text(1, 128)]
NewPassword = Annotated[str, Text(10, 128)]


class SignInBody(StrictModel):
    """`user`: user name or phone. `device` says how long the session stays: a desk 12 hours, others 30 days."""

    user: UserName
    password: Password
    device: Device = Device.DESK


class LinkBody(StrictModel):
    """`code` is what stands behind `#code=` in the link."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{20,100}$")]
    device: Device = Device.DESK


class ChooseBody(StrictModel):
    post: Id


class PasswordBody(StrictModel):
    """`old` is not asked for while a password must be chosen."""

    old: Password | None = None
    new: NewPassword


class SessionUnit(BaseModel):
    id: UUID
    code: str
    name: str


class SessionPremises(BaseModel):
    id: UUID
    number: str
    name: str


class SessionPost(BaseModel):
    """`acts_as`: the role in which the API knows the holder. No unit: the whole platform. `premises`: a safety manager's."""

    id: UUID
    role: str
    role_zh: str
    acts_as: Role
    unit: SessionUnit | None
    premises: SessionPremises | None


class SessionOut(BaseModel):
    """Who I am. `post` is the id of the one in which I act. Renew before `expires_at`; at `until` the session is over.

    A program with a token of its own has no account, and no post but what its token says.
    """

    account: UUID | None
    person: str
    user: str | None
    name: str
    role: Role
    unit: str | None
    post: UUID | None
    posts: list[SessionPost]
    must_change: bool
    device: Device | None
    expires_at: datetime | None
    until: datetime | None


def shown(view: View, expires_at: datetime | None) -> SessionOut:
    session, account = view.session, view.account
    return SessionOut(
        account=account.id,
        person=account.person,
        user=account.user,
        name=account.name,
        role=view.post.acts_as if view.post else Role.RESIDENT,
        unit=view.post.unit if view.post else None,
        post=view.post.id if view.post else None,
        posts=[post_of(held) for held in view.posts],
        must_change=account.must_change,
        device=session.device,
        expires_at=expires_at,
        until=session.until,
    )


def of_program(caller: Principal) -> SessionOut:
    return SessionOut(
        account=None, person=caller.subject, user=None, name=caller.subject, role=caller.role, unit=caller.unit, post=None,
        posts=[], must_change=False, device=None, expires_at=caller.expires_at, until=None,
    )  # fmt: skip


def post_of(held: HeldPost) -> SessionPost:
    unit = None
    if held.unit_id is not None:
        unit = SessionUnit(id=held.unit_id, code=held.unit or "", name=held.unit_name or "")
    premises = None
    if held.premises_id is not None:
        premises = SessionPremises(
            id=held.premises_id, number=held.premises_number or "", name=held.premises_name or ""
        )
    zh = ZH[held.role] if unit else "平台管理员"
    return SessionPost(id=held.id, role=held.role, role_zh=zh, acts_as=held.acts_as, unit=unit, premises=premises)
