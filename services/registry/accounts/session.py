"""A session: one browser in which a person is signed in, for how long, and in which of their posts they act.

The browser keeps a short token, which all services verify alone, and a secret of its own by which registry gives it the
next one. Whoever copies the token from somewhere has it for minutes, and cannot renew it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registry.posts.roles import ACTS_AS
from shared.auth.principal import Role
from shared.events.registry.accounts import SessionEnded

TOKEN_LIFE: Final = timedelta(minutes=5)
"""So long a token is good; its session is asked for when it is renewed."""
LINK_LIFE: Final = timedelta(hours=24)


class Device(StrEnum):
    PHONE = "phone"
    DESK = "desk"
    BOARD = "board"


STAYS: Final[Mapping[Device, timedelta]] = {
    Device.PHONE: timedelta(days=30),
    Device.DESK: timedelta(hours=12),
    Device.BOARD: timedelta(days=30),  # a screen on a wall, where nobody types
}
"""How long a session goes on from the sign-in, by what it is on."""


@dataclass(frozen=True, slots=True)
class Session:
    """`secret` is the SHA-256 of what the browser keeps; `post` the chosen one, or None where there was none."""

    id: UUID
    account: UUID
    device: Device
    secret: bytes
    post: UUID | None
    started_at: datetime
    until: datetime

    @property
    def label(self) -> str:
        """The device as trails name it: the same phone from sign-in to sign-out."""
        return f"{self.device}-{self.id.hex[-8:]}"

    def token_life(self, now: datetime) -> timedelta:
        return min(TOKEN_LIFE, self.until - now)

    def ended(self, now: datetime) -> SessionEnded:
        """What the services are told: no token of this session counts any more."""
        return SessionEnded(session_id=self.id, ended_at=now, until=now + 2 * TOKEN_LIFE)


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post as the session shows it; an administrator of the whole platform has one without a unit, a safety manager
    one with premises."""

    id: UUID
    role: str
    unit_id: UUID | None = None
    unit: str | None = None
    unit_name: str | None = None
    premises_id: UUID | None = None
    premises_number: str | None = None
    premises_name: str | None = None

    @property
    def acts_as(self) -> Role:
        return ACTS_AS.get(self.role, Role.RESIDENT)


def chosen(session: Session, held: Sequence[HeldPost]) -> HeldPost | None:
    """The post in which the session acts: the one that was chosen, as long as it is held, else the first."""
    return next((post for post in held if post.id == session.post), held[0] if held else None)
