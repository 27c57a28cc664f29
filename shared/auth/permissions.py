"""Permission as a type in an endpoint's signature; a route without one does not start.

async def accept(caller: Annotated[Principal, may(Role.DISPATCHER, Role.ADMIN)]) -> …
async def follow(_: Annotated[None, anyone()]) -> …
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI, params
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security.base import SecurityBase
from starlette.requests import Request
from starlette.types import Scope

from shared.auth.cookie import SAFE_METHODS, TOKEN_COOKIE, cookie_of, require_same_origin
from shared.auth.principal import Principal, Role
from shared.errors import Forbidden, Unauthenticated

SCHEME: Final = "bearer"
_PRINCIPAL: Final = "gridgov.principal"


class Permission(SecurityBase):
    """The dependency behind `may`: a valid token (else 401) with one of `roles` (else 403).

    The route asks it before it reads the body or looks at any parameter; the endpoint then gets what was found.
    """

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles
        self.model = HTTPBearer(
            bearerFormat="JWT", description="`gridgov token --role …`; pages: POST /registry/session"
        )
        self.scheme_name = SCHEME

    async def __call__(self, request: Request) -> Principal:
        principal = request.scope.get(_PRINCIPAL) or await self._who(request)
        if principal.role not in self.roles:
            raise Forbidden(
                "role_not_permitted",
                "您的角色不能进行此操作，请联系管理员",
                "your role may not do this; ask an administrator",
                data={"role": principal.role.value, "permitted": sorted(role.value for role in self.roles)},
            )
        return principal

    async def _who(self, request: Request) -> Principal:
        principal: Principal = await request.app.state.verifier.verify(_token(request.scope))
        request.scope[_PRINCIPAL] = principal
        return principal


def _token(scope: Scope) -> str:
    """The token in the Authorization header, else in the cookie; never in the query."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() == b"bearer":
        return token.decode("latin-1").strip()
    kept = cookie_of(scope["headers"], TOKEN_COOKIE)
    if kept is None:
        raise Unauthenticated(
            "token_missing",
            "请先登录：程序的请求头需带 Authorization: Bearer <令牌>",
            "sign in first; a program sends Authorization: Bearer <token>",
        )
    if scope["method"] not in SAFE_METHODS:
        require_same_origin(headers)
    return kept


def may(*roles: Role) -> params.Depends:
    """For `Annotated[Principal, may(…)]`: the caller has one of `roles`."""
    if not roles:
        raise TypeError("name the roles that may call this")
    return params.Depends(Permission(frozenset(roles)))


def signed_in() -> params.Depends:
    """For `Annotated[Principal, signed_in()]`: any role; what the caller sees depends on their reach."""
    return params.Depends(Permission(frozenset(Role)))


async def still_signed_in(request: Request) -> Principal:
    """Who the caller of a request is now, asked anew: for an answer that goes on for hours. Raises Unauthenticated."""
    request.scope.pop(_PRINCIPAL, None)
    return await Permission(frozenset(Role))(request)


def anyone() -> params.Depends:
    """For `Annotated[None, anyone()]`: no token is needed, and none is looked at. tests/contracts/test_access.py lists
    these routes by name."""
    return params.Depends(_nobody_is_asked)


async def _nobody_is_asked() -> None:
    """The dependency behind `anyone`."""


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """Who may call a route. `roles` is None when nobody said; `public` when anyone may, without a token."""

    method: str
    path: str
    roles: frozenset[Role] | None
    public: bool


def access(app: FastAPI) -> Sequence[RouteAccess]:
    """Every API route of `app` with its roles, by path."""
    return tuple(
        sorted(_access(app), key=lambda route: (route.path, route.method)),
    )


def _access(app: FastAPI) -> Iterator[RouteAccess]:
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, APIRoute):
            continue
        permissions = list(permissions_of(route.dependant))
        roles = frozenset.intersection(*(p.roles for p in permissions)) if permissions else None
        public = any(below.call is _nobody_is_asked for below in route.dependant.dependencies)
        for method in sorted(route.methods or ()):
            yield RouteAccess(method, route.path or "", roles, public=public)


def permissions_of(dependant: Dependant) -> Iterator[Permission]:
    """What an endpoint and its dependencies ask of the caller."""
    if isinstance(dependant.call, Permission):
        yield dependant.call
    for below in dependant.dependencies:
        yield from permissions_of(below)
