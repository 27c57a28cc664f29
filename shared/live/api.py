"""Live changes over HTTP: server-sent events (WHATWG HTML §9.2), as pages and programs read them."""

import asyncio
import random
from typing import Annotated, Final

from fastapi import Request, Response
from starlette.types import Message, Receive, Scope, Send

from shared.auth.permissions import signed_in, still_signed_in
from shared.auth.principal import Principal
from shared.errors import GridGovError
from shared.http.routes import router
from shared.http.server.concurrency_limit import step_out
from shared.live.hub import Hub, Watcher

BEAT_SECONDS: Final = 15.0
"""Between comments. At each the session is asked again, and the position told, so that a quiet stream resumes too."""
SEND_SECONDS: Final = 10.0
"""Who takes longer to read what was sent is cut off."""

routes = router(tags=["实时 · Live"])


@routes.get(
    "/changes",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def changes(request: Request, caller: Annotated[Principal, signed_in()]) -> Response:
    """What changes within the caller's reach, as it happens: `event: changed` with kind, id, version, action and street;
    `event: reload` when too much happened. `Last-Event-ID` goes on where it was · 实时变化（SSE）。"""
    hub: Hub = request.app.state.live
    return _Stream(request, hub, caller)


class _Stream(Response):
    """The answer that goes on until caller, session or server end."""

    def __init__(self, request: Request, hub: Hub, caller: Principal) -> None:
        super().__init__(media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._request, self._hub, self._caller = request, hub, caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        last = self._request.headers.get("last-event-id")
        async with self._hub.watching(self._caller, last) as watcher:
            step_out(scope, stream=True)
            leaving = asyncio.create_task(_leave(receive, watcher))
            try:
                await _send(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                # Not all at once, after a restart.
                await _send(send, _body(b"retry: %d\n\n" % random.randrange(1000, 4000)))  # noqa: S311 - no secret
                await self._stream(watcher, send, quiet=last is None)
            except TimeoutError:
                return  # too slow
            finally:
                leaving.cancel()
            await _send(send, {"type": "http.response.body", "body": b""})

    async def _stream(self, watcher: Watcher, send: Send, *, quiet: bool) -> None:
        clock = asyncio.get_running_loop().time
        position = self._hub.position if quiet else None
        if position:
            await _send(send, _body(b"id: %s\n\n" % position.encode()))
        beat = clock() + BEAT_SECONDS
        while True:
            # Before what waits is taken: then the position is behind it, if anything.
            position = self._hub.position
            waiting = await watcher.messages(beat - clock())
            if waiting:
                await _send(send, _body(waiting))
            if watcher.ended:
                return
            if clock() >= beat:
                if not await self._still_there():
                    return
                told = b"" if waiting else b"id: %s\n" % position.encode()
                await _send(send, _body(b": \n%s\n" % told))
                beat = clock() + BEAT_SECONDS

    async def _still_there(self) -> bool:
        """Whether the session goes on, as it was."""
        try:
            return await still_signed_in(self._request) == self._caller
        except GridGovError:
            return False


async def _leave(receive: Receive, watcher: Watcher) -> None:
    """End the watcher when its connection ends, from whichever side."""
    while (await receive())["type"] != "http.disconnect":
        pass
    watcher.end()


def _body(content: bytes) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": True}


async def _send(send: Send, message: Message) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send(message)
