"""What a service does about which event, and how a batch is cut so that handlers may take many events at once."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.db.unit_of_work import UnitOfWork
from shared.events.base import Event
from shared.events.codec import Envelope

U = TypeVar("U", bound=UnitOfWork)
Handler = Callable[[Sequence[Any], U], Awaitable[None]]
"""Takes the envelopes of events of one class, in order, within one transaction; works on each within
`bound(envelope.trace)`. May be called again with the same events after a failure, never after a commit."""


@dataclass(frozen=True, slots=True)
class Subscriptions(Generic[U]):
    """What a service does about which event: the one table that answers 'what happens when…'."""

    group: str
    reactions: Mapping[type[Event], Handler[U]]

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({event.topic for event in self.reactions}))

    @property
    def classes(self) -> dict[str, type[Event]]:
        return {event.type: event for event in self.reactions}


@dataclass(slots=True)
class _Wave:
    """Records whose keys each occur with one event class only: classes may be handled one after the other."""

    by_class: dict[type[Event], list[Envelope[Event]]] = field(default_factory=dict)
    class_of_key: dict[str, type[Event]] = field(default_factory=dict)


def waves(envelopes: Iterable[Envelope[Event]]) -> list[dict[type[Event], list[Envelope[Event]]]]:
    """Group envelopes by class for batched handling without changing the order of events of any one key."""
    result = [_Wave()]
    for envelope in envelopes:
        kind, key = type(envelope.event), envelope.event.key
        if result[-1].class_of_key.setdefault(key, kind) is not kind:
            result.append(_Wave(class_of_key={key: kind}))
        result[-1].by_class.setdefault(kind, []).append(envelope)
    return [wave.by_class for wave in result]
