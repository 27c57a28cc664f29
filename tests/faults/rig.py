"""A cluster to break: kills, signals and failpoints by a part's name, a proxy before the database and one before Kafka.

One cluster serves all faults of a test process; every fault ends with the verdict, so the next begins on sound ground.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from gridgov.cluster.status import status_of
from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.postgres_place import sockets_of
from gridgov.local.state import StateDirectory
from gridgov.local.tokens import issue
from shared.auth.principal import Role
from shared.bus.kafka.log import KafkaLog
from shared.bus.port import Record
from tests.faults.load import Load, under
from tests.faults.verdict import Verdict, judged, query
from tests.support.cluster import Cluster, alive, answers, eventually, get, running_cluster
from tests.support.kafka_proxy import KafkaProxy, running_kafka_proxy
from tests.support.postgres import ground
from tests.support.proxy import Proxy, running_proxy

START_SECONDS = 45.0


@dataclass(slots=True)
class Rig:
    """`database` and `kafka` are the proxies through which every part goes (three brokers have none); `failpoints` is
    the file that says what parts start with."""

    cluster: Cluster
    database: Proxy
    kafka: KafkaProxy | None
    failpoints: Path
    tokens: dict[tuple[Role, str | None], str] = field(default_factory=dict)

    @property
    def state(self) -> StateDirectory:
        return self.cluster.state

    @property
    def proxies(self) -> list[Proxy]:
        return [proxy for proxy in (self.database, self.kafka) if proxy is not None]

    def part(self, name: str) -> dict[str, Any]:
        return self.cluster.parts()[name]

    def signal(self, name: str, number: signal.Signals) -> dict[str, Any]:
        """The part as it was when it got the signal. Waits for a part that is just being started."""
        assert eventually(lambda: alive(self.part(name)), START_SECONDS), f"{name} does not run"
        part = self.part(name)
        os.kill(part["pid"], number)
        return part

    def kill(self, name: str) -> None:
        self.signal(name, signal.SIGKILL)

    def restarted(self, name: str, before: Mapping[str, Any]) -> None:
        """Until `name` runs as another process than `before`, and is ready."""
        assert eventually(lambda: self.part(name)["pid"] not in (0, before["pid"]), START_SECONDS), f"{name} is gone"
        assert eventually(lambda: self.ready(name), START_SECONDS), f"{name} is not ready again: {self.why(name)}"

    def ready(self, name: str) -> bool:
        return self.probe(name, "readyz") == 200

    def probe(self, name: str, path: str) -> int:
        """Status of a part's own `livez` or `readyz`, 0 when nothing answers."""
        return answers(self.part(name)["port"], path)

    def why(self, name: str) -> str:
        """What a part's readiness says, and the end of its log."""
        said = get(self.part(name)["port"], "readyz").text
        log = self.state.logs / f"{name}.log"
        return said + "\n" + "\n".join(log.read_text("utf-8").splitlines()[-8:])

    def unready(self) -> list[tuple[str, list[str]]]:
        """The parts that are not ready, with what they lack, as `gridgov cluster status` finds them."""
        parts = asyncio.run(status_of(self.state.path)).parts
        return [(part["name"], part["missing"]) for part in parts if not part["ready"]] if parts else [("all", [])]

    def workers(self) -> str:
        """The same of all workers."""
        parts = self.cluster.parts().items()
        return "\n\n".join(f"{name}: {self.why(name)}" for name, part in parts if part["role"] == "worker")

    def arrived(self, report: str) -> bool:
        """Whether all that follows from a report has followed: it has its work order, or a person decides."""
        ((status,),) = self.query("intake", "SELECT status FROM intake.reports WHERE id = $1", UUID(report))
        return status not in ("received", "triaged")

    def metric(self, name: str, sample: str) -> float:
        """The sum of a metric's samples whose line begins with `sample`."""
        text = get(self.part(name)["port"], "metrics").text
        return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(sample))

    def records(self, topic: str) -> list[Record]:
        """All that is in a topic."""

        async def read() -> list[Record]:
            async with self.log() as log:
                return [record async for record in log.records(topic)]

        return asyncio.run(read())

    @asynccontextmanager
    async def log(self) -> AsyncIterator[KafkaLog]:
        """The broker as an operator reads it. What it is asked goes through the proxy: that is its advertised address."""
        log = KafkaLog(LocalKafka(self.state.path / "kafka").bootstrap)
        await log.start()
        try:
            yield log
        finally:
            await log.close()

    def query(self, service: str, statement: str, *values: Any) -> list[Any]:
        return query(self.state, service, statement, *values)

    @contextmanager
    def armed(self, part: str, points: str) -> Iterator[None]:
        """All parts whose name begins with `part` run with these failpoints while the block does."""
        self.failpoints.write_text(f"{part}:{points}\n")
        self._again(part)
        try:
            yield
        finally:
            self.spare()
            self._again(part)

    def spare(self) -> None:
        """What is started from now on has no failpoints; what runs keeps its own."""
        self.failpoints.write_text("")

    def _again(self, prefix: str) -> None:
        for name, part in self.cluster.parts().items():
            if name.startswith(prefix):
                if alive(part):
                    os.kill(part["pid"], signal.SIGTERM)
                assert eventually(lambda name=name, part=part: self.part(name)["pid"] not in (0, part["pid"]), 60)

    def starts(self, prefix: str) -> int:
        """How often the parts whose name begins with `prefix` were started, together."""
        return sum(part["starts"] for name, part in self.cluster.parts().items() if name.startswith(prefix))

    @contextmanager
    def load(self, directory: Path, seed: int, rate: float = 25.0) -> Iterator[Load]:
        """The load runs while the block does, and all of it has been answered afterwards."""
        load = Load(self.cluster.url, directory / "acked.jsonl", self.token, rate, seed)
        load.log.touch()
        with under(load):
            load.wait_acked(5)
            yield load

    def token(self, role: Role, unit: str | None) -> str:
        if (role, unit) not in self.tokens:
            self.tokens[role, unit] = issue(self.state, role, unit)
        return self.tokens[role, unit]

    def verdict(self, load: Load) -> Verdict:
        """Everything arrived, the audit and the counts find nothing, every part is ready. Raises AssertionError."""
        try:
            verdict = judged(self.state, load)
            assert eventually(lambda: not self.unready(), 60), self.unready()
        except AssertionError as error:
            error.add_note(self.workers())
            raise
        return verdict


@contextmanager
def running_rig(brokers: int = 1) -> Iterator[Rig]:
    with ExitStack() as stack:
        directory = stack.enter_context(ground()) / "state"
        points = directory.with_suffix(".failpoints")
        points.touch()

        def postgres() -> str:
            return str(next(sockets_of(StateDirectory.peek(directory)).glob(".s.PGSQL.*[0-9]")))

        def broker() -> tuple[str, int]:
            return "127.0.0.1", LocalKafka(directory / "kafka").brokers()[0].node.port

        database = stack.enter_context(running_proxy(postgres))
        kafka = stack.enter_context(running_kafka_proxy(broker)) if brokers == 1 else None
        through = ["--through", f"database={database.port}"]
        if kafka is not None:
            through += ["--through", f"kafka={kafka.port}"]
        options = ("--brokers", str(brokers), "--failpoints", str(points), *through)
        cluster = stack.enter_context(running_cluster(directory, *options))
        yield Rig(cluster, database, kafka, points)
