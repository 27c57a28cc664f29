"""One way to build the HTTP side of a service: strict routes, problems, permissions, health, documents, and the edge.

A route that neither asks for a permission nor says `anyone()` stops the start: deny is the default.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cached_property, lru_cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from shared.auth.permissions import access
from shared.auth.principal import Role
from shared.auth.tokens import TokenVerifier
from shared.clock import Clock
from shared.errors import GridGovError
from shared.http import docs_page, problems
from shared.http.etags import IF_MATCH
from shared.http.health import Check, livez, readyz
from shared.http.routes import StrictRoute
from shared.http.server.concurrency_limit import MOST, ConcurrencyLimit
from shared.http.server.edge import EdgeMiddleware
from shared.telemetry.metrics import Metrics, metrics_endpoint

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_DOCS_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Api(FastAPI):
    """FastAPI with our errors and roles in its OpenAPI document, and a cheaper way to a matched route's template."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = dict(problems.PROBLEM_SCHEMA)
            for route in access(self):
                operation = document["paths"].get(route.path, {}).get(route.method.lower())
                for parameter in (operation or {}).get("parameters", ()):
                    if parameter["name"] == "If-Match":
                        parameter["required"] = True  # optional to the framework, which would answer 422, not 428
                        parameter["schema"] = {"type": "string", "pattern": IF_MATCH}
                if operation is not None and route.roles is not None:
                    everyone = route.roles == frozenset(Role)
                    operation["x-roles"] = ["*"] if everyone else sorted(role.value for role in route.roles)
        assert self.openapi_schema is not None  # set by the base class
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """FastAPI's stack without its last catch, its body limit and its telemetry: the edge around it does all three,
        and each layer costs every request."""
        app: ASGIApp = AsyncExitStackMiddleware(self.router)
        app = ExceptionMiddleware(app, handlers=self.exception_handlers)
        for layer, arguments, options in reversed(self.user_middleware):
            app = layer(app, *arguments, **options)
        return app

    @cached_property
    def _templates(self) -> dict[Any, str]:
        found: dict[Any, str] = {}
        for route in iter_route_contexts(self.routes):
            if route.endpoint is not None and route.path is not None:
                found.setdefault(route.endpoint, route.path)
        return found

    def template_of(self, endpoint: Any) -> str | None:
        """The path template under which `endpoint` was registered."""
        return self._templates.get(endpoint)

    def methods_at(self, path: str) -> str:
        """The methods that some route takes at `path`, as an Allow header has them (RFC 9110 §10.2.1)."""
        return ", ".join(
            sorted(
                {
                    method
                    for route in iter_route_contexts(self.routes)
                    if route.path_regex.match(path)
                    for method in route.methods or ()
                }
            )
        )


async def _method_not_allowed(request: Request, error: Exception) -> Response:
    # The router names the methods of the first route it met; others at the same path have theirs.
    answer = await problems.handle(request, error)
    answer.headers["allow"] = request.app.methods_at(
        request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    )
    return answer


def create_api(
    title: str,
    routers: Sequence[APIRouter],
    *,
    service: str,
    verifier: TokenVerifier,
    metrics: Metrics,
    clock: Clock,
    checks: Mapping[str, Check] | None = None,
    state: Mapping[str, Any] | None = None,
    description: str = "",
    version: str = "1",
    lifespan: Lifespan | None = None,
    most_in_flight: int = MOST,
) -> FastAPI:
    """The HTTP side of `service`.

    `checks` are what readiness asks, by name; `state` becomes attributes of `app.state`, where endpoints find what the
    composition root opened, beside `verifier`, `clock` and `limiter`. Raises TypeError for a route without a stated permission.
    """
    app = Api(
        title=title,
        version=version,
        description=description,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # The edge does this; the framework's own would record exception messages, which quote what people wrote.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers={
            GridGovError: problems.handle,
            RequestValidationError: problems.handle,
            HTTPException: problems.handle,
            405: _method_not_allowed,
        },
    )
    for part in routers:  # not by `include_router`, which makes every route a second time
        app.routes.extend(part.routes)
    _refuse_lax_routes(app)
    app.state.verifier = verifier
    app.state.clock = clock
    app.state.limiter = limiter = ConcurrencyLimit(metrics, service, most=most_in_flight)
    for name, value in (state or {}).items():
        setattr(app.state, name, value)
    app.routes.extend(
        [
            Route("/livez", livez, include_in_schema=False),
            Route("/readyz", readyz(checks or {}), include_in_schema=False),
            Route("/metrics", metrics_endpoint(metrics.registry), include_in_schema=False),
            Route("/docs", _docs(app), include_in_schema=False),
        ]
    )
    app.add_middleware(
        EdgeMiddleware,
        service=service,
        metrics=metrics,
        route_of=app.template_of,
        limiter=limiter,
    )
    return app


def _refuse_lax_routes(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and not isinstance(route.original_route, StrictRoute):
            raise TypeError(f"{route.path}: make its router with shared.http.routes.router()")
    undecided = [f"{route.method} {route.path}" for route in access(app) if route.roles is None and not route.public]
    if undecided:
        raise TypeError(f"state who may call {', '.join(undecided)}: may(…), signed_in() or anyone()")


def _docs(app: FastAPI) -> Callable[[Request], Awaitable[Response]]:
    @lru_cache(maxsize=8)  # of addresses; whoever asks may write any into the Host header
    def page(mounted_at: str, origin: str) -> str:
        return docs_page.page({**app.openapi(), "servers": [{"url": mounted_at}]}, origin)

    async def docs(request: Request) -> Response:
        origin = f"{request.url.scheme}://{request.url.netloc}"
        return HTMLResponse(
            page(request.scope.get("root_path", ""), origin), headers={"content-security-policy": _DOCS_POLICY}
        )

    return docs
