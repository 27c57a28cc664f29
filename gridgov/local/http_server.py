"""The HTTP server of every process: uvicorn with our protocol, on a socket that is already ours, stopped by an event."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from gridgov.local.ports import claim
from shared.http.server.concurrency_limit import ConcurrencyLimit
from shared.http.server.protocol import Acceptor

DRAIN_SECONDS = 6
"""Together with closing what the requests used it stays below the 10 s after which supervisors kill."""
KEEP_SECONDS = 20
"""For so long a connection on which nobody asks is kept: longer than common clients keep theirs (15 s), since who asks
while we hang up gets no answer, and who connects anew costs more than the request."""
_BACKLOG = 512


class _Server(uvicorn.Server):
    """Takes no connections itself: the acceptor does."""

    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, limiters: Mapping[str, ConcurrencyLimit]
    ) -> None:
        super().__init__(config)
        self._acceptor = Acceptor(self, listener, limiters)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._acceptor.open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._acceptor.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signals: the command has its own handlers, and uvicorn would raise them again at the end."""
        yield


def listen(listener: socket.socket) -> None:
    """Take callers from now on. Raises PortBusy: until one of them listens, two processes may claim the same port."""
    host, port = listener.getsockname()[:2]
    try:
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        claim(port, host).close()  # says who is in the way
        raise


async def serve(
    site: ASGIApp, listener: socket.socket, stop: asyncio.Event, limiters: Mapping[str, ConcurrencyLimit] | None = None
) -> None:
    """Answer until `stop`, then finish the requests in hand, for at most DRAIN_SECONDS. `limiters` are asked before each
    request, by the first segment of its path; more may be put in later."""
    config = uvicorn.Config(
        site,
        http="httptools",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=DRAIN_SECONDS,
        timeout_keep_alive=KEEP_SECONDS,
        server_header=False,
        date_header=False,
    )
    server = _Server(config, listener, {} if limiters is None else limiters)
    serving = asyncio.create_task(server.serve(sockets=[]), name="http")
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopped.cancel()
    await serving
