"""One or three local Kafka brokers in a directory of their own, which keeps their data, ports and pids.

Detached (the command line's way) they run until `stop`, which ends exactly the processes that were started: a pid
counts only together with its start. Otherwise they belong to an owner and end with it, however it dies.
"""

import base64
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from gridgov.local.errors import AlreadyRunning, StartError, StateBroken, explained
from gridgov.local.guarded_process import Ended, GuardedProcess, me
from gridgov.local.kafka import programs, settings
from gridgov.local.kafka.probe import brokers_seen_by
from gridgov.local.kafka.settings import Node, Secured
from gridgov.local.locks import waiting
from gridgov.local.ports import free_ports, is_free
from gridgov.local.process_guard import Spec
from gridgov.local.processes import lives, started_at
from gridgov.local.state import write_whole

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_KEEP_CLASSES_SECONDS = 60.0
_STAMP = re.compile(r"^\S+Z ")
"""When a line of Kafka's log was written: the same trouble at the next try reads the same."""


class KafkaFailed(StartError):
    """A broker does not start."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A node and the process that runs it, or ran it last."""

    node: Node
    pid: int = 0
    started: str = ""

    def running(self) -> bool:
        return self.pid > 0 and lives(self.pid, self.started)


class LocalKafka:
    """Blocking. `owner` defaults to this process; with another one the brokers outlive this object.

    `advertised`: a port of this machine where clients find the one broker, because something stands before it.
    `java`: options of Java for every broker, besides our own. `secured`: more ways in to the one broker.
    """

    def __init__(
        self,
        directory: Path,
        brokers: int = 1,
        *,
        detached: bool = False,
        owner: tuple[int, str] | None = None,
        advertised: int | None = None,
        java: tuple[str, ...] = (),
        secured: Secured | None = None,
    ) -> None:
        if brokers not in (1, 3):
            raise ValueError("one broker or three")
        if (advertised or secured) and brokers != 1:
            raise ValueError("only one broker can be reached in other ways")
        self.directory = directory.absolute()
        self._count = brokers
        self._detached = detached
        self._owner = owner
        self._advertised = advertised
        self._java = java
        self._secured = secured
        self._guarded: dict[int, GuardedProcess] = {}

    @property
    def bootstrap(self) -> str:
        """`host:port,…` for clients; the ports are known from the first start on."""
        return ",".join(f"127.0.0.1:{self._advertised or broker.node.port}" for broker in self.brokers())

    def brokers(self) -> list[Broker]:
        """What the directory says; empty before the first start. Raises StateBroken."""
        file = self.directory / "cluster.json"
        try:
            content = json.loads(file.read_text("utf-8"))
            return [Broker(Node(**entry["node"]), entry["pid"], entry["started"]) for entry in content["brokers"]]
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError) as error:
            raise StateBroken(
                f"{file} 无法读取；请把目录 {self.directory} 移走后重新启动 Kafka",
                f"{file} cannot be read: move {self.directory} away and start Kafka again",
            ) from error

    def start(self) -> str:
        """Start what does not run; returns the bootstrap servers once every broker sees all. Raises StartError."""
        found = programs.find()
        if not self._java and not found.classes.exists():
            with suppress(StartError), explained(found.classes):  # then it starts slowly, or says why it does not
                found.learn(_run_once)
        with explained(self.directory):
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            with waiting(self.directory / "lock"):
                brokers = self._planned()
                try:
                    for broker in brokers:
                        if not broker.running():
                            self._launch(found, broker.node)
                    self._await({broker.node.number for broker in brokers})
                except BaseException:
                    self._end(_STOP_SECONDS)
                    raise
        return self.bootstrap

    def stop(self, within: float = _STOP_SECONDS) -> int:
        """End the brokers that were started here, by force after so many seconds; returns how many ran."""
        if not self.directory.is_dir():
            return 0
        with waiting(self.directory / "lock"):
            return self._end(within)

    def kill(self, number: int) -> None:
        """kill -9 broker `number` (from 1), as a crash would."""
        broker = self._broker(number)
        if broker.running():
            with suppress(ProcessLookupError):  # it was quicker
                os.kill(broker.pid, signal.SIGKILL)
        while broker.running():
            time.sleep(0.02)
        if guarded := self._guarded.pop(number, None):
            guarded.stop(_STOP_SECONDS)

    def restart(self, number: int) -> None:
        """Start broker `number` again after `kill`; returns when it answers and knows itself to be in the cluster.

        Raises StartError.
        """
        with explained(self.directory):
            if not self._broker(number).running():
                self._launch(programs.find(), self._broker(number).node)
            self._await({number})

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _broker(self, number: int) -> Broker:
        return next(broker for broker in self.brokers() if broker.node.number == number)

    def _planned(self) -> list[Broker]:
        """The brokers to run, with ports that are free now; ports stay the same as long as nobody took them."""
        brokers = self.brokers()
        if brokers and len(brokers) != self._count:
            raise AlreadyRunning(
                f"目录 {self.directory} 里是 {len(brokers)} 个节点的 Kafka;"
                f"请用 --brokers {len(brokers)}，或用 --dir 另选目录",
                f"{self.directory} holds a Kafka of {len(brokers)} brokers: use --brokers {len(brokers)}, or another "
                "directory with --dir",
            )
        if any(broker.running() for broker in brokers):
            return brokers
        wanted = [port for broker in brokers for port in (broker.node.port, broker.node.controller_port)]
        if not wanted or not all(map(is_free, wanted)):
            # Below the range from which outgoing connections take theirs, so that a broker finds its port again.
            first = 19092 if self._detached else random.randrange(20000, 29000)  # noqa: S311 - no secret
            wanted = free_ports(2 * self._count, range(first, 32000))
        brokers = [Broker(Node(i + 1, wanted[2 * i], wanted[2 * i + 1])) for i in range(self._count)]
        self._record(brokers)
        return brokers

    def _launch(self, found: programs.Programs, node: Node) -> None:
        folder = self.directory / f"broker-{node.number}"
        folder.mkdir(exist_ok=True, mode=0o700)
        nodes = [broker.node for broker in self.brokers()]
        properties = settings.properties(node, nodes, folder / "data", self._advertised, self._secured)
        write_whole(folder / "server.properties", properties)
        write_whole(folder / "log4j2.xml", settings.logging(folder))
        options = (
            f"-Dlog4j2.configurationFile={folder / 'log4j2.xml'}",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            # The second compiler takes as much CPU in a broker's first minutes as all its work, and brings less.
            "-XX:TieredStopAtLevel=1",
        )
        if not (folder / "formatted").exists():
            self._format(found, folder, options)
        # Several share a machine: one that starts again must not take all of it from the work that goes on.
        share = ("-Xmx512m",) if len(nodes) == 1 else ("-Xmx400m", "-XX:ActiveProcessorCount=1")
        command = found.command(
            "kafka.Kafka", str(folder / "server.properties"), options=(*share, "-Xms128m", *options, *self._java)
        )
        pid = (
            self._spawn_detached(command, folder) if self._detached else self._spawn_owned(command, folder, node.number)
        )
        started = started_at(pid)
        if started is None:
            raise self._failed(node.number)
        self._record([
            replace(broker, pid=pid, started=started) if broker.node.number == node.number else broker
            for broker in self.brokers()
        ])  # fmt: skip

    def _format(self, found: programs.Programs, folder: Path, options: tuple[str, ...]) -> None:
        """Once, whole or again: without the mark nothing in the data can be of worth."""
        shutil.rmtree(folder / "data", ignore_errors=True)
        command = found.command(
            "kafka.tools.StorageTool", "format", "-t", self._cluster_id(), "-c", str(folder / "server.properties"),
            options=("-Xmx128m", *options),
        )  # fmt: skip
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        if ran.returncode != 0:
            (folder / "console.log").write_text(ran.stdout + ran.stderr, "utf-8")
            raise self._failed(int(folder.name.rpartition("-")[2]))
        (folder / "formatted").touch()

    def _cluster_id(self) -> str:
        file = self.directory / "cluster-id"
        if not file.exists():
            # Its first character is fixed: a leading "-" would be taken for an option.
            write_whole(file, "G" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:])
        return file.read_text("utf-8").strip()

    def _spawn_detached(self, command: list[str], folder: Path) -> int:
        with (folder / "console.log").open("wb") as console:
            process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True
            )
        process.returncode = 0  # it is meant to outlive us: nobody waits for it here
        return process.pid

    def _spawn_owned(self, command: list[str], folder: Path, number: int) -> int:
        server = GuardedProcess(
            Spec(
                argv=command,
                cwd=str(folder),
                log=str(folder / "console.log"),
                lock=str(folder / "server.lock"),
                owner=self._owner or me(),
                held=self._owner is None,
                stop=[(signal.SIGTERM, _STOP_SECONDS - 5)],
                env=dict(os.environ),
            )
        )
        try:
            server.start(_START_SECONDS)
        except Ended as ended:
            raise self._failed(number, ended.reason) from ended
        if self._owner is None:
            self._guarded[number] = server
        else:
            server.leave()
        return server.pid or 0

    def _await(self, numbers: set[int]) -> None:
        """Until each of these brokers answers and sees all of them."""
        end = time.monotonic() + _START_SECONDS
        for broker in self.brokers():
            if broker.node.number not in numbers:
                continue
            while not numbers <= brokers_seen_by(broker.node.port):
                if not broker.running() or time.monotonic() > end:
                    raise self._failed(broker.node.number)
                time.sleep(0.1)

    def _end(self, seconds: float) -> int:
        running = [broker for broker in self.brokers() if broker.running()]
        for broker in running:
            os.kill(broker.pid, signal.SIGTERM)
        end = time.monotonic() + seconds
        while any(broker.running() for broker in running) and time.monotonic() < end:
            time.sleep(0.05)
        for broker in running:
            if broker.running():
                os.kill(broker.pid, signal.SIGKILL)
        for guarded in self._guarded.values():
            guarded.stop(seconds)
        self._guarded.clear()
        return len(running)

    def _record(self, brokers: list[Broker]) -> None:
        write_whole(self.directory / "cluster.json", json.dumps({"brokers": [asdict(broker) for broker in brokers]}))

    def _failed(self, number: int, reason: str = "") -> KafkaFailed:
        folder = self.directory / f"broker-{number}"
        lines = [reason] if reason else []
        for name in ("kafka.log", "console.log"):
            if not lines and (folder / name).exists():
                text = (folder / name).read_text("utf-8", "replace").splitlines()
                lines = [line for line in text if "ERROR" in line or "FATAL" in line or "Exception" in line][-1:]
                lines = lines or (text[-1:] if name == "console.log" else [])
        why = _STAMP.sub("", lines[0])[:300] if lines else "?"
        return KafkaFailed(
            f"Kafka 节点 {number} 无法启动：{why}；请查看 {folder} 里的 kafka.log 和 console.log",
            f"Kafka broker {number} does not start: {why}; see kafka.log and console.log in {folder}",
        )


def _run_once(directory: Path, java: tuple[str, ...]) -> None:
    """A broker in `directory` from its start to its orderly end. Raises StartError."""
    kafka = LocalKafka(directory, java=java)
    try:
        kafka.start()
    finally:
        kafka.stop(_KEEP_CLASSES_SECONDS)
