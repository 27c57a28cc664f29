"""What nobody planned: any part of the cluster is killed at any moment, two at once now and then, database and broker too."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.rig import Rig
from tests.support.cluster import alive

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
