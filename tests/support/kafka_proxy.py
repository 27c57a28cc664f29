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
from struct import Struct, pack, unpack_from

from tests.support.proxy import Altered, Proxy, Target

NOT_LEADER_OR_FOLLOWER, REQUEST_TIMED_OUT, MESSAGE_TOO_LARGE = 6, 7, 10
OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH = 45, 47
_PRODUCE, _VERSION = 0, 7
_HEAD = Struct(">hhi")
"""Of every request: api key, api version, correlation id."""
_PARTITION = Struct(">ihqqq")
"""Of a Produce answer, for each partition: number, error, base offset, time of append, first offset of the log."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """Of a Produce request or of its answer: what stands there about one topic, also as numbers and error codes."""

    name: str
    data: bytes
    partitions: list[int]
    codes: list[int]


@dataclass(slots=True, eq=False)
class Errors:
    """What producers are told: `code`, by `chance` per request to `topic` (None: any) and for it alone, `times` at most.

    `written`: the broker got the batches and wrote them, and only its answer is lost; otherwise it never saw them.
    `injected` counts the requests that were answered so.
    """

    code: int
    chance: float
    times: float
    written: bool
    topic: str | None
    random: random.Random
    injected: int = 0

    def struck(self, asked: list[_Topic]) -> list[_Topic]:
        """Those of a request's topics that are answered with the error."""
        victims = [topic for topic in asked if self.topic in (None, topic.name)]
        if not victims or self.injected >= self.times or self.random.random() >= self.chance:
            return []
        self.injected += 1
        return victims

    def told(self, topic: _Topic) -> bytes:
        said = pack(">h", len(topic.name)) + topic.name.encode() + pack(">i", len(topic.partitions))
        return said + b"".join(_PARTITION.pack(number, self.code, -1, -1, -1) for number in topic.partitions)


class KafkaProxy(Proxy):
    """`refused` counts, by code, the batches that the broker itself has refused. `active`: the errors of now; `versions`:
    those of Produce that came and are not known here."""

    def __init__(self, target: Target, port: int = 0, seed: int = 0) -> None:
        self.active: Errors | None = None
        self.versions: set[int] = set()
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
        self.active = errors
        try:
            yield errors
        finally:
            self.active = None
        assert not self.versions, f"only Produce {_VERSION} is known here, and {self.versions} came"
        assert errors.injected, "the fault did not happen: no producer sent anything"

    def _ways(self) -> tuple[Altered, Altered]:
        connection = _Connection(self)
        return _Frames(connection.request), _Frames(connection.answer)


@dataclass(slots=True)
class _Connection:
    """The Produce requests of one connection that have not been answered, by their correlation ids: with which errors,
    for which topics, and whether the broker got any of it."""

    proxy: KafkaProxy
    waiting: dict[int, tuple[Errors | None, list[_Topic], bool]] = field(default_factory=dict)

    def request(self, frame: bytes) -> bytes:
        api, version, correlation = _HEAD.unpack_from(frame)
        if api != _PRODUCE:
            return frame
        if version != _VERSION:
            self.proxy.versions.add(version)
            return frame
        start = _HEAD.size
        for _ in ("client id", "transactional id"):
            start += 2 + max(0, int.from_bytes(frame[start : start + 2], "big", signed=True))
        start += 6  # acks and time limit
        asked = _topics(frame, start, request=True)
        errors = self.proxy.active
        victims = errors.struck(asked) if errors is not None else []
        rest = asked if errors is None or errors.written else [topic for topic in asked if topic not in victims]
        self.waiting[correlation] = errors, victims, bool(rest)
        if rest:
            return frame[:start] + pack(">i", len(rest)) + b"".join(topic.data for topic in rest)
        # In its place the broker is asked for its API versions, so that its answers stay in order and none is missing.
        return _HEAD.pack(18, 0, correlation) + pack(">h", -1)

    def answer(self, frame: bytes) -> bytes:
        errors, victims, asked = self.waiting.pop(int.from_bytes(frame[:4], "big", signed=True), (None, [], False))
        found = _topics(frame, 4, request=False) if asked else []
        self.proxy.refused.update(code for topic in found for code in topic.codes if code)
        if errors is None or not victims:
            return frame
        names = {topic.name for topic in victims}
        said = [errors.told(topic) for topic in victims] + [topic.data for topic in found if topic.name not in names]
        return frame[:4] + pack(">i", len(said)) + b"".join(said) + pack(">i", 0)


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


def _topics(frame: bytes, at: int, *, request: bool) -> list[_Topic]:
    """The array of topics at `at`: name, and of each partition its number with its batches, or with its error."""
    found, at = [], at + 4
    for _ in range(*unpack_from(">i", frame, at - 4)):
        begun, size = at, *unpack_from(">h", frame, at)
        (count,) = unpack_from(">i", frame, at + 2 + size)
        name, at = frame[at + 2 : at + 2 + size].decode(), at + 6 + size
        numbers, codes = [], []
        for _ in range(count):
            number, error, *_ = _PARTITION.unpack_from(frame, at) if not request else (*unpack_from(">i", frame, at), 0)
            at += 8 + unpack_from(">i", frame, at + 4)[0] if request else _PARTITION.size
            numbers.append(number)
            codes.append(error)
        found.append(_Topic(name, frame[begun:at], numbers, codes))
    return found
