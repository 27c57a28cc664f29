"""What registry's endpoints are given: the service as the composition root built it, and who may."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request

from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal, Role
from shared.db.unit_of_work import UnitOfWork
from shared.field_cipher import FieldCipher
from shared.worktime.calendar import Calendar

Holders = Callable[[UnitOfWork, str, date], Awaitable[Sequence[str]]]
"""Finds the ids of the posts that are held in a unit from a local day on: posts are a slice above units."""
Names = Callable[[UnitOfWork, Collection[str]], Awaitable[Mapping[str, str]]]
"""Finds what people are called, by the subject that posts know them by; accounts know, a slice above posts."""


@dataclass(frozen=True, slots=True)
class Registry:
    """`uow` opens a unit of work; `holders` finds the posts that are held in a unit, `names` what people are called;
    `calendar` says what working time is; `cipher` seals what is known of people."""

    uow: Callable[[], UnitOfWork]
    holders: Holders
    names: Names
    calendar: Calendar
    cipher: FieldCipher


def _registry(request: Request) -> Registry:
    registry: Registry = request.app.state.registry
    return registry


RegistryDep = Annotated[Registry, Depends(_registry)]

Reader = Annotated[Principal, signed_in()]
"""The tree is no secret among those who have signed in."""
Staff = Annotated[Principal, may(*(role for role in Role if role is not Role.RESIDENT))]
"""Posts and trails name people: nobody's business outside the staff."""
Keeper = Annotated[Principal, may(Role.ADMIN, Role.LEADER)]
"""Changes units and posts, within the own part of the tree."""
