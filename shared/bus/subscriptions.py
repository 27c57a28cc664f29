"""What a service does about which event, and how a batch is cut so that handlers may take many events at once."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shared.bus.batch import Batch
from shared.bus.port import Record
from shared.events.base import Event
from shared.events.codec import CONCERNS, Envelope

Handler = Callable[[Batch[Any], Any], Awaitable[None]]
"""Takes events that it subscribes to, in order, within the transaction of a unit of work. May be called again with the
same events after a failure, never after a commit."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What a service does about which event: the one table that answers 'what happens when…'. Handlers of one event are
    called in the order written."""

    group: str
    reactions: Mapping[type[Event], Sequence[Handler]]
    only: Mapping[type[Event], frozenset[str]] = field(default_factory=dict)
    """Of these events those alone that concern one of these kinds of things; of all others every one."""

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({event.topic for event in self.reactions}))

    @property
    def classes(self) -> dict[str, type[Event]]:
        return {event.type: event for event in self.reactions}

    def passes_over(self, record: Record) -> bool:
        """Whether a message says that it concerns none of the things that are followed here. Older ones do not say it."""
        concerns = record.headers.get(CONCERNS)
        if concerns is None or not self.only:
            return False
        kinds = self._only_of(record.headers.get("ce_type"))
        return kinds is not None and kinds.isdisjoint(concerns.split())

    def _only_of(self, kind: str | None) -> frozenset[str] | None:
        return next((kinds for event, kinds in self.only.items() if event.type == kind), None)

    def calls(self, envelopes: Iterable[Envelope[Event]]) -> list[tuple[Handler, Batch[Event]]]:
        """Which handlers to call with what: as few calls as the order of each key allows.

        Between two events of one key that go to different handlers the calls are cut, so that whatever was done about
        the first is done before anything is done about the second.
        """
        waves = [_Wave()]
        for envelope in envelopes:
            handlers, key = tuple(self.reactions[type(envelope.event)]), envelope.event.key
            if waves[-1].handlers_of_key.setdefault(key, handlers) != handlers:
                waves.append(_Wave(handlers_of_key={key: handlers}))
            for handler in handlers:
                waves[-1].by_handler.setdefault(handler, []).append(envelope)
        return [(handler, Batch(given)) for wave in waves for handler, given in wave.by_handler.items()]


@dataclass(slots=True)
class _Wave:
    """Events whose keys each go to the same handlers: these may be called one after the other."""

    by_handler: dict[Handler, list[Envelope[Event]]] = field(default_factory=dict)
    handlers_of_key: dict[str, tuple[Handler, ...]] = field(default_factory=dict)


def name_of(handler: Handler) -> str:
    """What a handler is called in metrics."""
    function = handler.func if isinstance(handler, partial) else handler
    return getattr(function, "__name__", type(function).__name__.lower())
