"""The lines of the first tour, from a report to a closed work order, run as they stand in a shell."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.embedded import FirstStart, Instance, copied

TOUR = Path(__file__).with_name("first_tour.sh")


@pytest.fixture(scope="module")
def up(first_start: FirstStart) -> Iterator[Instance]:
    with copied(first_start) as made:
        made.start()
        yield made


def test_the_tour_ends_with_a_closed_work_order(up: Instance) -> None:
    environ = {
        **os.environ, "G": str(Path(sys.prefix) / "bin" / "gridgov"), "URL": f"http://127.0.0.1:{up.port}",
        "GRIDGOV_STATE": str(up.state), "GRIDGOV_PORT": str(up.port),
    }  # fmt: skip
    told = subprocess.run(["bash", "-e", TOUR], env=environ, capture_output=True, text=True, timeout=90, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    states = [line for line in told.stdout.splitlines() if " " not in line and not line.startswith('"')]
    assert states == ["accepted", "in_progress", "resolved", "verified", "closed"]
    assert told.stdout.splitlines()[-1] == '"action":"close"'
