"""F20: the network between every two parts is slow, cuts connections, or swallows what is sent."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.figures import Figures
from tests.faults.rig import Rig
from tests.support.cluster import eventually
from tests.support.proxy import Proxy

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(500)]
SECONDS = 10.0
DEAD_SECONDS = 20.0

TOXICS: dict[str, Callable[[Proxy], None]] = {
    "each way 200 ms": lambda proxy: proxy.latency(0.2, 0.05),
    "5 % of all chunks reset their connection": lambda proxy: proxy.resets(chunk=0.05),
    "10 kB/s in pieces of 100 bytes": lambda proxy: (proxy.slicer(100), proxy.bandwidth(10_000))[0],
    "half open: nothing arrives": lambda proxy: proxy.half_open(),
}


@pytest.mark.parametrize("toxic", [
    pytest.param(name, marks=pytest.mark.fault("F20", f"to the database and to Kafka: {name}"))
    for name in TOXICS
])  # fmt: skip
def test_a_bad_network_costs_time_only(rig: Rig, figures: Figures, seed: int, tmp_path: Path, toxic: str) -> None:
    with rig.load(tmp_path, seed, rate=8) as load:
        load.wait_acked(10)
        for proxy in rig.proxies:
            TOXICS[toxic](proxy)
        time.sleep(DEAD_SECONDS if "half" in toxic else SECONDS)
        during = len(load.acked)
        for proxy in rig.proxies:
            proxy.heal()
        begun = time.monotonic()
        load.wait_acked(5)
        back = time.monotonic() - begun
        assert eventually(lambda: not rig.unready(), 60), rig.unready()
    verdict = rig.verdict(load)
    figures.note(
        acked=verdict.acked, p99_s=load.p99(), lost_answers=load.lost.total(), back_after_s=back, settled_s=verdict.settled,
        acked_meanwhile=during,
    )  # fmt: skip
