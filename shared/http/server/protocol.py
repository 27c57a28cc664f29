"""uvicorn's HTTP protocol with limits: takes connections as they come, and refuses early what a full service would refuse.

An overload is survived only when refusing costs next to nothing. So the answer is written as soon as the headers are
there: no task, no ASGI, no token, no parsing, no log line. What is not plainly small and simple goes on to the edge,
which refuses by the same `ConcurrencyLimit`.
"""

import asyncio
import os
import resource
import select
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from shared.http.server.concurrency_limit import PASSED, SEAT, UNGUARDED, ConcurrencyLimit, Seat, refusal
from shared.http.server.edge import METHODS, SECURITY_HEADERS
from shared.http.server.unread import Unread

_SMALL: Final = 64 * 1024
_UNGUARDED: Final = frozenset(path[1:].encode() for path in UNGUARDED)
MOST_CONNECTIONS: Final = 4_000
_OTHER_FILES: Final = 200
"""Left for the database, the bus, the log."""
CUT_SECONDS: Final = 2.0
"""After a stream that broke off, for what was written of it."""
HEAD_SECONDS: Final = 10.0
"""From the first byte of a request to the end of its headers. Who sends them by drops keeps no connection from others."""
LONGEST_HEAD: Final = 256 * 1024
"""What is read before the headers end; the edge's own limit is smaller, but looks at them when they are there."""
_A_TURN: Final = 64
_PAUSE: Final = 0.1


@dataclass(slots=True)
class _Head:
    """The headers of the next request on a connection."""

    open: bool = True
    """They have not come yet, or not to their end."""
    moved: bool = False
    """What came last ended headers or a request: then nothing of the next one need be there."""
    size: int = 0
    due: asyncio.TimerHandle | None = None

    def ended(self) -> None:
        self.open, self.moved, self.size = False, True, 0
        if self.due is not None:
            self.due.cancel()
            self.due = None

    def awaited(self) -> None:
        self.open = self.moved = True


class ServerProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a look at the limiter before each request.

    What is let in is counted here too, before its task begins: a hundred requests may arrive in one turn of the loop,
    and each must see those before it.
    """

    def __init__(self, limiters: Mapping[str, ConcurrencyLimit], unread: Unread, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limiters = limiters
        self._unread = unread
        self._turned_away: bytes | None = None
        self._closing = False
        self._seat: Seat | None = None
        self._head = _Head()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head.ended()
        self._unread.leave(self.transport)
        self._unset_keepalive_if_required()  # uvicorn does so only where the connection ended in order
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread.watch(self.transport)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread.leave(self.transport)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._unread.watch(self.transport)

    def data_received(self, data: bytes) -> None:
        head = self._head
        head.moved = False
        super().data_received(data)
        if head.open and not head.moved and not self.transport.is_closing():
            head.size += len(data)
            if head.size > LONGEST_HEAD:
                self.transport.close()
            elif head.due is None:
                head.due = self.loop.call_later(HEAD_SECONDS, self._head_late)

    def _head_late(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:  # one before it is being answered
            self._head.due = self.loop.call_later(HEAD_SECONDS, self._head_late)
        else:
            self._head.due = None
            self.transport.close()

    def _wait(self) -> None:
        """For the next request, or the first: who says nothing keeps no connection from others."""
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on who has said nothing. A turn of the loop may be long: what came since it looked at the sockets is
        still in them, and who asked just in time would get no answer."""
        if self.transport.is_closing():  # the last bytes are still on their way
            return
        if self.transport.get_write_buffer_size():  # it has not read its answer yet
            self._unread.watch(self.transport)
            self._wait()
            return
        descriptor = self.transport.get_extra_info("socket").fileno()
        unread = select.poll()
        unread.register(descriptor, select.POLLIN)
        if unread.poll(0):
            self._wait()
            return
        # And now rather than when this turn ends, which is when the loop closes it: who asks meanwhile gets no answer.
        with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
            connection.shutdown(socket.SHUT_WR)
        super().timeout_keep_alive_handler()

    def _limiter(self, path: bytes) -> ConcurrencyLimit | None:
        """The one to ask about `path`; none for what is never refused."""
        name, _, inner = path[1:].partition(b"/")
        return None if inner in _UNGUARDED else self._limiters.get(name.decode("latin-1"))

    def on_headers_complete(self) -> None:
        self._head.ended()
        limiter = self._limiter(self.url.partition(b"?")[0])
        if limiter is None or not limiter.full() or not self._simple():
            super().on_headers_complete()
            return
        method = self.parser.get_method().decode("ascii")
        limiter.refuse(method if method in METHODS else "other")
        self._closing = not self.parser.should_keep_alive()
        self._turned_away = refusal(self.headers, SECURITY_HEADERS, close=self._closing)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        limiter = self._limiter(cycle.scope["raw_path"])
        if limiter is not None and not limiter.full():
            self._seat = Seat(limiter)
            app = self._through(limiter, self._seat, cycle, app)
        super()._start_asgi_task(cycle, app)

    def _through(self, limiter: ConcurrencyLimit, seat: Seat, cycle: RequestResponseCycle, app: Any) -> ASGIApp:
        """`app` for one request that `limiter` lets in now. Layers within see its mark and do not ask or count again."""

        async def passed(scope: Scope, receive: Receive, send: Send) -> None:
            scope[PASSED], scope[SEAT] = limiter, seat
            try:
                await app(scope, receive, send)
            finally:
                seat.leave()
                if seat.streams and not cycle.response_complete:
                    # Who does not read would keep the connection that is closed under them.
                    self.loop.call_later(CUT_SECONDS, self.transport.abort)

        return passed

    def shutdown(self) -> None:
        """The server stops: an answer that never ends by itself ends now."""
        if self._seat is not None and self._seat.streams:
            self.transport.close()
        super().shutdown()

    def _simple(self) -> bool:
        """Whether the request is the next to be answered on its connection and its body is soon over."""
        if (self.cycle is not None and not self.cycle.response_complete) or self.expect_100_continue:
            return False
        if self.parser.get_method() == b"HEAD" or self.parser.should_upgrade():
            return False
        for name, value in self.headers:
            if name == b"transfer-encoding" or (name == b"content-length" and not _small(value)):
                return False
        return True

    def on_body(self, body: bytes) -> None:
        if self._turned_away is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._head.awaited()
        if self._turned_away is None:
            super().on_message_complete()
            return
        self.transport.write(self._turned_away)
        self._turned_away = None
        if self.flow.write_paused:  # refusals wait for nobody to read them before the next is written
            self.transport.abort()
        elif self._closing:
            self.transport.close()
        else:
            self._wait()


def _small(length: bytes) -> bool:
    return length.isdigit() and len(length) <= 9 and int(length) <= _SMALL


class Acceptor:
    """Takes connections from `listener` for `server`, from `open` to `close`.

    Not left to the loop: libuv takes one connection per turn, so that under load callers would wait for seconds to be
    taken at all, unseen by any limit.
    """

    def __init__(
        self, server: uvicorn.Server, listener: socket.socket, limiters: Mapping[str, ConcurrencyLimit]
    ) -> None:
        self._server, self._listener, self._limiters = server, listener, limiters
        self._most = _most_connections()
        self._unread = Unread()
        self._greeting: set[asyncio.Task[Any]] = set()
        self._paused: asyncio.TimerHandle | None = None

    def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener.setblocking(False)
        self._loop.add_reader(self._listener, self._take)

    async def close(self) -> None:
        """Take no more connections; those taken are the server's when this returns."""
        if self._paused is not None:
            self._paused.cancel()
        self._loop.remove_reader(self._listener)
        self._listener.close()
        if self._greeting:
            await asyncio.wait(self._greeting)

    def _protocol(self) -> ServerProtocol:
        return ServerProtocol(
            self._limiters,
            self._unread,
            config=self._server.config,
            server_state=self._server.server_state,
            app_state={},
        )

    def _take(self) -> None:
        try:
            for _ in range(_A_TURN):
                if len(self._server.server_state.connections) + len(self._greeting) >= self._most:
                    self._pause()
                    return
                caller, _ = self._listener.accept()
                caller.setblocking(False)
                caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                task = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, caller))
                self._greeting.add(task)
                task.add_done_callback(self._greeted)
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:  # out of files or memory: what is open now has to end first
            self._pause()

    def _greeted(self, task: "asyncio.Task[Any]") -> None:
        self._greeting.discard(task)
        if not task.cancelled():
            task.exception()  # gone again already: nobody is left to tell

    def _pause(self) -> None:
        """Leave callers where they are, in the listener's backlog; when that is full, their system asks again."""
        self._loop.remove_reader(self._listener)
        self._paused = self._loop.call_later(_PAUSE, self._loop.add_reader, self._listener, self._take)


def _most_connections() -> int:
    """MOST_CONNECTIONS, or what the files that this process may open leave, after asking for as many as that takes."""
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
            soft = granted
        wanted = soft
    return max(_A_TURN, wanted - _OTHER_FILES)
