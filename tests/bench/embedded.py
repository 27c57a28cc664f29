"""(c) Report → department's inbox at half of peak, (d) the replay of the messages; on `gridgov up` and `gridgov cluster`."""

import csv
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gridgov.cli.replay import SAMPLE
from tests.bench import cluster
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, NotRun, Outcome
from tests.support.embedded import ROOT, messages

REAL = Path(os.environ.get("GRIDGOV_DATA") or ROOT.parent / "shared" / "data" / "messages") / "messages.xlsx"
_peak: dict[int, float] = {}


def latency(ground: Ground) -> Outcome:
    """Peak first (or what (d) found as peak), then half of it, with messages that were not there before."""
    made = ground.embedded()
    peak = _peak.get(id(ground)) or _measured_peak(ground)
    rate = peak / 2
    seconds = ground.size(20, 6)
    warm = ground.path / "warm.csv"
    _messages(warm, "warm", ground.size(500, 200))
    made.replayed(str(warm))  # it may have been started anew
    file = ground.path / "half.csv"
    count = _messages(file, "half", int(rate * seconds))
    ground.say(f"replaying {count:,} messages at {rate:.0f}/s")
    summary = made.replayed(str(file), "--rate", f"{rate:.2f}", timeout=seconds * 3 + 60)
    outcome = Outcome(
        compares="the instant a report was to be sent (open loop) with the instant a caller sees its work order by HTTP",
        on=(
            f"`gridgov up` (embedded: one process, its own PostgreSQL, durable), {count:,} messages of the shipped"
            f" sample under ids of their own at half of its peak for {seconds} s; client in its own process on this"
            " machine; seeing is polled, which adds up to an eighth of the latency, at least 50 ms"
        ),
    )
    outcome.add("p99", summary["latency_ms"]["p99"] or float("inf"), "ms", Aim(most=500))
    outcome.add("p95", summary["latency_ms"]["p95"] or float("inf"), "ms")
    outcome.add("p50", summary["latency_ms"]["p50"] or float("inf"), "ms")
    outcome.add("rate", rate, "reports/s")
    outcome.add("peak", peak, "reports/s")
    return outcome


def replay(ground: Ground) -> Outcome:
    made = ground.embedded()
    arguments, which = _what(ground)
    ground.say(f"replaying {which}, embedded")
    made.replayed(str(SAMPLE))  # connections, statements, the classifier's words: once
    summary = made.replayed(*arguments, timeout=150)
    _peak[id(ground)] = summary["reports_per_second"]
    outcome = Outcome(
        compares="`gridgov replay` at full speed: from the first submission to the last work order seen, by HTTP",
        on=f"{which}; embedded: one process, its own PostgreSQL, durable; client on this machine",
    )
    outcome.add("embedded", summary["reports_per_second"], "reports/s", Aim(least=300))
    _details(outcome, "embedded", summary)
    _cluster(ground, arguments, outcome)
    return outcome


def _details(outcome: Outcome, form: str, summary: dict[str, Any]) -> None:
    outcome.notes.append(
        f"{form}: {summary['accepted']:,} accepted ({summary['repeated']} repeated, {summary['refused']} refused),"
        f" {summary['work_orders']:,} work orders, {summary['needs_person']:,} wait for a person,"
        f" {summary['seconds']:.1f} s"
    )


def _what(ground: Ground) -> tuple[list[str], str]:
    if REAL.exists():
        if ground.quick:
            return [str(REAL), "--limit", "1200"], "the first 1,200 of the real messages"
        return [str(REAL)], "all of the real messages"
    file = ground.path / "messages.csv"
    count = messages(file, ground.size(48, 8))
    return [str(file)], f"the shipped sample repeated under ids of its own ({count:,} messages)"


def _measured_peak(ground: Ground) -> float:
    file = ground.path / "peak.csv"
    count = _messages(file, "peak", ground.size(3000, 1000))
    ground.say(f"replaying {count:,} messages for the peak")
    made = ground.embedded()
    made.replayed(str(SAMPLE))
    return float(made.replayed(str(file), timeout=120)["reports_per_second"])


def _messages(file: Path, mark: str, count: int) -> int:
    """Write `count` of the sample's messages, again and again under ids that begin with `mark`."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows([f"{mark}-{n}", *rows[n % len(rows)][1:]] for n in range(count))
    return count


def _cluster(ground: Ground, arguments: list[str], outcome: Outcome) -> None:
    """The same on `gridgov cluster`: a process per service and role, Kafka, a schema and role per service."""
    if find_spec("gridgov.cli.cluster") is None:
        outcome.notes.append("cluster: not run: there is no `gridgov cluster` here")
        return
    if ground.quick:
        outcome.notes.append("cluster: not run: its start takes too long for a quick run")
        return
    ground.rest_embedded()
    try:
        summary = cluster.replayed(ground, arguments)
    except (NotRun, RuntimeError, subprocess.TimeoutExpired) as reason:
        outcome.notes.append(f"cluster: not run: {reason}")
        return
    outcome.add("cluster", summary["reports_per_second"], "reports/s")
    _details(outcome, "cluster", summary)
