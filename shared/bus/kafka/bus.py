"""The bus on Apache Kafka, for the cluster form. Only the modules of `shared.bus.kafka` know aiokafka.

A member that dies is replaced within `session` seconds; every call is bounded in time and fails as BusUnavailable.
"""

import asyncio
from collections.abc import Sequence

from shared.bus.kafka.admin import KafkaAdmin, Topics
from shared.bus.kafka.consumer import KafkaConsumer, WholeTopics
from shared.bus.kafka.producer import KafkaProducer
from shared.bus.kafka.security import PLAINTEXT, Security
from shared.bus.port import TopicSpec

_LONGEST_WORK_MS = 900_000


class KafkaBus:
    """See `shared.bus.port.Bus`. `bootstrap` is `host:port`, several joined by commas.

    `security`: of every connection.
    `session`: seconds after its last sign of life for which a member keeps its partitions (brokers allow 6 and more).
    `patience`: seconds for which a batch in hand may hold up a rebalance; after that its commit is Fenced.
    `send_patience`: seconds after which a send that got no answer counts as failed.
    """

    mark_seconds = 10.0  # all of them are kept for the topic's retention

    def __init__(
        self,
        bootstrap: str,
        client_id: str = "gridgov",
        *,
        security: Security = PLAINTEXT,
        session: float = 8.0,
        patience: float = 30.0,
        send_patience: float = 20.0,
    ) -> None:
        self._connection = security.connection(bootstrap)
        self._client_id = client_id
        self._session = session
        self._patience = patience
        self._send_patience = send_patience
        self._admin = KafkaAdmin(self._connection, client_id)
        self._topics = Topics(self._admin)
        self._open: set[KafkaConsumer | KafkaProducer] = set()

    async def start(self) -> None:
        """Raises BusUnavailable when no broker answers; the bus can be used all the same once one does."""
        await self.ping()

    async def close(self) -> None:
        # Together: each may have to wait for a broker that does not answer.
        await asyncio.gather(*(client.close() for client in tuple(self._open)))
        await self._admin.close()

    async def ensure_topics(self, topics: Sequence[TopicSpec]) -> None:
        await self._admin.create(topics)

    async def partitions(self, topic: str) -> int:
        return await self._topics.partitions(topic)

    async def producer(self, name: str) -> KafkaProducer:
        producer = KafkaProducer(
            self._topics,
            self._open.discard,
            self._connection,
            f"{self._client_id}-{name}",
            patience=self._send_patience,
        )
        self._open.add(producer)
        return producer

    async def consumer(self, group: str, topics: Sequence[str], member: str) -> KafkaConsumer:
        for topic in topics:
            await self._topics.partitions(topic)
        settings = {
            **self._connection,
            "client_id": f"{self._client_id}-{member}",
            "group_id": group,
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "isolation_level": "read_committed",
            "partition_assignment_strategy": (WholeTopics,),
            "session_timeout_ms": int(self._session * 1000),
            "heartbeat_interval_ms": int(self._session * 250),
            "rebalance_timeout_ms": int((self._patience + 5) * 1000),
            "max_poll_interval_ms": _LONGEST_WORK_MS,
            "max_partition_fetch_bytes": 2_000_000,
            "fetch_max_bytes": 16_000_000,
        }
        consumer = KafkaConsumer(self._open.discard, settings, topics, patience=self._patience)
        await consumer.join()
        self._open.add(consumer)
        return consumer

    async def ping(self) -> None:
        await self._admin.brokers()
