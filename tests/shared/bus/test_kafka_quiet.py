"""aiokafka's repetitions are counted, not written, and a different message is never held back."""

import logging

import pytest

from shared.bus.kafka_quiet import Sparing, quiet_aiokafka


def test_a_repeated_message_is_written_once_and_then_counted(caplog: pytest.LogCaptureFixture) -> None:
    now = 1000.0
    logger = logging.getLogger("sparing")
    logger.addFilter(Sparing(lambda: now))
    for number in range(5):
        logger.error("cannot reach node %s", number)
    logger.error("something else")
    now += 11
    logger.error("cannot reach node %s", 7)
    assert [record.getMessage() for record in caplog.records] == [
        "cannot reach node 0",
        "something else",
        "cannot reach node 7 (and 4 more like it)",
    ]


def test_every_logger_of_aiokafka_is_spared_once_however_often_one_asks() -> None:
    logger = logging.getLogger("aiokafka.consumer.fetcher")
    quiet_aiokafka()
    quiet_aiokafka()
    assert sum(isinstance(one, Sparing) for one in logger.filters) == 1
