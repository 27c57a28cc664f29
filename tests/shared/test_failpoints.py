"""Failpoints: nothing at all unless armed by the environment, and then what was asked for."""

import os
import signal
import subprocess
import sys

import pytest

from shared import failpoints
from shared.failpoints import Failed, failpoint


def passing(points: str, name: str = "here", times: int = 1) -> subprocess.CompletedProcess[str]:
    """A process of its own that comes past `name` and tells of it."""
    code = f"from shared.failpoints import failpoint\nfor _ in range({times}): failpoint({name!r})\nprint('past')"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "GRIDGOV_FAILPOINTS": points},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_an_unarmed_failpoint_does_nothing() -> None:
    assert failpoints._POINTS == {}, "tests run without armed failpoints"
    failpoint("relay.after_ack")


@pytest.mark.parametrize("points", ["", "elsewhere=kill", "here=kill:0", "elsewhere=raise;;"])
def test_a_process_comes_past_what_is_not_armed(points: str) -> None:
    assert passing(points, times=50).stdout == "past\n"


def test_kill_ends_the_process_as_a_power_cut_would() -> None:
    ended = passing("elsewhere=raise; here=kill")
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "")


def test_raise_raises_by_name() -> None:
    ended = passing("here=raise")
    assert ended.returncode == 1
    assert "Failed: here" in ended.stderr


def test_a_chance_strikes_sometimes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failpoints, "_POINTS", failpoints._armed("here=raise:0.5"))
    struck = 0
    for _ in range(200):
        try:
            failpoint("here")
        except Failed:
            struck += 1
    assert 0 < struck < 200
