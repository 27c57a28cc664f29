"""The log as an operator reads it: whole topics, where they end, how far each group is. Changes nothing, joins nothing.

`PostgresLog` and `KafkaLog` are the two; commands use them (gridgov/operations), services never do.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from shared.bus.port import Record


class Place(NamedTuple):
    """One partition of a topic."""

    topic: str
    partition: int


class Span(NamedTuple):
    """What a partition holds: the first offset that is still there, and the one its next message will get."""

    first: int
    next: int


class Log(Protocol):
    """May raise BusUnavailable everywhere. A topic that does not exist is empty."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def describe(self) -> str:
        """The bus and its version, for people."""
        ...

    async def spans(self, topics: Sequence[str]) -> Mapping[Place, Span]:
        """What each partition of `topics` holds now."""
        ...

    async def committed(self, group: str) -> Mapping[Place, int]:
        """The offset from which `group` goes on, for each partition where it has committed one."""
        ...

    def records(self, topic: str, spans: Mapping[Place, Span] | None = None) -> AsyncIterator[Record]:
        """Every message of `topic` that was there when the reading began (or in `spans`), partition by partition in
        offset order."""
        ...
