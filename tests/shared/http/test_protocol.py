"""The server protocol over real sockets: what is refused before it is read, what never is, and that the connection goes on."""

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from gridgov.local.http_server import serve
from shared.auth.principal import Role
from shared.http.server.concurrency_limit import ConcurrencyLimit
from shared.http.server.protocol import ServerProtocol
from shared.telemetry.metrics import Metrics
from tests.shared.http.edge_app import Edge, build
from tests.support.asgi import Answer
from tests.support.bad_input import assert_problem

PATH = "/things/01980000-0000-7000-8000-000000000001"
BODY = b'{"text": "\xe4\xba\x95\xe7\x9b\x96", "count": 1}'


@dataclass
class Line:
    """One connection of a client that sends what it likes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Answer:
        lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers, "", ""]
        self.writer.write("\r\n".join(lines).encode() + body)
        return await self.answer()

    async def answer(self) -> Answer:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = [
            (name.encode(), value.encode("latin-1")) for name, _, value in (h.partition(": ") for h in head[1:-2])
        ]
        answer = Answer(int(head[0].split()[1]), headers)
        answer.body = await self.reader.readexactly(int(answer.headers["content-length"]))
        return answer

    async def ended(self) -> bool:
        try:
            return await self.reader.read() == b""
        except ConnectionResetError:  # it hung up with something unread
            return True


@asynccontextmanager
async def running(edge: Edge, limiter: ConcurrencyLimit) -> AsyncIterator[int]:
    """The port of a server with `edge` below /t, behind `limiter`."""
    listener, stop = socket.create_server(("127.0.0.1", 0), backlog=64), asyncio.Event()

    async def site(scope, receive, send) -> None:
        await edge.app({**scope, "root_path": "/t"}, receive, send)

    serving = asyncio.create_task(serve(site, listener, stop, {"t": limiter}))
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        await serving


@asynccontextmanager
async def line(port: int) -> AsyncIterator[Line]:
    made = Line(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield made
    finally:
        made.writer.close()
        with suppress(ConnectionError):  # the server may have hung up with something unread
            await made.writer.wait_closed()


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    return build(tmp_path, most_in_flight=1)


@pytest.fixture
def limiter(edge: Edge) -> ConcurrencyLimit:
    found = edge.app.state.limiter
    assert isinstance(found, ConcurrencyLimit)
    return found


@pytest.mark.parametrize(("language", "title"), [("zh-CN", "现在请求太多"), ("en", "too many requests")])
async def test_beyond_the_limit_a_request_is_a_problem_that_says_when_to_come_again(
    edge: Edge, limiter: ConcurrencyLimit, language: str, title: str
) -> None:
    async with running(edge, limiter) as port, line(port) as caller:
        limiter.enter()
        answer = await caller.ask(
            "POST", "/t" + PATH, f"Accept-Language: {language}", "X-Correlation-ID: call-7", body=BODY
        )
        problem = assert_problem(answer)
    assert (answer.status, problem["code"], problem["correlation_id"]) == (503, "busy", "call-7")
    assert problem["title"].startswith(title)
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert edge.taken == []


async def test_the_same_key_on_the_same_connection_is_taken_once_there_is_room(
    edge: Edge, limiter: ConcurrencyLimit
) -> None:
    headers = (
        f"Authorization: Bearer {edge.token(Role.ADMIN)}", "Content-Type: application/json", "Idempotency-Key: k1",
    )  # fmt: skip
    async with running(edge, limiter) as port, line(port) as caller:
        limiter.enter()
        refused = [await caller.ask("POST", "/t" + PATH, *headers, body=BODY) for _ in range(3)]
        limiter.leave(0.0)
        taken = await caller.ask("POST", "/t" + PATH, *headers, body=BODY)
    assert [answer.status for answer in refused] == [503] * 3
    assert taken.status == 201
    assert [key for _, _, key, _ in edge.taken] == ["k1"]


@pytest.mark.parametrize("path", ["/t/livez", "/t/readyz", "/t/metrics"])
async def test_health_and_metrics_answer_however_full_it_is(edge: Edge, limiter: ConcurrencyLimit, path: str) -> None:
    async with running(edge, limiter) as port, line(port) as caller:
        limiter.enter()
        assert (await caller.ask("GET", path)).status == 200
        assert (await caller.ask("GET", "/t/things")).status == 503


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(("Content-Length: 5000000",), id="large"),
        pytest.param(("Transfer-Encoding: chunked",), id="chunked"),
        pytest.param(("Content-Length: 5", "Expect: 100-continue"), id="expect"),
    ],
)
async def test_what_cannot_soon_be_read_past_is_refused_unread(
    edge: Edge, limiter: ConcurrencyLimit, odd: tuple[str, ...]
) -> None:
    async with running(edge, limiter) as port, line(port) as caller:
        limiter.enter()
        caller.writer.write("\r\n".join([f"POST /t{PATH} HTTP/1.1", "Host: x", *odd, "", ""]).encode())
        answer = await caller.answer()
    assert (answer.status, assert_problem(answer)["code"]) == (503, "busy")


async def test_who_does_not_keep_the_connection_is_hung_up_on_after_the_refusal(
    edge: Edge, limiter: ConcurrencyLimit
) -> None:
    async with running(edge, limiter) as port, line(port) as caller:
        limiter.enter()
        answer = await caller.ask("GET", "/t/things", "Connection: close")
        assert (answer.status, answer.headers["connection"]) == (503, "close")
        assert await caller.ended()


async def test_a_request_behind_one_in_work_waits_for_its_turn_on_the_connection(
    edge: Edge, limiter: ConcurrencyLimit
) -> None:
    async with running(edge, limiter) as port, line(port) as caller:
        caller.writer.write(
            b"GET /t/things/broken/slow HTTP/1.1\r\nHost: x\r\n\r\nGET /t/things HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        assert [(await caller.answer()).status for _ in range(2)] == [200, 200]


async def test_of_many_requests_that_arrive_in_one_turn_only_as_many_get_in_as_there_is_room(
    edge: Edge, limiter: ConcurrencyLimit
) -> None:
    async with running(edge, limiter) as port, AsyncExitStack() as stack:
        callers = [await stack.enter_async_context(line(port)) for _ in range(5)]
        for caller in callers:
            caller.writer.write(b"GET /t/things/broken/slow HTTP/1.1\r\nHost: x\r\n\r\n")
        statuses = [(await caller.answer()).status for caller in callers]
        assert sorted(statuses) == [200, 503, 503, 503, 503]
        assert limiter.in_flight == 0


async def test_a_hundred_connections_at_once_are_all_taken_and_told(edge: Edge, limiter: ConcurrencyLimit) -> None:
    async def call(port: int) -> int:
        async with line(port) as caller:
            return (await caller.ask("GET", "/t/things")).status

    async with running(edge, limiter) as port:
        limiter.enter()
        assert await asyncio.gather(*(call(port) for _ in range(100))) == [503] * 100
    assert metric(edge.metrics, "gridgov_http_refused_total", service="things", code="busy") == 100


async def test_with_as_many_connections_as_it_takes_the_next_waits_until_one_ends(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.server.protocol._most_connections", lambda: 1)
    async with running(edge, limiter) as port, line(port) as first, line(port) as second:
        assert (await first.ask("GET", "/t/livez")).status == 200
        waiting = asyncio.create_task(second.ask("GET", "/t/livez"))
        assert (await first.ask("GET", "/t/livez")).status == 200
        assert not waiting.done()
        first.writer.close()
        async with asyncio.timeout(20):
            assert (await waiting).status == 200


async def test_who_connects_and_says_nothing_is_hung_up_on(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridgov.local.http_server.KEEP_SECONDS", 0.1)
    async with running(edge, limiter) as port, line(port) as silent:
        assert await silent.ended()


@pytest.mark.parametrize("drop", [b"X", b"\r\n"])
async def test_who_sends_headers_by_drops_is_hung_up_on(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch, drop: bytes
) -> None:
    """However short the time between two of them; a request before on the same connection was answered."""
    monkeypatch.setattr("shared.http.server.protocol.HEAD_SECONDS", 0.3)
    async with running(edge, limiter) as port, line(port) as caller:
        assert (await caller.ask("GET", "/t/livez")).status == 200
        if drop == b"X":
            caller.writer.write(b"GET /t/livez HTTP/1.1\r\nHost: x\r\nX: ")
        over = asyncio.create_task(caller.ended())
        async with asyncio.timeout(20):
            while not over.done():
                if not caller.writer.is_closing():  # uvloop takes no word for one that is closed
                    caller.writer.write(drop)
                await asyncio.sleep(0.02)
        assert await over
        assert port and limiter.in_flight == 0


async def test_a_whole_request_leaves_no_deadline_behind(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.server.protocol.HEAD_SECONDS", 0.1)
    async with running(edge, limiter) as port, line(port) as caller:
        for _ in range(3):
            assert (await caller.ask("GET", "/t/livez")).status == 200
            await asyncio.sleep(0.3)


async def test_headers_without_end_are_not_read_to_the_end(edge: Edge, limiter: ConcurrencyLimit) -> None:
    async with running(edge, limiter) as port, line(port) as caller:
        caller.writer.write(b"GET /t/livez HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 400_000)
        async with asyncio.timeout(20):
            assert await caller.ended()


async def test_a_body_may_take_longer_than_headers(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.server.protocol.HEAD_SECONDS", 0.1)
    headers = (f"Authorization: Bearer {edge.token(Role.ADMIN)}", "Content-Type: application/json")
    head = "\r\n".join(
        [f"POST /t{PATH} HTTP/1.1", "Host: x", *headers, f"Content-Length: {len(BODY)}", "Idempotency-Key: k", "", ""]
    )
    async with running(edge, limiter) as port, line(port) as caller:
        caller.writer.write(head.encode())
        await asyncio.sleep(0.4)
        caller.writer.write(BODY)
        assert (await caller.answer()).status == 201


async def test_who_is_being_answered_when_it_stops_gets_the_answer(edge: Edge, limiter: ConcurrencyLimit) -> None:
    async with AsyncExitStack() as stack:
        async with running(edge, limiter) as port:
            caller = await stack.enter_async_context(line(port))
            slow = asyncio.create_task(caller.ask("GET", "/t/things/broken/slow"))
            while not limiter.in_flight:
                await asyncio.sleep(0.01)
        assert (await slow).status == 200
        assert await caller.ended()


def metric(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


async def test_who_asked_in_the_turn_in_which_its_time_was_over_is_answered(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn of the loop looks at its sockets, does what they want, which may take long, and then looks at its timers."""
    monkeypatch.setattr("gridgov.local.http_server.KEEP_SECONDS", 0.5)
    asking, work = b"GET /t/livez HTTP/1.1\r\nHost: x\r\n\r\n", socket.socketpair()
    async with running(edge, limiter) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as caller, work[0], work[1]:

            def long_work() -> None:
                loop.remove_reader(work[0])
                caller.sendall(asking)
                time.sleep(1.0)

            loop = asyncio.get_running_loop()
            caller.sendall(asking)
            first = await asyncio.to_thread(caller.recv, 65536)
            loop.add_reader(work[0], long_work)
            work[1].send(b"!")
            second = await asyncio.to_thread(caller.recv, 65536)
            assert await asyncio.to_thread(caller.recv, 65536) == b""  # and who says nothing more is hung up on
    assert first.startswith(b"HTTP/1.1 200")
    assert second.startswith(b"HTTP/1.1 200")


async def test_whose_time_is_over_learns_it_before_the_turn_of_the_loop_ends(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else the turn does may take long, and who asked meanwhile would be asking nobody."""
    monkeypatch.setattr("gridgov.local.http_server.KEEP_SECONDS", 0.1)
    in_time, heard, told = ServerProtocol.timeout_keep_alive_handler, list[bytes](), asyncio.Event()
    async with running(edge, limiter) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:

            def handler(it: ServerProtocol) -> None:
                in_time(it)
                heard.append(caller.recv(1))  # the loop stands: whoever told the caller did so in the line above
                told.set()

            monkeypatch.setattr(ServerProtocol, "timeout_keep_alive_handler", handler)
            caller.settimeout(2)
            async with asyncio.timeout(10):
                await told.wait()
    assert heard == [b""]


async def test_who_hangs_up_first_leaves_nothing_behind(
    edge: Edge, limiter: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridgov.local.http_server.KEEP_SECONDS", 0.1)
    loop, trouble, ended = asyncio.get_running_loop(), list[object](), list[ServerProtocol]()
    in_time = ServerProtocol.timeout_keep_alive_handler
    monkeypatch.setattr(ServerProtocol, "timeout_keep_alive_handler", lambda it: (ended.append(it), in_time(it)))
    loop.set_exception_handler(lambda _, context: trouble.append(context))
    try:
        async with running(edge, limiter) as port:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
                caller.sendall(b"GET /t/livez HTTP/1.1\r\nHost: x\r\n\r\n")
                assert await asyncio.to_thread(caller.recv, 65536)
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no end
            await asyncio.sleep(0.4)
    finally:
        loop.set_exception_handler(None)
    assert trouble == []
    assert ended == [], "a timer outlived its connection, and kept all of it in memory"
