"""A proxy before a Kafka broker that gives producers the broker's errors: for a batch that the broker has written, and
for one that it never saw.

It knows Kafka's frames and no more of what is in them than Produce version 7, which aiokafka 0.14 sends; another version
is an AssertionError where errors are asked for. Answers come in the order of their requests, as Kafka's clients expect.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from struct import Struct, pack

from tests.support.proxy import Altered, Proxy, Target

NOT_LEADER_OR_FOLLOWER, REQUEST_TIMED_OUT, MESSAGE_TOO_LARGE = 6, 7, 10
OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH = 45, 47
_PRODUCE, _VERSION = 0, 7
_HEAD = Struct(">hhi")
"""Of every request: api key, api version, correlation id."""
_PARTITION = Struct(">ihqqq")
"""Of a Produce answer, for each partition: number, error, base offset, time of append, first offset of the log."""
_Asked = list[tuple[str, list[int]]]
"""Topics and partitions of one Produce request."""


@dataclass(slots=True, eq=False)
class Errors:
    """What producers are told: `code`, by `chance` per request to `topic` (None: any), `times` at most.

    `written`: the broker got the request and wrote it, and only its answer is lost; otherwise it never saw the request.
    `injected` counts the requests that were answered so.
    """

    code: int
    chance: float
    times: float
    written: bool
    topic: str | None
    random: random.Random
    injected: int = 0

    def strikes(self, asked: _Asked) -> bool:
        if self.injected >= self.times or self.topic not in (None, *(topic for topic, _ in asked)):
            return False
        struck = self.random.random() < self.chance
        self.injected += struck
        return struck

    def answer(self, correlation: int, asked: _Asked) -> bytes:
        found = pack(">ii", correlation, len(asked))
        for topic, partitions in asked:
            found += pack(">h", len(topic)) + topic.encode() + pack(">i", len(partitions))
            found += b"".join(_PARTITION.pack(partition, self.code, -1, -1, -1) for partition in partitions)
        return found + pack(">i", 0)


class KafkaProxy(Proxy):
    """`refused` counts, by code, the partitions for which the broker itself has refused a batch."""

    def __init__(self, target: Target, port: int = 0, seed: int = 0) -> None:
        self._errors: Errors | None = None
        self._other_versions: set[int] = set()
        self.refused: Counter[int] = Counter()
        super().__init__(target, port, seed)

    @contextmanager
    def errors(
        self,
        code: int,
        *,
        seed: int,
        chance: float = 1.0,
        times: float = float("inf"),
        written: bool = True,
        topic: str | None = None,
    ) -> Iterator[Errors]:
        """Producers get errors while the block runs. Raises AssertionError at its end when none got any."""
        errors = Errors(code, chance, times, written, topic, random.Random(f"{seed} {code} {written}"))
        self._errors = errors
        try:
            yield errors
        finally:
            self._errors = None
        assert not self._other_versions, f"only Produce {_VERSION} is known here, and {self._other_versions} were sent"
        assert errors.injected, "the fault did not happen: no producer sent anything"

    def _ways(self) -> tuple[Altered, Altered]:
        connection = _Connection(self)
        return _Frames(connection.request), _Frames(connection.answer)

    def fate(self, version: int, asked: Callable[[], _Asked]) -> tuple[_Asked, Errors | None]:
        """What a Produce request of this version asks for, and the errors it is to be answered with, if any."""
        if version != _VERSION:
            self._other_versions.add(version)
            return [], None
        topics, errors = asked(), self._errors
        return topics, errors if errors is not None and errors.strikes(topics) else None


@dataclass(slots=True)
class _Connection:
    """The Produce requests of one connection that have not been answered, by their correlation ids."""

    proxy: KafkaProxy
    waiting: dict[int, tuple[_Asked, Errors | None]] = field(default_factory=dict)

    def request(self, frame: bytes) -> bytes:
        api, version, correlation = _HEAD.unpack_from(frame)
        if api != _PRODUCE:
            return frame
        asked, errors = self.proxy.fate(version, lambda: _asked(frame))
        if asked:
            self.waiting[correlation] = asked, errors
        if errors is None or errors.written:
            return frame
        # In its place the broker is asked for its API versions, so that its answers stay in order and none is missing.
        return _HEAD.pack(18, 0, correlation) + pack(">h", -1)

    def answer(self, frame: bytes) -> bytes:
        correlation = int.from_bytes(frame[:4], "big", signed=True)
        asked, errors = self.waiting.pop(correlation, (None, None))
        if asked is not None and (errors is None or errors.written):
            self.proxy.refused.update(_refused(frame))
        return frame if asked is None or errors is None else errors.answer(correlation, asked)


class _Frames:
    """Chunks of a stream to whole frames, each changed, to bytes of a stream."""

    def __init__(self, changed: Callable[[bytes], bytes]) -> None:
        self._changed = changed
        self._rest = bytearray()

    def __call__(self, chunk: bytes) -> bytes:
        self._rest += chunk
        found, at = [], 0
        while len(self._rest) >= (end := at + 4 + int.from_bytes(self._rest[at : at + 4], "big")) > at + 4:
            frame = self._changed(bytes(self._rest[at + 4 : end]))
            found += [pack(">i", len(frame)), frame]
            at = end
        del self._rest[:at]
        return b"".join(found)


@contextmanager
def running_kafka_proxy(target: Target) -> Iterator[KafkaProxy]:
    """See `running_proxy`."""
    with closing(KafkaProxy(target)) as proxy:
        yield proxy


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def take(self, form: str) -> tuple[int, ...]:
        parts = Struct(">" + form)
        self._at += parts.size
        return parts.unpack_from(self._data, self._at - parts.size)

    def bytes_(self, length: str) -> bytes:
        """With its length before it, as that type; null is empty."""
        (size,) = self.take(length)
        self._at += max(0, size)
        return self._data[self._at - max(0, size) : self._at]

    def each(self) -> range:
        return range(self.take("i")[0])


def _asked(frame: bytes) -> _Asked:
    read, found = _Reader(frame, _HEAD.size), _Asked()
    read.bytes_("h"), read.bytes_("h"), read.take("hi")  # client id, transactional id, acks and time limit
    for _ in read.each():
        topic = read.bytes_("h").decode()
        found.append((topic, [(read.take("i")[0], read.bytes_("i"))[0] for _ in read.each()]))
    return found


def _refused(frame: bytes) -> Iterator[int]:
    read = _Reader(frame, 4)
    for _ in read.each():
        read.bytes_("h")
        yield from (code for _ in read.each() if (code := read.take("ihqqq")[1]))
