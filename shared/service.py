"""What a service is made of, the same for all four: an API, and loops that run beside it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.auth.tokens import TokenSigner, TokenVerifier
from shared.bus.consumer import EventConsumer
from shared.bus.port import Bus
from shared.clock import Clock
from shared.db.outbox.relay import Relay
from shared.db.tables import ServiceTables
from shared.db.unit_of_work import Database
from shared.http.health import Check
from shared.settings import Settings
from shared.telemetry.metrics import Metrics

Loop = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""Runs until the event is set, then finishes the work in hand and returns."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What the composition root opened, and every service is built from."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    bus: Bus
    verifier: TokenVerifier
    metrics: Metrics
    keys: Path
    """Directory of the secret keys; only the owner may read it."""
    signer: TokenSigner
    """Signs the tokens of those who sign in. Only registry's api uses it, and only there the keys need be."""
    relay_poll: float = 0.05
    """Seconds between a relay's looks at the outbox; longer where every commit is of the relay's own process."""
    behind_proxy: bool = False
    """Whether whoever calls is a proxy of ours, so that the address it names is to be believed."""
    crowded: Callable[[], bool] = lambda: False
    """Whether requests are being refused in this process for their number; then its consumers give way."""


@dataclass(frozen=True, slots=True)
class Service:
    """A built service. `loops` are its worker: relay, consumer and what else must run."""

    tables: ServiceTables
    api: FastAPI
    database: Database
    relay: Relay
    consumer: EventConsumer | None
    loops: Mapping[str, Loop]
    checks: Mapping[str, Check]
    seed: Callable[[], Awaitable[None]]

    @property
    def name(self) -> str:
        return self.tables.service


GRACE_SECONDS = 3.0
"""What a loop may take to finish what it has in hand when it is told to stop. With what closing takes then (3 s at most
for a Kafka client) a worker ends within ten seconds."""


class LoopEnded(Exception):
    """A loop that runs until it is told to stop ended by itself."""


async def run_loops(loops: Mapping[str, Loop], stop: asyncio.Event) -> None:
    """Run all until `stop` is set. A loop that fails, or ends before it is told to, stops the others and its error is
    raised: better a process that ends and says why than one that looks alive and does half of its work."""
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(_until_told(name, loop, stop), name=name) for name, loop in loops.items()]
        group.create_task(_no_longer(running, stop), name="grace")


async def _no_longer(running: Sequence["asyncio.Task[None]"], stop: asyncio.Event) -> None:
    """Cancel what runs on after `stop`, as it does while a broker or a network is silent: what it had in hand is undone,
    and comes again."""
    await stop.wait()
    if running:
        await asyncio.wait(running, timeout=GRACE_SECONDS)
    for task in running:
        task.cancel()


async def _until_told(name: str, loop: Loop, stop: asyncio.Event) -> None:
    try:
        await loop(stop)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        # Cancelled by something it awaited. A task group takes that for an end in order.
    if not stop.is_set():
        raise LoopEnded(f"the loop {name} ended by itself")
