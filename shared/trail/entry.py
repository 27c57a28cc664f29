"""A trail entry, its hash, and how events tell of it. Each entry holds the hash of the one before it in the same
aggregate's chain; so who knows an entry's hash from elsewhere sees when anything up to it was rewritten or cut off.

hash = SHA-256(previous ‖ aggregate id (16 bytes) ‖ seq (4 bytes, big-endian) ‖ body as UTF-8); the first entry's
previous is 32 zero bytes. `verify.py` computes the same in SQL; both must agree (tests/shared/trail).
"""

from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json

from shared.change import Change
from shared.clock import in_utc

ORIGIN = bytes(32)


class Entry(NamedTuple):
    """A row of the trail table."""

    aggregate_id: UUID
    seq: int
    kind: str
    body: str
    previous: bytes
    hash: bytes


class Head(NamedTuple):
    """How far a chain had come when somebody was told of it: the entry `seq` had this hash, and must have it for ever."""

    aggregate_id: UUID
    seq: int
    hash: bytes


def head_text(head: Head | Entry) -> str:
    """The head as text, in an event's header for one: `<aggregate id>/<seq>/<hash in hex>`."""
    return f"{head.aggregate_id}/{head.seq}/{head.hash.hex()}"


def read_head(text: str) -> Head | None:
    """The head that `text` tells of; None for what is none."""
    try:
        aggregate_id, seq, digest = text.split("/")
        return Head(UUID(aggregate_id), int(seq), bytes.fromhex(digest))
    except ValueError:
        return None


def digest(aggregate_id: UUID, seq: int, body: str, previous: bytes) -> bytes:
    return sha256(previous + aggregate_id.bytes + seq.to_bytes(4, "big") + body.encode()).digest()


def body_of(change: Change[Any]) -> str:
    """Who, when, from which device, what and why, as JSON (sorted keys, facts within facts as given, no spaces)."""
    by = change.by
    facts = {
        "action": change.action,
        "at": in_utc(change.at),
        "by": by.id,
        "device": by.device,
        "role": by.role,
        "unit": by.unit,
        "what": dict(sorted(change.what.items())),
        "why": change.why,
    }
    return to_json(facts, fallback=str).decode()


def entry(kind: str, change: Change[Any], previous: bytes) -> Entry:
    """The entry for `change`, chained to the hash `previous` (ORIGIN for the first)."""
    aggregate_id, seq, body = change.after.id, change.after.version, body_of(change)
    return Entry(aggregate_id, seq, kind, body, previous, digest(aggregate_id, seq, body, previous))
