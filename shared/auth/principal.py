"""The caller of a request: a person or a part of the platform, with one role and a place in the unit tree."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.change import Actor


class Role(StrEnum):
    RESIDENT = "resident"
    GRID_WORKER = "grid_worker"
    INTAKE_CLERK = "intake_clerk"
    """Sits at a reception window or the hotline."""
    DISPATCHER = "dispatcher"
    DEPARTMENT_HANDLER = "department_handler"
    POLICE_LIAISON = "police_liaison"
    """Of the police station (社区民警): finds and re-inspects hazards."""
    SAFETY_MANAGER = "safety_manager"
    """Of one premises (消防安全管理人): keeps it safe, and sees nothing but it. No staff of any unit."""
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"
    OPERATOR = "operator"
    """Runs the platform itself: replays dead letters, reads metrics."""
    SERVICE = "service"
    """Another system, such as a hotline's."""


PLATFORM_WIDE: Final = frozenset({Role.ADMIN, Role.OPERATOR, Role.AUDITOR, Role.SERVICE})
"""Roles that see everything when they are bound to no unit. All others without a unit see nothing."""
STAFF: Final = frozenset(Role) - {Role.RESIDENT, Role.SAFETY_MANAGER}
"""Who works for a unit, or for the platform."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a principal may see: the part of the unit tree that is `unit` and all below it, everything, what is of one
    `premises` and of nothing else, or (none of these) nothing.

    Queries turn this into a condition on the path of each row's unit, or on its premises.
    """

    unit: str | None
    everything: bool
    premises: UUID | None = None

    @property
    def nothing(self) -> bool:
        return self.unit is None and not self.everything and self.premises is None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. `subject` is stable for a person, `unit` a unit's code, `premises` what a safety manager answers for;
    `session` is there for who signed in on a page, and all of it is so until `expires_at`."""

    subject: str
    role: Role
    unit: str | None = None
    device: str | None = None
    session: UUID | None = None
    premises: UUID | None = None
    expires_at: datetime | None = field(default=None, compare=False)

    @property
    def reach(self) -> Reach:
        """A resident's unit is where they live: it places their reports, and shows them nobody else's. A safety
        manager's is where the premises lies, and shows nothing of it."""
        if self.role is Role.RESIDENT:
            return Reach(None, everything=False)
        if self.role is Role.SAFETY_MANAGER:
            return Reach(None, everything=False, premises=self.premises)
        return Reach(self.unit, everything=self.unit is None and self.role in PLATFORM_WIDE)

    def meets(self, subject: str | None) -> str | None:
        """The subject of somebody who acted, as the caller may know it: staff know all, others nobody but themselves."""
        return subject if self.role in STAFF or subject == self.subject else None

    def actor(self) -> Actor:
        """The caller as the trail names them."""
        return Actor(id=self.subject, role=self.role.value, unit=self.unit, device=self.device)
