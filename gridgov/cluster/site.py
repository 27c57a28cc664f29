"""What every process of the cluster form answers by itself: alive, ready, metrics, and the pages.

The pages are files of the program, the same in each process, so no process of their own serves them: whoever stands
before the apis sends `/app/` to any.
"""

from collections.abc import Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gridgov.pages.built import BuiltPages
from gridgov.pages.site import front, pages_site
from shared.http import problems
from shared.http.health import Check, livez, readyz
from shared.telemetry.metrics import Metrics, metrics_endpoint

_HEALTH: Final = ("/livez", "/readyz", "/metrics")


def own_site(metrics: Metrics, checks: Mapping[str, Check]) -> ASGIApp:
    """`/livez`, `/readyz` with `checks`, `/metrics`, the front page, and the pages; anything else is not found."""
    pages = BuiltPages()
    return Starlette(
        routes=[
            Route("/", lambda _: front(pages)),
            Mount("/app", pages_site(pages)),
            Route("/livez", livez),
            Route("/readyz", readyz(checks)),
            Route("/metrics", metrics_endpoint(metrics.registry)),
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
