"""What of a local cluster runs and is ready: asked of every part, not remembered."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import asyncpg

from gridgov.cluster.parts import Overview, Seen
from gridgov.local.kafka.probe import brokers_seen_by
from gridgov.local.postgres import dsn_of
from gridgov.local.state import StateDirectory

_ANSWER_SECONDS: Final = 4.0
_DOWN_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Status:
    """`parts`: name, service, role, pid, port, ready, starts, and `missing`, the checks that fail."""

    directory: Path
    url: str | None
    kafka: str | None
    pid: int | None
    parts: list[dict[str, Any]]

    @property
    def ready(self) -> bool:
        return bool(self.parts) and all(part["ready"] for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        return {
            "directory": str(self.directory),
            "running": self.pid is not None,
            "ready": self.ready,
            "pid": self.pid,
            "url": self.url,
            "kafka": self.kafka,
            "parts": self.parts,
        }


async def status_of(directory: Path) -> Status:
    """Ask every part of the cluster in a state directory."""
    overview = Overview.read(directory)
    if overview is None or not overview.running():
        return Status(directory, None, None, None, [])
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_SECONDS), trust_env=False) as session:
        parts = await asyncio.gather(*(_ask(part, directory, session) for part in overview.parts))
    return Status(directory, overview.url, overview.kafka, overview.pid, parts)


def stop_cluster(directory: Path) -> bool:
    """End a running cluster and wait for its end. Whether one ran."""
    overview = Overview.read(directory)
    if overview is None or not overview.running():
        return False
    os.kill(overview.pid, signal.SIGTERM)
    end = time.monotonic() + _DOWN_SECONDS
    while overview.running() and time.monotonic() < end:
        time.sleep(0.1)
    return True


async def _ask(part: Seen, directory: Path, session: aiohttp.ClientSession) -> dict[str, Any]:
    missing: list[str] = []
    ready = False
    if part.running():
        try:
            if part.role == "database":
                ready = await _database_answers(directory)
            elif part.role == "broker":
                seen = await asyncio.to_thread(brokers_seen_by, part.port or 0)
                ready = int(part.name.rpartition("-")[2]) in seen
            else:
                ready, missing = await _http_ready(part.port or 0, session)
        except (OSError, aiohttp.ClientError, asyncpg.PostgresError, TimeoutError, ValueError):
            ready = False
    return {
        "name": part.name,
        "service": part.service or None,
        "role": part.role,
        "pid": part.pid if part.running() else None,
        "port": part.port,
        "ready": ready,
        "starts": part.starts,
        "missing": missing,
    }


async def _http_ready(port: int, session: aiohttp.ClientSession) -> tuple[bool, list[str]]:
    async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
        body = await answer.json(content_type=None)
        checks: dict[str, dict[str, Any]] = body.get("checks", {})
        missing = [check["error"] if name == "start" else name for name, check in checks.items() if not check.get("ok")]
        return answer.status == 200, missing


async def _database_answers(directory: Path) -> bool:
    connection = await asyncpg.connect(dsn_of(StateDirectory.peek(directory)), timeout=_ANSWER_SECONDS)
    try:
        return bool(await connection.fetchval("SELECT true"))
    finally:
        await connection.close()
