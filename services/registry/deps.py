"""What registry's endpoints are given: the service as the composition root built it, and what a PUT presupposes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Request

from services.registry.unit_of_work import RegistryUnitOfWork
from shared.auth.permissions import may, signed_in
from shared.auth.principal import Principal, Role
from shared.errors import Invalid


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

_ETAG: Final = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')


async def _seen(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description='修改时：读到的 ETag，如 "3" · to change: the ETag you read')
    ] = None,
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", description="新建时：* 或不带 · to create: * or nothing")
    ] = None,
) -> int | None:
    if if_match is None and if_none_match in (None, "*"):
        return None
    match = _ETAG.fullmatch(if_match.strip()) if if_match is not None and if_none_match is None else None
    if match is None:
        raise Invalid(
            "precondition_invalid",
            '修改请带 If-Match（读取时得到的 ETag，如 "3"），新建请带 If-None-Match: * 或都不带',
            'to change send If-Match with the ETag you read, e.g. "3"; to create send If-None-Match: * or neither',
            field="If-Match",
        )
    return int(match[1])


SeenVersion = Annotated[int | None, Depends(_seen)]
"""The version that a PUT changes; None where it creates."""
