"""The fork server seen from the launcher: orders go in, and what became of the parts comes out."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

from gridgov.cluster.parts import Part

_ROOT: Final = Path(__file__).resolve().parents[2]
_NOT_FOR_PARTS: Final = ("DATABASE_URL", "GRIDGOV_FAILPOINTS", "GRIDGOV_STATE", "GRIDGOV_MEMBER", "GRIDGOV_UPSTREAMS")
_OF_ANOTHER_KAFKA: Final = "GRIDGOV_KAFKA"
"""Begins what says where another Kafka is and how it is spoken to: a cluster has its own brokers, on this machine."""


class ForkServer:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def open(cls, console: Path) -> "ForkServer":
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in _NOT_FOR_PARTS and not name.startswith(_OF_ANOTHER_KAFKA)
        }
        with console.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "gridgov.cluster.fork_server",
                cwd="/", env={**environment, "PYTHONPATH": str(_ROOT)}, start_new_session=True,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def start(self, part: Part, environment: Mapping[str, str], console: Path) -> None:
        """Order a start; that it happened comes as an event."""
        order = {
            "part": part.name,
            "arguments": part.arguments,
            "environment": dict(environment),
            "console": str(console),
        }
        assert self._process.stdin is not None  # opened as a pipe
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """What happens to the parts, until the fork server ends, and all of them with it."""
        assert self._process.stdout is not None  # opened as a pipe
        async for line in self._process.stdout:
            yield json.loads(line)
        await self._process.wait()

    async def close(self) -> None:
        """End it, and whatever part still runs, by force."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()
