"""What nobody planned: any part of the cluster is killed at any moment, two at once now and then, database and broker too;
and all of it at once."""

import os
import random
import signal
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import pytest

from gridgov.local.tokens import issue
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.load import Load, under
from tests.faults.rig import Rig
from tests.faults.verdict import judged
from tests.support.cluster import alive, eventually, running_cluster
from tests.support.kafka import require_kafka
from tests.support.ports import free_port
from tests.support.postgres import ground

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(500)]
KILLS = 40 if ALL else 10


@pytest.mark.fault("F0", "any part killed with -9 at any moment")
def test_whatever_is_killed_nothing_is_lost_or_done_twice(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    chance, killed = random.Random(seed), 0
    with rig.load(tmp_path, seed) as load:
        while killed < KILLS:
            time.sleep(chance.uniform(0.2, 2.5))
            for name in chance.sample(sorted(rig.cluster.parts()), chance.choice((1, 1, 2))):
                if alive(rig.part(name)):
                    rig.signal(name, signal.SIGKILL)
                    killed += 1
    verdict = rig.verdict(load)
    figures.note(acked=verdict.acked, kills=killed, longest_gap_s=load.longest_gap, settled_s=verdict.settled)


@pytest.mark.fault(
    "F0", "everything killed with -9 at once under load, twice, and started again on what the disk holds"
)
def test_a_machine_that_dies_goes_on_where_it_was(figures: Figures, seed: int, tmp_path: Path) -> None:
    require_kafka()
    chance, port = random.Random(seed), free_port()
    with ground() as directory, ExitStack() as people:
        path, log, load = directory / "state", tmp_path / "acked.jsonl", None
        log.touch()
        for _ in range(2):
            with running_cluster(path, port=port) as cluster:
                if load is None:
                    load = people.enter_context(
                        under(Load(cluster.url, log, partial(issue, cluster.state), 15.0, seed))
                    )
                load.wait_acked(100)
                time.sleep(chance.uniform(0.0, 3.0))
                parts = cluster.parts().values()
                for pid in [cluster.launcher.pid, *(part["pid"] for part in parts)]:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                cluster.launcher.wait()
                assert eventually(lambda parts=parts: not any(map(alive, parts)))
        with running_cluster(path, port=port) as cluster:
            assert load is not None
            load.wait_acked(100)
            people.close()
            verdict = judged(cluster.state, load)
    figures.note(acked=verdict.acked, longest_gap_s=load.longest_gap, settled_s=verdict.settled)
