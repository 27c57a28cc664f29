"""Topics as files of a backup, one JSON line per message; and putting them back into Kafka.

A topic put back counts its offsets anew. So the places that dead letters name, and those from which the groups go on,
are told anew as well.
"""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from services.manifest import SERVICES
from shared.bus.layout import partition_for
from shared.bus.log import Log, Place, Span
from shared.bus.port import Bus, Message, TopicSpec
from shared.events.topics import TOPICS, dead_letters

Positions = Mapping[str, Mapping[Place, int]]
"""From where each group goes on."""

_BATCH = 500
_DEAD_LETTERS = frozenset(map(dead_letters, SERVICES))


async def copy_topics(log: Log, spans: Mapping[Place, Span], folder: Path) -> int:
    """Write all messages within `spans` to `folder`, which exists; how many."""
    total = 0
    for topic in TOPICS:
        with gzip.open(folder / f"{topic.name}.jsonl.gz", "wt", encoding="utf-8", compresslevel=3) as lines:
            async for record in log.records(topic.name, spans):
                value = None if record.value is None else base64.b64encode(record.value).decode()
                place = {"partition": record.partition, "offset": record.offset, "key": record.key}
                lines.write(json.dumps({**place, "value": value, "headers": dict(record.headers)}) + "\n")
                total += 1
    return total


async def refill(bus: Bus, folder: Path, committed: Positions) -> Positions:
    """Send all copied messages in their order into topics that must be empty; where groups that were at `committed` go
    on: at the first message that they had not passed then."""
    producer = await bus.producer("operator")
    shelf = _Shelf(committed)
    # Dead letters last: then it is known where what they tell of lies now.
    for topic in sorted(TOPICS, key=lambda topic: topic.name in _DEAD_LETTERS):
        batch: list[Message] = []
        for said in _lines(folder / f"{topic.name}.jsonl.gz"):
            batch.append(shelf.put(topic, said))
            if len(batch) == _BATCH:
                await producer.send(batch)
                batch = []
        await producer.send(batch)
    await producer.close()
    return shelf.positions()


class _Shelf:
    """Where each message comes to lie."""

    def __init__(self, committed: Positions) -> None:
        self._committed = committed
        self._next: Counter[Place] = Counter()
        self._moved: dict[tuple[str, ...], tuple[str, str]] = {}
        self._unread: dict[str, dict[Place, int]] = {group: {} for group in committed}

    def put(self, topic: TopicSpec, said: Mapping[str, Any]) -> Message:
        key, headers = said["key"] or "", dict(said["headers"])
        old, new = Place(topic.name, said["partition"]), Place(topic.name, partition_for(key, topic.partitions))
        offset = self._next[new]
        self._next[new] += 1
        self._moved[topic.name, str(old.partition), str(said["offset"])] = str(new.partition), str(offset)
        for group, at in self._committed.items():
            if said["offset"] >= at.get(old, 0):
                self._unread[group].setdefault(new, offset)
        origin = tuple(headers.get(f"dead_{name}", "") for name in ("topic", "partition", "offset"))
        if origin in self._moved:
            headers |= dict(zip(("dead_partition", "dead_offset"), self._moved[origin], strict=True))
        return Message(topic.name, key, None if said["value"] is None else base64.b64decode(said["value"]), headers)

    def positions(self) -> Positions:
        return {
            group: {place: self._unread[group].get(place, self._next[place]) for place in at}
            for group, at in self._committed.items()
        }


def _lines(file: Path) -> Iterable[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
