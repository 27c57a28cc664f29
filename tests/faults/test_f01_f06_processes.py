"""F1, F6: processes that are killed, and processes that are told to end, while reports come in."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.figures import Figures
from tests.faults.rig import Rig

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
KILLS = 10


@pytest.mark.fault("F1", "intake's api killed ten times", short=True)
def test_intake_killed_ten_times_answers_again_with_the_first_answer(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    restarts = []
    with rig.load(tmp_path, seed) as load:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 1.0))
            before = rig.signal("intake-api-1", signal.SIGKILL)
            killed = time.monotonic()
            rig.restarted("intake-api-1", before)
            restarts.append(time.monotonic() - killed)
    verdict = rig.verdict(load)
    figures.note(
        acked=verdict.acked, longest_gap_s=load.longest_gap, restart_s=max(restarts), settled_s=verdict.settled
    )
    assert load.longest_gap <= max(restarts) + 2
