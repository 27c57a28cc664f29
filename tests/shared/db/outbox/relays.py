"""A relay on a bus whose producer the test can hold up, fail and watch; the bus behind it is real."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from prometheus_client import CollectorRegistry

from shared.bus.port import Message
from shared.bus.postgres.bus import PostgresBus, PostgresProducer
from shared.db.outbox.relay import Relay
from shared.telemetry.metrics import Metrics
from tests.shared.probe import Probe

Act = Callable[[Sequence[Message]], Awaitable[None]]


async def nothing(_: Sequence[Message]) -> None: ...


class WatchedBus:
    """Gives out producers that call `before` and `after` around each real send, and counts those at work at once."""

    def __init__(self, bus: PostgresBus, before: Act = nothing, after: Act = nothing) -> None:
        self.bus, self.before, self.after = bus, before, after
        self.sending = self.most = 0
        self.sends: list[int] = []
        self.closed = 0

    async def producer(self, name: str) -> "WatchedProducer":
        return WatchedProducer(self, await self.bus.producer(name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bus, name)


class WatchedProducer:
    def __init__(self, watched: WatchedBus, inner: PostgresProducer) -> None:
        self._watched, self._inner = watched, inner

    async def send(self, messages: Sequence[Message]) -> None:
        watched = self._watched
        watched.sending += 1
        watched.most = max(watched.most, watched.sending)
        try:
            await watched.before(messages)
            await self._inner.send(messages)
            watched.sends.append(len(messages))
            await watched.after(messages)
        finally:
            watched.sending -= 1

    async def close(self) -> None:
        self._watched.closed += 1
        await self._inner.close()


def relay_of(probe: Probe, bus: Any, *, idle_poll: float = 0.01, metrics: Metrics | None = None) -> Relay:
    return Relay(
        probe.engine,
        probe.tables,
        bus,
        probe.clock,
        idle_poll=idle_poll,
        metrics=metrics or Metrics(CollectorRegistry()),
    )
