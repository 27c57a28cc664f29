"""The HTTP port of a process from its first moment: alive at once, ready only when the process is.

Until `open` every other path is a 503 that says what is waited for, so that nothing is taken which cannot be done yet.
"""

from typing import Final

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gridgov.cluster.waiting import Waiting
from shared.http import problems
from shared.http.health import livez
from shared.telemetry.metrics import metrics_endpoint

_ANY_METHOD: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
NOT_TAKEN: Final = "x-gridgov-not-taken"
"""Header that tells the front that nothing was done with a request, so that it may go to another process."""


class ProcessSite:
    """An ASGI app that is another one once it has been opened."""

    def __init__(self, waiting: Waiting, registry: CollectorRegistry) -> None:
        self._waiting = waiting
        self._site: ASGIApp = Starlette(
            routes=[
                Route("/livez", livez),
                Route("/metrics", metrics_endpoint(registry)),
                Route("/{path:path}", self._closed, methods=_ANY_METHOD),
            ]
        )

    def open(self, site: ASGIApp) -> None:
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._site(scope, receive, send)

    async def _closed(self, request: Request) -> Response:
        ready = request.url.path.endswith("/readyz")
        return problems.problem(
            503,
            "not_ready" if ready else "starting",
            f"正在启动，等待{self._waiting.zh}",
            f"starting, waiting for {self._waiting.en}",
            english=problems.prefers_english(request.headers.get("accept-language")),
            data={"checks": {"start": {"ok": False, "error": self._waiting.en}}},
            headers={"retry-after": str(problems.RETRY_AFTER_SECONDS), NOT_TAKEN: "starting"},
        )
