"""Ports for what tests start. Each test process counts through a range of its own, below the ports that the kernel gives
to whoever asks for any: one that was free when it was chosen is still free when a start has come to it."""

import os
import socket
from contextlib import suppress
from itertools import cycle
from typing import Final

_EACH: Final = 500
_FIRST: Final = 10_000 + _EACH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 16)
# Another test run on this machine begins elsewhere in the range.
_ports: Final = cycle([_FIRST + (os.getpid() + n) % _EACH for n in range(_EACH)])


def free_port() -> int:
    for port in _ports:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("a cycle does not end")
