"""Locks on files that the kernel drops when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Held(Exception):
    """Another process holds the lock; `pid` is what it wrote there, when it can be read."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(f"held by {pid}")
        self.pid = pid


def take(path: Path) -> int:
    """Lock `path` for this process and write its pid there. Closing the descriptor returned gives it back."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError:
        text = os.pread(descriptor, 32, 0).strip()
        os.close(descriptor)
        raise Held(int(text) if text.isdigit() else None) from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def waiting(path: Path) -> Iterator[None]:
    """Hold the lock on `path` for the block, waiting for whoever holds it now."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
