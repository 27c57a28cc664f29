"""The HTTP server of the embedded form: uvicorn on a socket that is already ours, stopped by an event."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from services.embedded.ports import claim

DRAIN_SECONDS = 6
"""Together with closing what the requests used it stays below the 10 s after which supervisors kill."""
_BACKLOG = 512


class _Server(uvicorn.Server):
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


async def serve(site: ASGIApp, listener: socket.socket, stop: asyncio.Event) -> None:
    """Answer until `stop`, then finish the requests in hand, for at most DRAIN_SECONDS."""
    server = _Server(
        uvicorn.Config(
            site,
            proxy_headers=False,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=DRAIN_SECONDS,
            h11_max_incomplete_event_size=64 * 1024,
            backlog=_BACKLOG,
            server_header=False,
            date_header=False,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopped.cancel()
    await serving
