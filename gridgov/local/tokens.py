"""Tokens of the embedded form: signed with the newest key of a state directory."""

from datetime import timedelta
from uuid import UUID

from gridgov.local.state import StateDirectory
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer
from shared.clock import SystemClock


def issue(
    state: StateDirectory, role: Role, unit: str | None, *,
    subject: str | None = None, hours: int = 12, premises: UUID | None = None,
) -> str:  # fmt: skip
    """A token for `subject`, by default named after role and unit; a safety manager's is of `premises`. A client that is
    to be known again as the sender of its reports must keep its subject."""
    issuer = LocalIssuer(state.secrets, SystemClock())
    default = f"{role}@{unit}" if unit else str(role)
    return issuer.issue(subject or default, role, unit=unit, premises=premises, lifetime=timedelta(hours=hours))
