"""Who reads which partition, and how much of each goes into one batch: pure decisions of the PostgreSQL bus.

Every member computes `desired` alone, from the same list of members; equal input must give equal output everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A partition: its id in the bus's tables, its topic and its number within the topic."""

    id: int
    topic: str
    number: int


def desired(member: str, members: Mapping[str, Iterable[str]], places: Iterable[Place]) -> set[int]:
    """The ids of `places` that `member` should own, given all living members with the topics each reads.

    A topic's partitions go round its readers in name order; each topic starts where the one before stopped, so that
    many small topics do not all land on the first member.
    """
    mine: set[int] = set()
    readers: dict[str, list[str]] = {}
    for name in sorted(members):
        for topic in members[name]:
            readers.setdefault(topic, []).append(name)
    for turn, place in enumerate(sorted(places, key=lambda place: (place.topic, place.number))):
        names = readers.get(place.topic, ())
        if names and names[turn % len(names)] == member:
            mine.add(place.id)
    return mine


def portions(backlog: Mapping[int, int], limit: int, after: int) -> Sequence[tuple[int, int]]:
    """How many messages of each partition make up a batch of at most `limit`: (part, count) pairs in serving order.

    No partition can starve another: each gets an equal share, what a short one leaves goes to the longer ones, and
    when there are more partitions than places the round goes on behind `after`, the one served last.
    """
    waiting = sorted(part for part, count in backlog.items() if count > 0)
    turn = [part for part in waiting if part > after] + [part for part in waiting if part <= after]
    served = turn[:limit]
    counts: dict[int, int] = {}
    left = limit
    for rank, part in enumerate(sorted(served, key=lambda part: backlog[part])):
        counts[part] = min(backlog[part], left // (len(served) - rank))
        left -= counts[part]
    return [(part, counts[part]) for part in served]
