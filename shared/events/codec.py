"""Events to messages and back: CloudEvents 1.0, Kafka binary binding (`ce_*` headers, JSON value).

The event id never changes, however often a message is sent; receivers tell repetitions by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import ValidationError

from shared.bus.port import Record
from shared.clock import in_utc
from shared.events.base import Event
from shared.ids import new_id_text
from shared.telemetry.context import Trace, continued

CONTENT_TYPE = "application/json"


E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Envelope(Generic[E_co]):
    """An event as it was delivered: what it says, and the trace that it goes on from."""

    id: UUID
    event: E_co
    trace: Trace | None = None


class Undecodable(Exception):
    """The record is no event that this version can read. `args[0]` says what is wrong; no retry will help."""


TRAIL = "ce_trail"
"""The header in which an event tells how far its aggregate's trail had come (shared/trail/entry.py `head_text`). So the
topic, which whoever rules the database cannot rewrite, holds the heads of the trails."""


CONCERNS = "ce_concerns"
"""The header with the kinds of things that an event concerns, in one text with blanks between them."""


def headers_of(
    event: Event, *, source: str, at: datetime, trace: Trace | None, trail: str | None = None
) -> dict[str, str]:
    """The headers of a new message for `event`, with a new event id. `at` is the instant of the change (UTC), `trail` the
    head of the trail with it."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": new_id_text(),
        "ce_source": f"/gridgov/{source}",
        "ce_type": event.type,
        "ce_time": in_utc(at),
        "ce_subject": event.key,
        "content-type": CONTENT_TYPE,
    }
    if concerns := event.concerns:
        headers[CONCERNS] = " ".join(sorted(concerns))
    if trail is not None:
        headers[TRAIL] = trail
    if trace is not None:
        headers["ce_correlationid"] = trace.correlation_id
        headers["traceparent"] = trace.traceparent
        if trace.cause is not None:
            headers["ce_causationid"] = trace.cause
    return headers


def value_of(event: Event) -> bytes:
    # What model_dump_json does, without its way through a str.
    return event.__pydantic_serializer__.to_json(event)


def decode(record: Record, classes: Mapping[str, type[Event]]) -> Envelope[Event] | None:
    """The event in `record`; None when its type is not among `classes` (somebody else's business).

    Raises Undecodable for anything that is not a readable CloudEvent, or a known type whose data does not fit.
    """
    headers = record.headers
    kind = headers.get("ce_type")
    if not kind:
        raise Undecodable("no ce_type header")
    wanted = classes.get(kind)
    if wanted is None:
        return None
    if record.value is None:
        raise Undecodable("no value")
    if not record.key:
        raise Undecodable("no key: its order cannot be kept")
    try:
        event_id = UUID(headers.get("ce_id", ""))
    except ValueError:
        raise Undecodable("ce_id is missing or no UUID") from None
    try:
        event = wanted.model_validate_json(record.value)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) or "body" for e in error.errors(include_input=False)[:5])
        raise Undecodable(f"data of {kind} does not fit: {places}") from None
    return Envelope(
        event_id, event, continued(headers.get("ce_correlationid"), headers.get("traceparent"), str(event_id))
    )
