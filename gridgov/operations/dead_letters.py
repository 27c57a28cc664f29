"""Dead letters: which there are, sending one to its origin again, noting what was done with it (docs/decisions/0012).

The topics are append-only, so what was done is one more message there, a mark that names the letter. A letter is known
by what it says, not by its offset: the relay may send it twice, and a restored topic counts anew.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic_core import from_json

from shared.bus.log import Log
from shared.bus.port import Message, Producer, Record
from shared.errors import Conflict, NotFound
from shared.events.topics import TOPICS, dead_letters
from shared.telemetry.logs import DROPPED

_MARK = "letter"
_DEAD = "dead_"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was done with a letter (`replayed` or `discarded`), when (UTC, RFC 3339), by whom and why."""

    action: str
    at: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that `service` could not take, as it lies in its dead letters."""

    id: str
    service: str
    record: Record
    mark: Mark | None = None

    @property
    def reason(self) -> str:
        return self.record.headers.get("dead_reason", "?")

    @property
    def type(self) -> str:
        return self.record.headers.get("ce_type", "?")

    @property
    def origin(self) -> str:
        """`topic/partition/offset`; the place is missing where the bus never took the message."""
        parts = (self.record.headers.get(f"dead_{name}") for name in ("topic", "partition", "offset"))
        return "/".join(part for part in parts if part) or "?"

    @property
    def hindrance(self) -> str | None:
        """Why it cannot be sent again, None where it can."""
        headers = self.record.headers
        if headers.get("dead_value") == "dropped":
            return "它太大，内容未保留 it was too large for the bus and its value was not kept"
        if headers.get("dead_topic") not in {topic.name for topic in TOPICS}:
            return "不知道它来自哪个主题 it does not say which topic it came from"
        return None

    def facts(self) -> dict[str, Any]:
        """What a list says of it; nothing of what the message itself says."""
        return {
            "id": self.id,
            "service": self.service,
            "type": self.type,
            "origin": self.origin,
            "key": self.record.key,
            "reason": self.reason,
            "at": self.record.headers.get("dead_at", self.record.at.isoformat()),
            "mark": None if self.mark is None else {name: getattr(self.mark, name) for name in Mark.__slots__},
        }

    def contents(self) -> dict[str, Any]:
        """Headers and value for a person: free text and personal data are only counted."""
        return {**self.facts(), "headers": dict(self.record.headers), "value": _shown(self.record.value)}


async def letters(log: Log, service: str) -> list[Letter]:
    """Every letter of `service` in the order they came, with what was done with it last."""
    found: dict[str, Letter] = {}
    async for record in log.records(dead_letters(service)):
        marked = record.headers.get(_MARK)
        if marked is None:
            letter = Letter(_name(service, record), service, record)
            found.setdefault(letter.id, letter)
        elif marked in found:
            said = (record.headers.get(f"letter_{name}", "") for name in Mark.__slots__)
            found[marked] = replace(found[marked], mark=Mark(*said))
    return list(found.values())


async def pending(log: Log, services: Iterable[str]) -> AsyncIterator[Letter]:
    """The letters with which nothing was done yet."""
    for service in services:
        for letter in await letters(log, service):
            if letter.mark is None:
                yield letter


async def find(log: Log, id: str) -> Letter:
    """Raises NotFound."""
    service = id.partition("-")[0]
    for letter in await letters(log, service):
        if letter.id == id:
            return letter
    raise NotFound(
        "letter_unknown",
        f"没有死信 {id}；可用 gridgov dlq list --all 查看",
        f"there is no dead letter {id}: see gridgov dlq list --all",
    )


async def send_again(letter: Letter, producer: Producer, mark: Mark) -> None:
    """To the topic it came from, as it came, with its own event id: who took it then will not take it twice. The mark
    follows: a crash between them leaves the letter open, and sending it once more does no harm. Raises Conflict."""
    hindrance = letter.hindrance
    if hindrance is not None:
        raise Conflict(
            "letter_not_sendable",
            f"死信 {letter.id} 不能重发({hindrance})；请用 gridgov dlq discard 处理",
            f"the letter {letter.id} cannot be sent again ({hindrance}): use gridgov dlq discard",
        )
    headers = {name: text for name, text in letter.record.headers.items() if not name.startswith(_DEAD)}
    topic, key = letter.record.headers["dead_topic"], letter.record.key or ""
    await producer.send([Message(topic, key, letter.record.value, headers)])
    await put_mark(letter, producer, mark)


async def put_mark(letter: Letter, producer: Producer, mark: Mark) -> None:
    """Note what was done with `letter`. The letter itself stays as long as the topic keeps it."""
    headers = {_MARK: letter.id, **{f"letter_{name}": str(getattr(mark, name)) for name in Mark.__slots__}}
    await producer.send([Message(letter.record.topic, letter.record.key or letter.id, b"", headers)])


def mark(action: str, *, at: datetime, by: str, why: str = "") -> Mark:
    return Mark(action, at.isoformat(), by, why)


def _name(service: str, record: Record) -> str:
    headers = record.headers
    said = [headers.get(name, "") for name in ("dead_topic", "dead_group", "dead_at", "ce_id")]
    digest = sha256("\0".join([*said, record.key or ""]).encode() + b"\0" + (record.value or b""))
    return f"{service}-{digest.hexdigest()[:8]}"


def _shown(value: bytes | None) -> Any:
    try:
        said = from_json(value or b"")
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return f"({len(value or b'')} bytes)"
    return {name: _counted(item) if name in DROPPED else item for name, item in said.items()}


def _counted(item: object) -> str:
    return f"({len(str(item))} characters)"
