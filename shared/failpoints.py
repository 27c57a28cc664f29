"""Failpoints: named places in the real code where a fault test makes the process die, fail or wait.

Armed by the environment, `GRIDGOV_FAILPOINTS="relay.after_ack=kill:0.05;consumer.before_offset=raise"`; without it a
failpoint is one dictionary look-up in an empty dictionary.
"""

import os
import random
import signal
import time


class Failed(Exception):
    """Raised by a failpoint armed with `raise`."""


def _armed(text: str) -> dict[str, tuple[str, float]]:
    points = {}
    for part in filter(None, text.split(";")):
        name, _, action = part.partition("=")
        verb, _, chance = action.partition(":")
        points[name.strip()] = (verb.strip(), float(chance or 1))
    return points


_POINTS = _armed(os.environ.get("GRIDGOV_FAILPOINTS", ""))


def failpoint(name: str) -> None:
    """Do what was armed for `name`: `kill` (SIGKILL to this process), `raise`, or `sleep` (one second)."""
    if not _POINTS:
        return
    armed = _POINTS.get(name)
    if armed is None or random.random() >= armed[1]:  # noqa: S311 - chance, not secrecy
        return
    match armed[0]:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(1)
        case _:
            raise Failed(name)
