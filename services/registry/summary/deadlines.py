"""When a hazard became overdue, from its trail: by the deadline as it stood then, not by the one that it has now. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Final

from services.registry.hazards.lifecycle import Action

PUT_RIGHT: Final = frozenset({Action.SUBMIT, Action.FIX_ON_SPOT, Action.PASS})
AGAIN: Final = frozenset({Action.FAIL, Action.REOPEN})
"""It was not put right, or not for good: the deadline holds again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry of the trail says of the deadline (UTC); `due_at` is None where it stays."""

    action: str
    at: datetime
    due_at: datetime | None


def overdue_since(trail: Sequence[Entry], now: datetime) -> Iterator[datetime]:
    """The instants by `now` at which the deadline had passed and it was not put right, once for each deadline: its own
    instant, or that of the failed re-inspection that came after it."""
    due: datetime | None = None
    told: datetime | None = None
    put_right = False
    for entry, following in zip_longest(trail, trail[1:]):
        if entry.due_at is not None:
            due = entry.due_at
        if entry.action in PUT_RIGHT or entry.action in AGAIN:
            put_right = entry.action in PUT_RIGHT
        if due is None or put_right or due == told:
            continue
        since = max(due, entry.at)
        if since <= now if following is None else since < following.at:
            told = due
            yield since
