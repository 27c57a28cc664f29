"""What benches stand on, started when first asked for and gone at the end: PostgreSQL (durable), Kafka, `gridgov up`."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gridgov.local.errors import ProgramMissing
from gridgov.local.kafka import programs
from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.postgres import BlockingPostgres, ensure_database
from gridgov.local.state import StateDirectory
from shared.db.migrate import migrate
from tests.bench.outcome import NotRun, Say
from tests.support.embedded import Instance, instance
from tests.support.postgres import ground as directory


class Ground:
    """`quick`: sizes for looking whether it works, not for figures. `say` tells the person what is going on."""

    def __init__(self, path: Path, stack: ExitStack, *, quick: bool, say: Say) -> None:
        self.path, self.quick, self.say = path, quick, say
        self._stack = stack
        self._numbers = count(1)
        self._postgres: BlockingPostgres | None = None
        self._kafka: LocalKafka | None = None
        self._instance: Instance | None = None

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def postgres(self) -> BlockingPostgres:
        """The server that the embedded form uses, with fsync and synchronous commit on."""
        if self._postgres is None:
            self.say("starting PostgreSQL")
            state = self._stack.enter_context(StateDirectory.open(self.path / "state"))
            self._postgres = self._stack.enter_context(BlockingPostgres(state, durable=True))
        return self._postgres

    def database(self, *services: str) -> str:
        """The name of a new database with the schemas of `services`."""
        server, name = self.postgres(), f"bench_{next(self._numbers)}"

        async def make() -> None:
            await ensure_database(server.state, name)
            engine = create_async_engine(server.url_of(name), poolclass=NullPool)
            for service in services:
                await migrate(engine, import_module(f"services.{service}.schema").tables)
            await engine.dispose()

        asyncio.run(make())
        return name

    def need_kafka(self) -> None:
        """Raises NotRun where there is no Java, or the broker's jars are missing."""
        try:
            programs.find()
        except ProgramMissing as missing:
            raise NotRun(missing.line) from None

    def kafka(self) -> LocalKafka:
        """One broker. Raises NotRun where there is no Java, or no jars."""
        self.need_kafka()
        if self._kafka is None:
            self._kafka = LocalKafka(self.path / "kafka")
            self._stack.callback(self._kafka.stop)
        if not any(broker.running() for broker in self._kafka.brokers()):
            self.say("starting Kafka")
            self._kafka.start()
        return self._kafka

    def rest_kafka(self) -> None:
        """Stop it until it is asked for again: what does not take part must not take CPU."""
        if self._kafka is not None:
            self._kafka.stop()

    def embedded(self) -> Instance:
        """`gridgov up` as a child with a state directory and a port of its own."""
        if self._instance is None:
            self._instance = self._stack.enter_context(instance(self.path / "embedded"))
        if self._instance.process is None or self._instance.process.poll() is not None:
            self.say("starting gridgov up")
            self._instance.start()
        return self._instance

    def rest_embedded(self) -> None:
        if self._instance is not None and self._instance.process is not None and self._instance.process.poll() is None:
            self._instance.stop()


@contextmanager
def standing(*, quick: bool, say: Say) -> Iterator[Ground]:
    with directory(on_disk=True) as path, ExitStack() as stack:
        yield Ground(path, stack, quick=quick, say=say)
