"""The HTTP server of the embedded form: uvicorn on a socket that is already ours, stopped by an event."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

DRAIN_SECONDS = 8


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signals: the command has its own handlers, and uvicorn would raise them again at the end."""
        yield


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
            backlog=512,
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
