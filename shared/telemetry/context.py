"""What caused the present work: the correlation id and the W3C traceparent, from the request to the last event.

Both edges set it (the HTTP middleware per request, the event handlers per event); the unit of work writes it into every
event that is published meanwhile, and the logs carry it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """`correlation_id` is the same from the first request to the last event; `traceparent` per W3C Trace Context."""

    correlation_id: str | None = None
    traceparent: str | None = None


NO_CAUSE = Cause()
_current: ContextVar[Cause] = ContextVar("gridgov_cause", default=NO_CAUSE)


def current_cause() -> Cause:
    return _current.get()


def correlation_id() -> str | None:
    return _current.get().correlation_id


def traceparent() -> str | None:
    return _current.get().traceparent


@contextmanager
def caused_by(cause: Cause) -> Iterator[None]:
    """Everything recorded and logged within is attributed to `cause`."""
    token = _current.set(cause)
    try:
        yield
    finally:
        _current.reset(token)
