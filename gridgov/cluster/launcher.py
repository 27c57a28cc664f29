"""`gridgov cluster up`: PostgreSQL, Kafka, every service in every role, and the front, kept running until a signal.

What must hold: whatever ends by itself is started again, with growing pauses; when this process ends, however it does,
nothing of the cluster is left.
"""

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Final

from gridgov.cluster.databases import create_local, database_url
from gridgov.cluster.fork_client import ForkServer
from gridgov.cluster.parts import API_POOL, WORKER_POOL, Overview, Part, Seen, plan, upstreams
from gridgov.cluster.parts_file import PartsFile
from gridgov.cluster.waiting import say
from gridgov.local.errors import StartError
from gridgov.local.guarded_process import me
from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.keep_postgres import LOOK_SECONDS, keep_postgres
from gridgov.local.postgres import PrivatePostgres
from gridgov.local.processes import started_at
from gridgov.local.state import StateDirectory
from gridgov.local.troubles import Troubles
from services.manifest import SERVICES
from shared.auth.tokens import LocalIssuer
from shared.clock import SystemClock
from shared.field_cipher import FieldCipher

DRAIN_SECONDS: Final = 11.0
SESSION_SECONDS: Final = "4"
"""How long a killed worker's partitions wait for it; the local broker allows less than others do."""
_BACKOFF: Final = (0.1, 0.5, 1.0, 2.0, 5.0)
_STEADY_SECONDS: Final = 20.0
_FORK_SERVER: Final = "fork-server"


def make_keys(state: StateDirectory) -> None:
    """The keys of a deployment in its state directory: one to sign tokens with, one for residents' fields."""
    LocalIssuer(state.secrets, SystemClock())
    FieldCipher(state.secrets / "fields")


class Launcher:
    """`failpoints` is for fault tests: a file of lines `dispatch-worker:consumer.before_offset=kill:0.3`, the beginning
    of a part's name and its GRIDGOV_FAILPOINTS, read anew whenever a part starts, so a test arms what it kills next.
    So is `through`: ports where all parts find "database" and "kafka" instead of their own; we ourselves go direct."""

    def __init__(
        self,
        state: StateDirectory,
        *,
        port: int,
        brokers: int = 1,
        workers: int = 1,
        apis: int = 1,
        failpoints: Path | None = None,
        through: Mapping[str, int] | None = None,
    ) -> None:
        through = through or {}
        self._state = state
        self._parts = {part.name: part for part in plan(port, workers, apis)}
        self._kafka = LocalKafka(state.path / "kafka", brokers, advertised=through.get("kafka"))
        self._database_port = through.get("database")
        self._postgres = PrivatePostgres(state)
        self._failpoints = failpoints
        self._connections = 20 + len(SERVICES) * (apis * API_POOL + workers * WORKER_POOL)
        self._seen = {part.name: Seen(part.name, part.service, part.role, part.port) for part in self._parts.values()}
        self._begun: dict[str, float] = {}  # of what runs
        self._quick_ends: dict[str, int] = {}
        self._restarts: set[asyncio.Task[None]] = set()
        self._troubles = Troubles(say)
        self._parts_file = PartsFile(state.path, self._troubles)
        self._fork_server: ForkServer | None = None
        self._stop = asyncio.Event()
        self._url = f"http://127.0.0.1:{port}"

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything and keep it running until `stop`. Raises StartError."""
        self._stop = stop
        try:
            say("启动数据库、Kafka 和各服务", "starting the database, Kafka and the services")
            self._fork_server = await ForkServer.open(
                self._state.logs / "fork-server.log"
            )  # reads the program meanwhile
            make_keys(self._state)  # before any part looks for them
            await asyncio.gather(self._open_postgres(), asyncio.to_thread(self._kafka.start))
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_parts())
                group.create_task(self._keep_brokers())
                group.create_task(keep_postgres(self._postgres, self._stop, say))
        finally:
            await self._close()

    async def _open_postgres(self) -> None:
        await self._postgres.start()
        if await create_local(self._state, self._connections):
            await self._postgres.stop()
            await self._postgres.start()

    async def _keep_parts(self) -> None:
        stopping = asyncio.create_task(self._stop.wait())
        while not self._stop.is_set():
            fork_server = self._fork_server = self._fork_server or await ForkServer.open(
                self._state.logs / "fork-server.log"
            )
            self._begun[_FORK_SERVER] = monotonic()
            for part in self._parts.values():
                await self._start(part)
            listening = asyncio.create_task(self._listen(fork_server))
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if self._stop.is_set():
                await self._drain()
                await fork_server.close()
            elif (error := listening.exception()) is not None:
                raise error
            else:
                self._ended(_FORK_SERVER)
                self._troubles.tell(
                    _FORK_SERVER,
                    "部件的父进程已结束，重新启动各服务",
                    "the parts' parent has ended: starting all again",
                )
                self._fork_server = None
                self._forget_restarts()  # the next fork server starts all parts: one of these would be a second copy
                await asyncio.sleep(1.0)
            await asyncio.wait({listening})

    async def _listen(self, fork_server: ForkServer) -> None:
        async for event in fork_server.events():
            seen = self._seen[event["part"]]
            if "ended" in event:
                if event["pid"] == seen.pid:
                    self._seen[seen.name] = replace(seen, pid=0, started="")
                    self._again(self._parts[seen.name], int(event["ended"]))
            else:
                self._begun[seen.name] = monotonic()
                self._seen[seen.name] = replace(
                    seen, pid=event["pid"], started=event["started"], starts=seen.starts + 1
                )
            self._write()

    def _again(self, part: Part, code: int) -> None:
        if self._stop.is_set():
            return
        pause = self._ended(part.name)
        self._troubles.tell(
            part.name, f"{part.name} 已结束({code})，重新启动", f"has ended ({code}): starting it again"
        )

        async def later() -> None:
            await asyncio.sleep(pause)
            if not self._stop.is_set():
                await self._start(part)

        task = asyncio.create_task(later())
        self._restarts.add(task)
        task.add_done_callback(self._restarts.discard)

    def _ended(self, name: str) -> float:
        """Note that it ended, or did not start; how long to wait before the next start."""
        self._settle()
        self._begun.pop(name, None)
        ends = self._quick_ends[name] = self._quick_ends.get(name, -1) + 1
        return _BACKOFF[min(ends, len(_BACKOFF) - 1)]

    def _settle(self) -> None:
        """What has run for long enough after its trouble is well again."""
        for name, begun in self._begun.items():
            if name in self._troubles and monotonic() - begun > _STEADY_SECONDS:
                self._troubles.over(name, f"{name} 已恢复", "runs again")
                self._quick_ends.pop(name)

    def _forget_restarts(self) -> None:
        for task in self._restarts:
            task.cancel()

    async def _start(self, part: Part) -> None:
        if self._fork_server is not None:
            with suppress(ConnectionError):  # it ended: all parts are started again with the next one
                await self._fork_server.start(
                    part, self._environment(part), self._state.logs / f"{part.name}.console.log"
                )

    def _environment(self, part: Part) -> dict[str, str]:
        environment = {
            "GRIDGOV_STATE": str(self._state.path),
            "GRIDGOV_HOST": "127.0.0.1",
            "GRIDGOV_KAFKA": self._kafka.bootstrap,
            "GRIDGOV_KAFKA_SESSION": SESSION_SECONDS,
            "GRIDGOV_KEYS": str(self._state.secrets),
            "GRIDGOV_MODEL": str(self._state.path / "model"),
            "GRIDGOV_MEMBER": part.name,
            "GRIDGOV_LOG": str(self._state.logs / f"{part.name}.log"),
            "GRIDGOV_FAILPOINTS": self._armed(part),
        }
        if part.service:
            return {**environment, "DATABASE_URL": database_url(self._state, part.service, self._database_port)}
        return {**environment, "GRIDGOV_UPSTREAMS": upstreams(list(self._parts.values()))}

    def _armed(self, part: Part) -> str:
        if self._failpoints is None or not self._failpoints.exists():
            return ""
        lines = (line.partition(":") for line in self._failpoints.read_text("utf-8").splitlines())
        return ";".join(points for name, _, points in lines if name and part.name.startswith(name))

    async def _keep_brokers(self) -> None:
        while not self._stop.is_set():
            for broker in self._kafka.brokers():
                if not broker.running() and not self._stop.is_set():
                    await self._restart_broker(broker.node.number)
            self._settle()
            self._write()
            await self._pause(LOOK_SECONDS)

    async def _restart_broker(self, number: int) -> None:
        name = f"kafka-{number}"
        pause = self._ended(name)
        self._troubles.tell(name, f"Kafka 节点 {number} 已结束，重新启动", "has ended: starting it again")
        try:
            await asyncio.to_thread(self._kafka.kill, number)  # forget the guard of the one that ended
            await asyncio.to_thread(self._kafka.restart, number)
            self._begun[name] = monotonic()
        except StartError as error:
            self._troubles.tell(name, error.zh, error.en)
            await self._pause(pause)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    async def _drain(self) -> None:
        """The front first, which still has the apis to answer by; then all others at once."""
        for chosen in (
            [p for p in self._parts.values() if not p.service],
            [p for p in self._parts.values() if p.service],
        ):
            await self._end([part.name for part in chosen])

    async def _end(self, names: list[str]) -> None:
        for name in names:
            if self._seen[name].running():
                with suppress(ProcessLookupError):
                    os.kill(self._seen[name].pid, signal.SIGTERM)
        end = monotonic() + DRAIN_SECONDS
        while any(self._seen[name].running() for name in names) and monotonic() < end:  # noqa: ASYNC110 - by the clock
            await asyncio.sleep(0.05)

    async def _close(self) -> None:
        self._forget_restarts()
        if self._fork_server is not None:
            await self._fork_server.close()
        await asyncio.gather(asyncio.to_thread(self._kafka.stop), self._postgres.stop())
        self._parts_file.remove()

    def _write(self) -> None:
        brokers = [
            Seen(f"kafka-{each.node.number}", "", "broker", each.node.port, each.pid, each.started)
            for each in self._kafka.brokers()
        ]
        with suppress(StartError):  # between two lives of its own it has no pid
            pid = self._postgres.pid
            brokers.insert(0, Seen("postgres", "", "database", None, pid, started_at(pid) or ""))
        pid, started = me()
        self._parts_file.write(
            Overview(pid, started, self._url, self._kafka.bootstrap, [*brokers, *self._seen.values()])
        )
