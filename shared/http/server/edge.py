"""The one layer around each service: trace, limits, metrics, access log, security headers, and the last catch.

Pure ASGI. Nothing passes it as a 500 with details, and nothing is logged here but ids, route template, status and time.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.db.transient import is_transient
from shared.errors import GridGovError
from shared.http import problems
from shared.http.server.concurrency_limit import PASSED, SEAT, UNGUARDED, ConcurrencyLimit, Seat, busy
from shared.http.server.request_line import check_headers, check_target
from shared.telemetry import context, logs
from shared.telemetry.metrics import Metrics

_GONE: Final = 499
"""Status in log and metrics when the client left before its answer (nginx's number; nothing was sent)."""

SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
"""Added to every answer that does not set them itself."""
_SECURITY_NAMES: Final = frozenset(name for name, _ in SECURITY_HEADERS)


class EdgeMiddleware:
    """`route_of` gives the route's template for an endpoint; a request without one counts as unmatched."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        metrics: Metrics,
        route_of: Callable[[Any], str | None],
        limiter: ConcurrencyLimit,
    ) -> None:
        self._app = app
        self._service = service
        self._metrics = metrics
        self._route_of = route_of
        self._limiter = limiter
        self._log = logs.logger("http", service=service)
        # Labels looked up once per combination: prometheus_client takes a lock and a tuple for each look-up.
        self._counters: dict[tuple[str, str, int], Any] = {}
        self._timers: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901 - one frame is faster than three
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        headers = scope["headers"]
        named = dict(headers)
        language = named.get(b"accept-language", b"").decode("latin-1")
        trace = context.continued(
            named.get(b"x-correlation-id", b"").decode("latin-1"), named.get(b"traceparent", b"").decode("latin-1")
        )
        token = context.bind(trace)
        status = 0
        correlation = trace.correlation_id.encode()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_edge_headers(message["headers"], correlation)
                if status >= 400 and (b"transfer-encoding" in named or len(named.get(b"content-length", b"")) > 4):
                    # Refused, perhaps unread: do not wait for what is still on its way.
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        passed, seat = scope.get(PASSED) is self._limiter, None
        try:
            try:
                check_headers(headers)
                check_target(scope.get("raw_path") or scope["path"].encode(), scope["query_string"])
                if not passed and self._limiter.full() and _own_path(scope) not in UNGUARDED:
                    raise busy()
            except GridGovError as refused:
                self._metrics.http_refused.labels(self._service, refused.code).inc()
                await problems.of_error(refused, language)(scope, receive, answer)
                return
            if not passed:
                seat = scope[SEAT] = Seat(self._limiter)
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            status = status or _GONE
        except Exception as error:  # the last catch: no defect leaves as anything but a problem
            if status:
                # Half an answer is out; only cutting the connection tells the client.
                self._log.error(logs.HTTP_FAILED, status=status, cut=True, exc_info=error)
                raise
            response = self._last_answer(error, language)
            await response(scope, receive, answer)
        finally:
            if seat is not None:
                seat.leave()
            stepped_out: Seat | None = scope.get(SEAT)
            after = stepped_out.answered_after if stepped_out is not None else None
            self._account(scope, status or _GONE, perf_counter() - started if after is None else after)
            context.unbind(token)

    def _last_answer(self, error: Exception, language: str) -> Response:
        if isinstance(error, GridGovError):
            return problems.of_error(error, language)
        if is_transient(error):
            self._log.warning(logs.HTTP_UNAVAILABLE, exc_info=error)
            return problems.of_transient(language)
        self._log.error(logs.HTTP_FAILED, exc_info=error)
        return problems.of_defect(language)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"]
        endpoint = scope.get("endpoint")
        route = (self._route_of(endpoint) if endpoint is not None else None) or "unmatched"
        if route == "unmatched" and method not in METHODS:
            method = "other"  # an invented method must not make a new time series
        key = (method, route, status)
        counter = self._counters.get(key)
        if counter is None:
            counter = self._metrics.http_requests.labels(self._service, method, route, str(status))
            self._counters[key] = counter
        counter.inc()
        timer = self._timers.get(route)
        if timer is None:
            timer = self._timers[route] = self._metrics.http_seconds.labels(self._service, route)
        timer.observe(seconds)
        self._log.info(logs.HTTP_REQUEST, method=method, route=route, status=status, ms=round(seconds * 1000, 2))


METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


def _own_path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _with_edge_headers(headers: Any, correlation: bytes) -> list[tuple[bytes, bytes]]:
    made = [*headers, (b"x-correlation-id", correlation)]
    own = {name for name, _ in made if name in _SECURITY_NAMES}
    if own:
        made += [header for header in SECURITY_HEADERS if header[0] not in own]
    else:
        made += SECURITY_HEADERS
    return made
