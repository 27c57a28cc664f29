"""What every process of the cluster form answers by itself: alive, ready, metrics."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.http import problems
from shared.http.health import Check, livez, readyz
from shared.telemetry.metrics import Metrics, metrics_endpoint

_HEALTH: Final = ("/livez", "/readyz", "/metrics")


def own_site(metrics: Metrics, checks: Mapping[str, Check], more: Sequence[BaseRoute] = ()) -> ASGIApp:
    """`/livez`, `/readyz` with `checks`, `/metrics`, and `more`; anything else is not found."""
    return Starlette(
        routes=[
            Route("/livez", livez),
            Route("/readyz", readyz(checks)),
            Route("/metrics", metrics_endpoint(metrics.registry)),
            *more,
        ],
        exception_handlers={HTTPException: problems.handle},
    )


def api_site(service: str, api: ASGIApp, own: ASGIApp) -> ASGIApp:
    """`/<service>/…` goes to `api`, as in the embedded form; but health, wherever it is asked for, and all the rest to
    `own`: the api's answer would judge it by a consumer, which it has not."""
    prefix = f"/{service}"

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        inner = path.removeprefix(prefix)
        if inner in _HEALTH:
            await own({**scope, "path": inner, "raw_path": inner.encode()}, receive, send)
        elif path.startswith(prefix + "/"):
            await api({**scope, "root_path": scope.get("root_path", "") + prefix}, receive, send)
        else:
            await own(scope, receive, send)

    return site
