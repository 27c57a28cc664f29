"""What the endpoints of sessions and accounts are given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.registry.accounts.passwords import Passwords
from services.registry.accounts.sign_in import SignIn
from shared.auth.permissions import may
from shared.auth.principal import Principal, Role
from shared.auth.tokens import TokenSigner
from shared.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Access:
    """`signer` makes tokens. `behind_proxy`: whether who calls is a proxy of ours, which names the real address."""

    uow: Callable[[], UnitOfWork]
    signer: TokenSigner
    sign_in: SignIn
    passwords: Passwords
    behind_proxy: bool

    def address(self, request: Request) -> str:
        """Where the request comes from. A header is believed only where our own proxy wrote it."""
        told = request.headers.get("x-forwarded-for", "") if self.behind_proxy else ""
        peer = request.client.host if request.client else ""
        return (told.rpartition(",")[2].strip() or peer or "unknown")[:64]

    def origin(self, request: Request) -> str:
        """The address at which the caller sees the pages."""
        told = request.headers.get("x-forwarded-proto", "") if self.behind_proxy else ""
        return f"{told or request.url.scheme}://{request.headers.get('host', '')}"


def _access(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


AccessDep = Annotated[Access, Depends(_access)]
Administrator = Annotated[Principal, may(Role.ADMIN)]
"""Keeps the accounts of the own part of the tree."""
