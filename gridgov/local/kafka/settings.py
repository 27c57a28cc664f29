"""The files a local broker is started with, as text: KRaft, broker and controller in one, loopback only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Node:
    """One broker: its number (from 1), the port clients use and the one the controllers use."""

    number: int
    port: int
    controller_port: int


@dataclass(frozen=True, slots=True)
class Secured:
    """More ways in to one broker: ports by protocol (SSL, SASL_SSL, SASL_PLAINTEXT), and Kafka's settings of them."""

    ports: Mapping[str, int]
    settings: Mapping[str, object]


def properties(
    node: Node, nodes: Sequence[Node], data: Path, advertised: int | None = None, secured: Secured | None = None
) -> str:
    """`server.properties`. With three nodes everything is kept three times and written at least twice.

    `advertised`: the port that clients are told instead of the node's own.
    """
    secured = secured or Secured({}, {})
    more = [f"{protocol}://127.0.0.1:{port}" for protocol, port in secured.ports.items()]
    copies, written = (3, 2) if len(nodes) == 3 else (1, 1)
    voters = ",".join(f"{each.number}@127.0.0.1:{each.controller_port}" for each in nodes)
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": voters,
        "listeners": ",".join(
            [f"PLAINTEXT://127.0.0.1:{node.port}", f"CONTROLLER://127.0.0.1:{node.controller_port}", *more]
        ),
        "advertised.listeners": ",".join([f"PLAINTEXT://127.0.0.1:{advertised or node.port}", *more]),
        "listener.security.protocol.map": ",".join(
            ["PLAINTEXT:PLAINTEXT", "CONTROLLER:PLAINTEXT", *(f"{protocol}:{protocol}" for protocol in secured.ports)]
        ),
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(data).replace("\\", "\\\\"),
        "auto.create.topics.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": written,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": written,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": written,
        "share.coordinator.state.topic.num.partitions": 4,
        "group.initial.rebalance.delay.ms": 0,
        # So that workers may say that theirs were killed after four seconds; the default allows no less than six.
        "group.min.session.timeout.ms": 2000,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        # Of how often the cleaner looks for something to do: the default is 15 s.
        "log.cleaner.backoff.ms": 2000,
        # A killed broker may come back only after its session ended; the default keeps it out for nine seconds.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        # When all of a quorum stop at once the last ones find no controller to ask, and would wait for minutes.
        "controlled.shutdown.enable": "true" if copies == 1 else "false",
        **secured.settings,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def logging(folder: Path) -> str:
    """`log4j2.xml`: warnings and what Kafka says of itself, 8 MB at a time, four files."""
    file = escape(str(folder / "kafka.log"), {'"': "&quot;"})
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="ERROR">
  <Appenders>
    <RollingFile name="file" fileName="{file}" filePattern="{file}.%i">
      <PatternLayout pattern="%d{{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}}{{UTC}} %p %c{{1}}: %m%n"/>
      <SizeBasedTriggeringPolicy size="8 MB"/>
      <DefaultRolloverStrategy max="3"/>
    </RollingFile>
  </Appenders>
  <Loggers>
    <Root level="WARN"><AppenderRef ref="file"/></Root>
    <Logger name="kafka.server" level="INFO"/>
    <Logger name="org.apache.kafka.server" level="INFO"/>
  </Loggers>
</Configuration>
"""
