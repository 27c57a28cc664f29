"""F1, F2, F3, F6: processes killed at bad moments, at the worst moments, and told to end, while reports come in."""

import random
import signal
import time
from pathlib import Path

import pytest

from shared.events.topics import REPORTS
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.load import Load
from tests.faults.rig import Rig
from tests.faults.verdict import Verdict
from tests.support.cluster import alive, eventually

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
KILLS = 10 if ALL else 3
DEATHS = 10 if ALL else 2
DRAINS_WITHIN = 10.0


@pytest.mark.fault("F1", "intake's api killed with -9, ten times", short=True)
def test_intake_that_is_killed_answers_the_same_key_with_the_first_answer(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    chance, restarts = random.Random(seed), []
    with rig.load(tmp_path, seed) as load:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 1.0))
            before = rig.signal("intake-api-1", signal.SIGKILL)
            killed = time.monotonic()
            rig.restarted("intake-api-1", before)
            restarts.append(time.monotonic() - killed)
            load.wait_acked(1)
    verdict = rig.verdict(load)
    figures.note(
        acked=verdict.acked, longest_gap_s=load.longest_gap, restart_s=max(restarts), settled_s=verdict.settled
    )
    assert load.longest_gap <= max(restarts) + 2, "the gap is longer than the restart and two seconds"


@pytest.mark.fault("F2", "intake's relay killed between the broker's acknowledgement and its own commit", short=True)
def test_an_event_sent_twice_by_a_killed_relay_has_one_effect(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    verdict, deaths, _ = _dying(rig, "intake-worker", "relay.after_ack=kill:0.3", seed, tmp_path)
    ids = [record.headers["ce_id"] for record in rig.records(REPORTS)]
    twice = len(ids) - len(set(ids))
    figures.note(acked=verdict.acked, deaths=deaths, sent_twice=twice, settled_s=verdict.settled)
    assert twice > 0, "the fault did not happen: nothing was sent twice"


@pytest.mark.fault("F3", "dispatch's worker killed between its database's commit and that of the offset", short=True)
def test_an_event_delivered_again_to_a_killed_consumer_has_one_effect(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    verdict, deaths, load = _dying(rig, "dispatch-worker", "consumer.before_offset=kill:0.3", seed, tmp_path)
    figures.note(acked=verdict.acked, closed=load.closed, deaths=deaths, settled_s=verdict.settled)


@pytest.mark.fault("F6", "SIGTERM to every part in turn")
def test_a_part_that_is_told_to_end_does_so_within_ten_seconds_and_breaks_no_request(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    names = sorted(name for name, part in rig.cluster.parts().items() if part["role"] in ("api", "worker"))
    slowest = 0.0
    with rig.load(tmp_path, seed) as load:
        for name in chance.sample(names, len(names)):
            before = rig.signal(name, signal.SIGTERM)
            told = time.monotonic()
            assert eventually(lambda before=before: not alive(before), DRAINS_WITHIN), f"{name} does not end"
            slowest = max(slowest, time.monotonic() - told)
            rig.restarted(name, before)
        assert not load.broken, f"a request broke although every part was asked politely: {load.broken}"
    verdict = rig.verdict(load)
    figures.note(
        acked=verdict.acked, slowest_drain_s=slowest, longest_gap_s=load.longest_gap, settled_s=verdict.settled
    )


def _dying(rig: Rig, part: str, points: str, seed: int, directory: Path) -> tuple[Verdict, int, Load]:
    """The load runs until `part`, armed with `points`, has died often enough."""
    with rig.load(directory, seed) as load:
        with rig.armed(part, points):
            first = rig.starts(part)
            assert eventually(lambda: rig.starts(part) - first >= DEATHS, 120), f"{part} does not die"
            deaths = rig.starts(part) - first
        load.wait_acked(5)
    return rig.verdict(load), deaths, load
