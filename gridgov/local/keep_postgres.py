"""Starts the private PostgreSQL again when its guard is gone: the guard brings back the server, but nobody the guard.

A guard that is killed takes the server with it; a new one waits for the last of the old server's processes, and
serves the same data on the same socket, so pools find it again by themselves.
"""

import asyncio
from contextlib import suppress
from typing import Final

from gridgov.local.errors import StartError, explained
from gridgov.local.postgres import PrivatePostgres
from gridgov.local.troubles import Say, Troubles

LOOK_SECONDS: Final = 0.5
_LONGEST_PAUSE: Final = 10.0


async def keep_postgres(server: PrivatePostgres, stop: asyncio.Event, say: Say) -> None:
    """Look after a started `server` until `stop`. A start that was begun is waited for even then."""
    pause, troubles = LOOK_SECONDS, Troubles(say)
    while not await _set_within(stop, pause):
        if server.alive():
            continue
        troubles.tell(
            "postgres",
            "数据库的守护进程已结束，重新启动数据库",
            "the database's guard has ended: starting the database again",
        )
        try:
            with explained(server.state.path):
                await server.stop()  # forget the guard that ended
                await server.start()
        except StartError as error:
            troubles.tell("postgres", error.zh, error.en)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            pause = LOOK_SECONDS
            troubles.over("postgres", "数据库已恢复", "the database runs again")


async def _set_within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()
