"""Contract tests run on a real broker: the session's, or one of their own where they crash it."""

from tests.support.kafka import kafka_broker

__all__ = ["kafka_broker"]
