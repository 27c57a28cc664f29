"""What registry's endpoints are given: the service as the composition root built it, and who may."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.registry.unit_of_work import RegistryUnitOfWork
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal, Role


@dataclass(frozen=True, slots=True)
class Registry:
    """`uow` opens a unit of work."""

    uow: Callable[[], RegistryUnitOfWork]


def _registry(request: Request) -> Registry:
    registry: Registry = request.app.state.registry
    return registry


RegistryDep = Annotated[Registry, Depends(_registry)]

Reader = Annotated[Principal, signed_in()]
"""The tree is no secret among those who have signed in."""
Staff = Annotated[Principal, may(*(role for role in Role if role is not Role.RESIDENT))]
"""Posts name people: nobody's business outside the staff."""
Keeper = Annotated[Principal, may(Role.ADMIN, Role.LEADER)]
"""Changes units and posts, within the own part of the tree."""
