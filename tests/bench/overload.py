"""(h) Five times as much as it can take: goodput against peak, refusals, memory, and how soon all is well again."""

import json
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from urllib.error import HTTPError

from gridgov.local.tokens import issue
from shared.auth.principal import Role
from tests.bench.child import Child, child
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, NotRun, Outcome
from tests.support.cluster import running_cluster

TIMES: Final = 5
CLOSED: Final = (64, 256)
"""Connections of the closed loops that look for the peak."""
OPEN: Final = 800
HEALTH: Final = ("livez", "readyz", "metrics")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send, as whom, and the process that all processes of the server descend from."""

    port: int
    token: str
    pid: int


def run(ground: Ground) -> Outcome:
    seconds = ground.size(20, 5)
    outcome = Outcome(
        compares=(
            f"201s a second, each within 2 s, of an open loop at {TIMES} times the peak with the peak: the better of"
            f" closed loops with {' and '.join(map(str, CLOSED))} connections; `POST /intake/reports`, a key each"
        ),
        on=(
            f"`gridgov up`, and the front of `gridgov cluster up`; {seconds} s; {OPEN} connections, callers that do not"
            " heed Retry-After and hang up after 4 s; then half of the peak; load generator in its own process here"
        ),
    )
    made = ground.embedded()
    assert made.process is not None
    measured(ground, outcome, "embedded", Target(made.port, made.token("service"), made.process.pid), seconds)
    ground.rest_embedded()
    try:
        ground.need_kafka()
    except NotRun as missing:
        outcome.notes.append(f"cluster: not run: {missing}")
        return outcome
    ground.say("starting gridgov cluster up")
    with running_cluster(ground.path / "overload") as cluster:
        port = int(cluster.url.rpartition(":")[2].strip("/"))
        token = issue(cluster.state, Role.SERVICE, None)
        measured(ground, outcome, "cluster", Target(port, token, cluster.launcher.pid), seconds)
    return outcome


def measured(ground: Ground, outcome: Outcome, form: str, target: Target, seconds: int) -> None:
    """Adds the figures of one form to `outcome`."""
    looking = ground.size(10, 3)
    with child("tests.bench.open_loop") as load:
        phases(load, target, {"connections": CLOSED[0], "seconds": ground.size(3, 2)})
        ground.say(f"looking for the peak, {form}")
        found = [phases(load, target, {"connections": n, "seconds": looking})[0] for n in CLOSED]
        peak = max(one["good_per_second"] for one in found)
        ground.say(f"{TIMES} × {peak:.0f}/s, {form}")
        with watched(target) as seen:
            flood, after = phases(
                load,
                target,
                {"rate": TIMES * peak, "seconds": seconds, "on": True},
                {"rate": peak / 2, "seconds": ground.size(10, 6)},
            )
    statuses = flood["statuses"]
    outcome.add(f"{form}: goodput at {TIMES}×", flood["good_per_second"] / peak, "of peak", Aim(least=0.8))
    outcome.add(f"{form}: recovered after", after["untroubled_after"], "s", Aim(most=5))
    outcome.add(f"{form}: memory, second half", seen.growth(seconds), "of first", Aim(most=1.1))
    outcome.add(f"{form}: peak", peak, "/s")
    outcome.add(f"{form}: p99 of those accepted", flood["accepted_ms"].get("p99", float("inf")), "ms")
    outcome.add(f"{form}: p50 of refusals", flood["refused_ms"].get("p50", 0.0), "ms")
    outcome.add(f"{form}: refusals that say not when", flood["bare"], "", Aim(most=0))
    outcome.add(f"{form}: health unanswered", seen.unanswered, "", Aim(most=0))
    outcome.notes.append(
        f"{form}: sent {flood['due'] - flood['unsent']:,} of {flood['due']:,} due in {seconds} s, answered"
        f" {', '.join(f'{n:,} × {status}' for status, n in sorted(statuses.items()))}; refusals p99"
        f" {flood['refused_ms'].get('p99', 0)} ms; health within {seen.slowest * 1000:.0f} ms; memory of its processes"
        f" {seen.total()} MB; the generator used {flood['cpu']:.0%} of a CPU"
    )


def phases(load: Child, target: Target, *wanted: Mapping[str, Any], fresh: bool = False) -> list[dict[str, Any]]:
    order = {
        "host": "127.0.0.1", "port": target.port, "path": "/intake/reports", "token": target.token,
        "connections": OPEN, "fresh": fresh, "phases": wanted,
    }  # fmt: skip
    found: list[dict[str, Any]] = json.loads(load.ask(json.dumps(order)))
    return found


@dataclass(slots=True)
class Watch:
    """What was seen once a second: memory of each process (MB that are its own), and answers of health."""

    memory: list[dict[int, float]] = field(default_factory=list)
    unanswered: int = 0
    slowest: float = 0.0

    def growth(self, seconds: int) -> float:
        """Of the process that grew most, among those worth a look: its most in the second half to that in the first."""
        flood = self.memory[:seconds]
        first, second = flood[: len(flood) // 2], flood[len(flood) // 2 :]
        largest = {pid: max(look.get(pid, 0.0) for look in first) for look in first for pid in look}
        return max(
            (max(look.get(pid, 0.0) for look in second) / most for pid, most in largest.items() if most > 30),
            default=1.0,
        )

    def total(self) -> int:
        return round(max((sum(look.values()) for look in self.memory), default=0))


@contextmanager
def watched(target: Target) -> Iterator[Watch]:
    seen, end = Watch(), threading.Event()

    def life() -> None:
        while not end.wait(1.0):
            seen.memory.append({pid: _own_memory(pid) for pid in _below(target.pid)})
            started = perf_counter()
            for name in HEALTH:
                seen.unanswered += _status(f"http://127.0.0.1:{target.port}/{name}") != 200
            seen.slowest = max(seen.slowest, perf_counter() - started)

    thread = threading.Thread(target=life, name="watch")
    thread.start()
    try:
        yield seen
    finally:
        end.set()
        thread.join()


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def _below(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    below = [pid]
    for one in below:
        below += parents.get(one, [])
    return below


def _own_memory(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0.0
