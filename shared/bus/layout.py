"""Where a message goes and how large it may be: the same answer on every bus, so that a move between them keeps order.

Keys are spread as Kafka's own clients do (murmur2 of the UTF-8 bytes), so that strangers' messages meet ours.
"""

from collections.abc import Sequence
from struct import Struct

from shared.bus.port import Message, MessageTooLarge

MAX_BYTES = 1_000_000
"""The largest key, value and headers together. A little below Kafka's own limit for a message, 1,048,588 bytes."""

MARK = "told"
"""The key of a mark: it is of a partition, not of a thing, and each makes those before it superfluous."""

_WORDS = Struct("<I")
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """The 32-bit hash of Kafka's default partitioner (MurmurHash2 with its seed), unsigned."""
    whole = len(data) & ~3
    h = 0x9747B28C ^ len(data)
    for (word,) in _WORDS.iter_unpack(data[:whole]):
        k = word * _M & _MASK
        h = (h * _M & _MASK) ^ ((k ^ k >> 24) * _M & _MASK)
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * _M & _MASK
    h = (h ^ h >> 13) * _M & _MASK
    return h ^ h >> 15


def partition_for(key: str, partitions: int) -> int:
    """The partition of `key` in a topic that has `partitions` of them."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def partition_of(message: Message, partitions: int) -> int:
    """Where `message` goes in a topic that has `partitions` of them. Raises ValueError for a number beyond those."""
    if message.partition is None:
        return partition_for(message.key, partitions)
    if not 0 <= message.partition < partitions:
        raise ValueError(f"{message.topic} has no partition {message.partition}")
    return message.partition


def check_sizes(messages: Sequence[Message]) -> None:
    """Raise MessageTooLarge for the first message over MAX_BYTES, before anything is sent."""
    for index, message in enumerate(messages):
        # Four bytes are the most a character takes, so most messages are let through without encoding anything.
        size = 4 * len(message.key) + len(message.value or b"")
        size += sum(4 * (len(name) + len(text)) for name, text in message.headers.items())
        if size > MAX_BYTES and _exact_size(message) > MAX_BYTES:
            raise MessageTooLarge(index)


def _exact_size(message: Message) -> int:
    headers = sum(len(name.encode()) + len(text.encode()) for name, text in message.headers.items())
    return len(message.key.encode()) + len(message.value or b"") + headers
