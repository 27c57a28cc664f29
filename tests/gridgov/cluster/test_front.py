"""The front against apis that misbehave: what is asked again, what is not, and what a caller is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import httpx2
import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import PlainTextResponse

from gridgov.cluster import front as front_module
from gridgov.cluster.front import Front, UpstreamsWrong, read_upstreams
from services.manifest import SERVICES
from shared.http.server.concurrency_limit import MOST
from shared.telemetry.metrics import Metrics
from tests.support.watching import watching

Answer = Callable[[bytes, int], bytes | None]
"""Takes the request and its number; the bytes to answer with, None to hang up."""


def whole(status: str, *headers: str, body: str = "{}") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


@asynccontextmanager
async def upstream(answer: Answer) -> AsyncIterator[tuple[str, list[bytes]]]:
    """The address of a server that answers as told, and the requests that reached it."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        seen.append(head + await reader.readexactly(length))
        told = answer(seen[-1], len(seen))
        if told is not None:
            writer.write(told)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def front(*addresses: str) -> AsyncIterator[httpx2.AsyncClient]:
    metrics = Metrics(CollectorRegistry())
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(
                app=Front(session, dict.fromkeys(SERVICES, addresses), PlainTextResponse("own"), metrics)
            ),
            base_url="http://front",
        ) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_module, "PATIENCE_SECONDS", 0.5)


async def test_a_request_passes_unchanged_but_for_who_asked() -> None:
    async with (
        upstream(lambda *_: whole("201 Created", "x-correlation-id: abc", "connection: close")) as (address, seen),
        front(address) as client,
    ):
        answer = await client.post(
            "/intake/reports?a=%2Fb&a=c", json={"text": "井盖"},
            headers={"x-forwarded-for": "6.6.6.6", "x-mine": "路灯".encode(), "te": "trailers"},
        )  # fmt: skip
    assert (answer.status_code, answer.headers["x-correlation-id"]) == (201, "abc")
    assert "connection" not in answer.headers
    (request,) = seen
    assert request.startswith(b"POST /intake/reports?a=%2Fb&a=c HTTP/1.1\r\n")
    assert "井盖".encode() in request and b"6.6.6.6" not in request and b"\r\nte:" not in request.lower()
    assert b"x-forwarded-for: 127.0.0.1" in request.lower() and "路灯".encode() in request


async def test_what_is_not_of_a_service_is_the_fronts_own() -> None:
    async with front("http://127.0.0.1:9") as client:
        assert (await client.get("/")).text == "own"
        assert (await client.get("/metrics")).text == "own"


@pytest.mark.parametrize(
    "method, headers", [("GET", {}), ("POST", {"idempotency-key": "k"})], ids=["reads", "carries a key"]
)
async def test_what_may_be_asked_twice_is(method: str, headers: dict[str, str]) -> None:
    async with (
        upstream(lambda _, number: whole("200 OK") if number == 2 else None) as (address, seen),
        front(address) as client,
    ):
        answer = await client.request(method, "/intake/reports", headers=headers)
    assert answer.status_code == 200
    assert len(seen) == 2 and seen[0] == seen[1]


@pytest.mark.parametrize(
    "method, path, headers",
    [
        ("POST", "/intake/reports", {}),
        ("POST", "/dispatch/work-orders/1/accept", {"idempotency-key": "k", "if-match": '"1"'}),
        ("POST", "/intake/reports/1/triage", {"idempotency-key": "k", "if-match": '"1"'}),
        ("PUT", "/registry/units/A7", {"if-match": '"1"'}),
    ],
    ids=["no key", "a work order's move", "a report's triage", "a unit"],
)
async def test_what_was_sent_and_lost_is_not_sent_again_where_no_key_is_honoured(
    method: str, path: str, headers: dict[str, str]
) -> None:
    async with upstream(lambda *_: None) as (address, seen), front(address) as client:
        answer = await client.request(method, path, json={}, headers=headers)
    assert len(seen) == 1
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_never_arrived_goes_to_another_process() -> None:
    async with (
        upstream(lambda *_: whole("201 Created")) as (address, seen),
        front("http://127.0.0.1:9", address) as client,
    ):
        answers = [await client.post("/intake/reports", json={}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201] * 4 and len(seen) == 4


async def test_a_process_that_is_starting_is_no_answer_but_a_refusal_is_one() -> None:
    starting = whole("503 Service Unavailable", "x-gridgov-not-taken: starting")

    def answer(_: bytes, number: int) -> bytes:
        return starting if number < 3 else whole("503 Service Unavailable", "retry-after: 7")

    async with upstream(answer) as (address, seen), front(address) as client:
        told = await client.post("/intake/reports", json={})
    assert len(seen) == 3
    assert told.headers["retry-after"] == "7"


async def test_an_answer_that_breaks_off_is_not_made_whole() -> None:
    async with (
        upstream(lambda *_: b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf") as (address, _),
        front(address) as client,
    ):
        with pytest.raises((aiohttp.ClientError, httpx2.TransportError)):
            await client.get("/intake/reports")


async def test_a_stream_passes_as_it_comes_and_ends_at_the_api_with_its_reader() -> None:
    going_on, left = asyncio.Event(), asyncio.Event()

    async def api(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nid: 1\ndata: {}\n\n")
        await going_on.wait()
        writer.write(b"id: 2\ndata: {}\n\n")
        await reader.read()  # until the front hangs up
        left.set()
        writer.close()

    server = await asyncio.start_server(api, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        app = Front(session, {"intake": [address]}, PlainTextResponse("own"), Metrics(CollectorRegistry()))
        async with watching(app, {}, path="/intake/changes") as seen:
            assert await seen.next() == ("message", {})
            assert seen.last_event_id == "1"
            assert app.limiters["intake"].in_flight == 0, "it waits for news, not for an answer"
            going_on.set()
            await seen.next()
            assert seen.last_event_id == "2"
        await asyncio.wait_for(left.wait(), 5)
    server.close()


@pytest.mark.parametrize("text", ["", "intake", "intake=ftp://a", "=http://a", "in take=http://a"])
def test_addresses_that_are_none_stop_the_start(text: str) -> None:
    with pytest.raises(UpstreamsWrong):
        read_upstreams(text)


def test_several_addresses_of_one_service_take_turns() -> None:
    assert read_upstreams("intake=http://a:1/ intake=http://b:1 dispatch=http://c:1") == {
        "intake": ["http://a:1", "http://b:1"],
        "dispatch": ["http://c:1"],
    }


async def test_beyond_what_one_service_answers_soon_callers_are_refused_and_other_services_are_not() -> None:
    async with upstream(lambda *_: whole("200 OK", "connection: close")) as (address, seen):
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            metrics = Metrics(CollectorRegistry())
            app = Front(session, {"intake": [address], "dispatch": [address]}, PlainTextResponse("own"), metrics)
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://front") as client:
                for _ in range(MOST):
                    app.limiters["intake"].enter()
                refused = await client.post("/intake/reports", json={}, headers={"idempotency-key": "k"})
                health = await client.get("/intake/livez")
                other = await client.get("/dispatch/inbox")
                app.limiters["intake"].leave(0.0)
                taken = await client.post("/intake/reports", json={}, headers={"idempotency-key": "k"})
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert int(refused.headers["retry-after"]) > 0
    assert [answer.status_code for answer in (health, other, taken)] == [200, 200, 200]
    assert len(seen) == 3, "a refused request reaches no api"
