"""These tests run the whole platform (`tests/support/gridgov.py`)."""

from tests.support.kafka import kafka_broker
from tests.support.platform import module_database, module_platform, own_platform, platform, platform_on_kafka

__all__ = ["kafka_broker", "module_database", "module_platform", "own_platform", "platform", "platform_on_kafka"]
