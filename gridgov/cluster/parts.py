"""The parts of a local cluster: which there are, how each is started, and the file that says where they run."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from gridgov.local.ports import free_ports
from gridgov.local.processes import lives
from gridgov.local.state import write_whole
from services.manifest import SERVICES

FILE: Final = "parts.json"
_PORTS: Final = range(18_100, 32_000)
"""Below those from which outgoing connections take theirs, so that a part finds its port again."""
API_POOL: Final = 8
WORKER_POOL: Final = 5
"""Database connections of one process. A worker's: relay, consumer, housekeeping, the watch, and one for readiness."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process that the launcher starts. `service` is empty for the front."""

    name: str
    service: str
    role: str
    port: int

    @property
    def arguments(self) -> list[str]:
        words = [self.service, self.role] if self.service else [self.role]
        return [*words, "--port", str(self.port)]


@dataclass(frozen=True, slots=True)
class Seen:
    """A part as it runs, or ran last: pid with its start mark (`processes.started_at`), and how often it was started."""

    name: str
    service: str
    role: str
    port: int | None
    pid: int = 0
    started: str = ""
    starts: int = 0

    def running(self) -> bool:
        return self.pid > 0 and lives(self.pid, self.started)


@dataclass(frozen=True, slots=True)
class Overview:
    """What `parts.json` in the state directory holds."""

    pid: int
    started: str
    url: str
    kafka: str
    parts: list[Seen] = field(default_factory=list)

    def running(self) -> bool:
        return lives(self.pid, self.started)

    def write(self, directory: Path) -> None:
        write_whole(directory / FILE, json.dumps(asdict(self)))

    @classmethod
    def read(cls, directory: Path) -> "Overview | None":
        """None where no cluster was ever started, or the file cannot be read."""
        try:
            content: dict[str, Any] = json.loads((directory / FILE).read_text("utf-8"))
            return cls(**{**content, "parts": [Seen(**part) for part in content["parts"]]})
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def plan(front_port: int, workers: int, apis: int) -> list[Part]:
    """All parts. Registry's worker comes first: the others wait for what it publishes."""
    wanted = [
        *(("worker", service, number) for service in SERVICES for number in range(1, workers + 1)),
        *(("api", service, number) for service in SERVICES for number in range(1, apis + 1)),
    ]
    ports = free_ports(len(wanted), _candidates(besides=front_port))
    parts = [
        Part(f"{service}-{role}-{number}", service, role, port)
        for (role, service, number), port in zip(wanted, ports, strict=True)
    ]
    return [*parts, Part("front", "", "front", front_port)]


def upstreams(parts: Sequence[Part]) -> str:
    """`GRIDGOV_UPSTREAMS` of the front."""
    return " ".join(f"{part.service}=http://127.0.0.1:{part.port}" for part in parts if part.role == "api")


def _candidates(besides: int) -> Iterator[int]:
    """In a row, from anywhere in the range: nobody holds them until the parts listen, twenty seconds later, and two
    clusters that start together would both find the first ones free."""
    start = random.randrange(len(_PORTS))  # noqa: S311 - no secret
    return (port for port in (*_PORTS[start:], *_PORTS[:start]) if port != besides)
