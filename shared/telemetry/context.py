"""The trace of the work in hand: correlation id and W3C traceparent, from the request to the last event.

Set at both edges (HTTP request, event batch) and nowhere else; read by the log and by the outbox. One context
variable holds both, because a request pays for each.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import NamedTuple

# Version ff is forbidden, ids of zeros are invalid, and version 00 has nothing behind its flags.
_TRACEPARENT = re.compile(
    r"(?!ff|00-.{52}-)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?"
)
_CORRELATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


class Trace(NamedTuple):
    """`correlation_id` names what a person or client started; `traceparent` is the W3C header for the next hop; `cause`
    the id of the event that the present work answers, None where a request is answered."""

    correlation_id: str
    traceparent: str
    cause: str | None = None


_current: ContextVar[Trace | None] = ContextVar("gridgov_trace", default=None)


def current() -> Trace | None:
    return _current.get()


def correlation_id() -> str | None:
    """The id of what was started, None outside of any request or event."""
    trace = _current.get()
    return trace.correlation_id if trace is not None else None


def traceparent() -> str | None:
    """The W3C `traceparent` to send on, None outside of any request or event."""
    trace = _current.get()
    return trace.traceparent if trace is not None else None


def continued(correlation_id: str | None, traceparent: str | None, cause: str | None = None) -> Trace:
    """The trace that goes on from what came in. Marks that are missing or malformed are replaced by new ones.

    A valid traceparent keeps its trace id and sampling flag and gets a new span id (W3C Trace Context §3.2). Without a
    correlation id the trace id serves, so that either finds the other.
    """
    span_id = f"{random.getrandbits(64):016x}"  # identifiers, not secrets
    if traceparent and (match := _TRACEPARENT.fullmatch(traceparent)):
        trace_id, flags = match.groups()
        flags = "01" if int(flags, 16) & 1 else "00"
    else:
        trace_id, flags = f"{random.getrandbits(128):032x}", "01"
    if not (correlation_id and _CORRELATION_ID.fullmatch(correlation_id)):
        correlation_id = trace_id
    return Trace(correlation_id, f"00-{trace_id}-{span_id}-{flags}", cause)


def bind(trace: Trace | None) -> Token[Trace | None]:
    """Make `trace` current in this task; give the token to `unbind` when the work is done."""
    return _current.set(trace)


def unbind(token: Token[Trace | None]) -> None:
    _current.reset(token)


@contextmanager
def bound(trace: Trace | None) -> Iterator[None]:
    """`trace` is current inside the block: the one of the event that causes the work there."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)
