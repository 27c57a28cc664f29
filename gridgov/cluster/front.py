"""The front: one address for the four apis, `/<service>/…` to one of that service's processes, taken in turn.

What must hold: a request that reached no api, or that may safely be asked twice (it reads, or carries a key that the
endpoint honours), is tried again; anything else that was lost is a 503 with Retry-After, never a guess at its outcome.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import Any, Final

import aiohttp
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from yarl import URL

from gridgov.cluster.port import NOT_TAKEN
from gridgov.cluster.process import Process, run_process
from gridgov.cluster.site import own_site
from gridgov.local.environment import read_settings
from gridgov.local.errors import StartError
from gridgov.local.ports import http_port
from shared.http import problems
from shared.http.server.concurrency_limit import PASSED, SEAT, SOON, UNGUARDED, ConcurrencyLimit, Seat, busy, step_out
from shared.telemetry.metrics import Metrics

PATIENCE_SECONDS: Final = 3.0
"""For so long a request is held and tried again, which covers the restart of an api that was killed."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.4
_SOON: Final = SOON * 0.8
"""Shorter than at the apis, so that the front, where refusing costs least, refuses first."""
_KEPT_BODY: Final = 256 * 1024
"""A body up to this size is read before it is sent on, so that it can be sent again."""
_BODY_SECONDS: Final = 15.0
_STREAM: Final = "text/event-stream"
_UPLOAD: Final = "application/offset+octet-stream"
_HOP_BY_HOP: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer"}
    | {b"transfer-encoding", b"upgrade", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"}
)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
KEYED: Final = frozenset({"/intake/reports", "/intake/public/reports", "/registry/hazards", "/registry/inspections"})
"""Where what is posted has an Idempotency-Key. Elsewhere it protects nothing: a move of a work order that is sent
twice answers its own success with a 412."""
_TABLES: Final = ("/import", ".xlsx")
_WITHIN, _TABLE_WITHIN = (aiohttp.ClientTimeout(None, sock_connect=2.0, sock_read=seconds) for seconds in (40.0, 300.0))
"""How long an api may be silent; a table is answered once all of it was read, and taken or written."""
_AUTOMATIC: Final = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")


class UpstreamsWrong(StartError):
    """GRIDGOV_UPSTREAMS names no addresses."""


class _Lost(Exception):
    """The connection ended without an answer; `sent`: the request may have been taken."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("no answer")
        self.sent = sent


def run_front(port: int | None = None) -> None:
    """Run until a signal. Raises StartError."""
    settings = read_settings()
    upstreams = read_upstreams(settings.upstreams)
    run_process("front", "front", settings, port or http_port(), partial(_open, upstreams=upstreams))


def read_upstreams(text: str) -> dict[str, list[str]]:
    """`intake=http://a:8000 intake=http://b:8000 …` by service. Raises UpstreamsWrong."""
    found: dict[str, list[str]] = {}
    for pair in text.split():
        name, _, address = pair.partition("=")
        if not (name.isidentifier() and address.startswith("http://")):
            found.clear()
            break
        found.setdefault(name, []).append(address.rstrip("/"))
    if not found:
        raise UpstreamsWrong(
            "GRIDGOV_UPSTREAMS 应写成 intake=http://主机:端口 dispatch=http://…,以空格分隔",
            "GRIDGOV_UPSTREAMS must read intake=http://host:port dispatch=http://…, separated by spaces",
        )
    return found


@asynccontextmanager
async def _open(process: Process, upstreams: Mapping[str, Sequence[str]]) -> AsyncIterator[ASGIApp]:
    session = aiohttp.ClientSession(
        # Shorter than the apis keep an idle connection, who must not hang up under a request.
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4.0, ttl_dns_cache=5),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=_WITHIN,
        auto_decompress=False,
        trust_env=False,
    )
    async with session:
        checks = {name: partial(_some_ready, session, addresses) for name, addresses in upstreams.items()}
        own = own_site(process.metrics, checks)
        watching = asyncio.create_task(process.ready.watch(checks, process.stop), name="ready")
        try:
            front = Front(session, upstreams, own, process.metrics)
            process.limiters.update(front.limiters)
            yield front
        finally:
            process.stop.set()
            await watching


async def _some_ready(session: aiohttp.ClientSession, addresses: Sequence[str]) -> None:
    """Return when one of `addresses` is ready; raise what the last one said otherwise."""
    for address in addresses[:-1]:
        try:
            return await _ready(session, address)
        except (aiohttp.ClientError, OSError, TimeoutError):
            continue
    return await _ready(session, addresses[-1])


async def _ready(session: aiohttp.ClientSession, address: str) -> None:
    async with session.get(f"{address}/readyz") as answer:
        answer.raise_for_status()


class Front:
    """The ASGI app."""

    def __init__(
        self, session: aiohttp.ClientSession, upstreams: Mapping[str, Sequence[str]], own: ASGIApp, metrics: Metrics
    ) -> None:
        self._session = session
        self._turns = {name: cycle(addresses) for name, addresses in upstreams.items()}
        self._own = own
        self._metrics = metrics
        self.limiters = {name: ConcurrencyLimit(metrics, "front", route=name, soon=_SOON) for name in upstreams}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope.get("path", "")[1:].partition("/")[0]
        if scope["type"] != "http" or name not in self._turns:
            await self._own(scope, receive, send)
            return
        started, status, limiter = perf_counter(), 503, self.limiters[name]
        passed = scope.get(PASSED) is limiter
        if not passed and limiter.full() and not scope["path"].endswith(tuple(UNGUARDED)):
            limiter.refuse(_method(scope))
            told = busy()
            await _refuse(Request(scope, receive), send, told.code, told.zh, told.en)
            return
        seat = scope[SEAT] if passed else Seat(limiter)
        scope[SEAT] = seat
        try:
            status = await self._forward(name, scope, receive, send)
        finally:
            seat.leave()
            self._metrics.http_requests.labels("front", _method(scope), name, str(status)).inc()
            self._metrics.http_seconds.labels("front", name).observe(seat.answered_after or perf_counter() - started)

    async def _forward(self, name: str, scope: Scope, receive: Receive, send: Send) -> int:
        """Send the request on and its answer back; the status that went out."""
        request = Request(scope, receive)
        again = _repeatable(request)
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _kept_body(request)
        except TimeoutError:
            return await _refuse(request, send, "body_slow", "请求体传输过慢", "the body came too slowly", status=408)
        if not isinstance(body, (bytes, type(None))):
            step_out(scope)  # as fast as the caller sends
        pause, end = _FIRST_PAUSE, perf_counter() + PATIENCE_SECONDS
        while True:
            try:
                return await self._once(next(self._turns[name]), request, body, send)
            except _Lost as lost:
                replayable = isinstance(body, (bytes, type(None))) and (again or not lost.sent)
                if perf_counter() > end or not replayable:
                    break
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        return await _refuse(
            request,
            send,
            "unavailable",
            "服务暂时不可用，请稍后重试",
            "the service does not answer now; try again shortly",
        )

    async def _once(
        self, address: str, request: Request, body: "bytes | AsyncIterator[bytes] | None", send: Send
    ) -> int:
        target = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii", "replace")
        query = request.scope["query_string"].decode("ascii", "replace")
        begun = False
        try:
            async with self._session.request(
                request.method,
                URL(f"{address}{target}{'?' + query if query else ''}", encoded=True),
                headers=_onward(request),
                data=body,
                allow_redirects=False,
                skip_auto_headers=_AUTOMATIC,
                middlewares=(_only_once,),
                timeout=_TABLE_WITHIN if request.scope["path"].endswith(_TABLES) else _WITHIN,
            ) as answer:
                if NOT_TAKEN in answer.headers and answer.status == 503:
                    raise _Lost(sent=False)
                begun = True
                headers = [(k.lower(), v) for k, v in answer.raw_headers if k.lower() not in _HOP_BY_HOP]
                await send({"type": "http.response.start", "status": answer.status, "headers": headers})
                if answer.content_type == _STREAM:
                    step_out(request.scope, stream=True)
                    await _until_gone(request, _pass_on(answer, send))
                else:
                    await _pass_on(answer, send)
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            if begun:
                raise  # half an answer is out: only cutting the connection tells the client
            raise _Lost(sent=not isinstance(error, aiohttp.ClientConnectorError)) from error


async def _pass_on(answer: aiohttp.ClientResponse, send: Send) -> None:
    async for chunk in answer.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(request: Request, passing: Coroutine[Any, Any, None]) -> None:
    """Pass a stream on until it or its reader ends: nobody else would tell the api that nobody reads any more."""
    tasks = [asyncio.create_task(passing), asyncio.create_task(_gone(request))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _only_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a PUT or DELETE again by itself after a lost connection: the front decides that."""
    try:
        return await send(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Lost(sent=not isinstance(error, aiohttp.ClientConnectorError)) from error


def _repeatable(request: Request) -> bool:
    """Whether the request does no more when it arrives twice than when it arrives once."""
    if request.method in _SAFE:
        return True
    keyed = request.method == "POST" and "idempotency-key" in request.headers
    return keyed and request.scope["path"] in KEYED


async def _kept_body(request: Request) -> "bytes | AsyncIterator[bytes] | None":
    """The body whole when it says that it is small, as a stream otherwise; None where there is none."""
    length = request.headers.get("content-length")
    if length is None and "transfer-encoding" not in request.headers:
        return None
    if request.headers.get("content-type") == _UPLOAD:  # a part that arrived is kept, however slowly the rest comes
        return request.stream()
    if length is not None and length.isdigit() and int(length) <= _KEPT_BODY:
        return await request.body()
    return request.stream()


def _onward(request: Request) -> list[tuple[str, str]]:
    """The caller's headers, without those that are between two neighbours only, and who the caller is."""
    # aiohttp writes UTF-8: what came as something else would leave as other bytes, so it leaves as a question mark.
    headers = [
        (name.decode("latin-1"), value.decode("utf-8", "replace").replace("\ufffd", "?"))
        for name, value in request.headers.raw
        if name not in _HOP_BY_HOP
    ]
    return [*headers, ("x-forwarded-for", request.client.host if request.client else "")]


async def _refuse(request: Request, send: Send, code: str, zh: str, en: str, *, status: int = 503) -> int:
    answer: Response = problems.problem(
        status,
        code,
        zh,
        en,
        english=problems.prefers_english(request.headers.get("accept-language")),
        headers={"retry-after": str(problems.RETRY_AFTER_SECONDS), "connection": "close"},
    )
    await answer(request.scope, request.receive, send)
    return status


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
