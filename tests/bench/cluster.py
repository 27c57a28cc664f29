"""The replay on `gridgov cluster up`: PostgreSQL, Kafka and a process per service and role, all on this machine."""

import json
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gridgov.cli.replay import SAMPLE
from tests.bench.ground import Ground
from tests.support.embedded import ROOT, environment
from tests.support.ports import free_port

READY_SECONDS = 90.0


def replayed(ground: Ground, arguments: list[str]) -> dict[str, Any]:
    """What `gridgov replay` says of the cluster. Raises RuntimeError when it does not start."""
    ground.need_kafka()
    ground.say("starting gridgov cluster up")
    with _cluster(ground.path / "cluster") as (url, env):
        ground.say("replaying, cluster")
        _replay(env, "--url", url, str(SAMPLE))
        return _replay(env, "--url", url, *arguments)


@contextmanager
def _cluster(directory: Path) -> Iterator[tuple[str, dict[str, str]]]:
    port = free_port()
    env = environment(GRIDGOV_STATE=str(directory), GRIDGOV_PORT=str(port))
    log = directory.with_suffix(".err")
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "gridgov", "cluster", "up", "--json"],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            ready, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
            if not (ready and process.stdout.readline()):
                raise RuntimeError(f"the cluster is not ready after {READY_SECONDS:.0f} s: {log.read_text()[-1000:]}")
            yield f"http://127.0.0.1:{port}", env
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()  # its children end with it
                process.wait()


def _replay(env: dict[str, str], *arguments: str) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-m", "gridgov", "replay", *arguments, "--json"],
        cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    if ran.returncode != 0:
        raise RuntimeError(f"replay on the cluster: {ran.stderr[-1000:]}")
    summary: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return summary
