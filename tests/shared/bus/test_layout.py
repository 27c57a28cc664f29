"""Keys lie where Kafka's own clients put them, and sizes are judged the same on every bus."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.layout import MAX_BYTES, check_sizes, partition_for
from shared.bus.port import Message, MessageTooLarge


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(1, 50))
def test_a_key_lies_where_kafkas_own_clients_put_it(key: str, partitions: int) -> None:
    everywhere = list(range(partitions))
    assert partition_for(key, partitions) == DefaultPartitioner()(key.encode(), everywhere, everywhere)


@pytest.mark.parametrize(
    ("key", "length", "headers"),
    [("k", MAX_BYTES - 1, {}), ("井盖", MAX_BYTES - 6, {}), ("k", MAX_BYTES - 11, {"reason": "超", "a": ""})],
)
def test_a_message_may_be_exactly_as_large_as_the_limit(key: str, length: int, headers: dict[str, str]) -> None:
    check_sizes([Message("t", key, bytes(length), headers)])
    with pytest.raises(MessageTooLarge) as caught:
        check_sizes([Message("t", "small", None), Message("t", key, bytes(length + 1), headers)])
    assert caught.value.index == 1
