"""Contract tests run on a real broker: the session's, or one of their own where they crash it."""

from tests.support.kafka import kafka_broker
from tests.support.platform import module_database, module_platform

__all__ = ["kafka_broker", "module_database", "module_platform"]
