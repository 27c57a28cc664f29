"""Telling processes apart by pid and start, so that a recycled pid is never taken for the process that had it."""

import os
import subprocess
import sys
from pathlib import Path


def started_at(pid: int) -> str | None:
    """A mark that, together with the pid, names one process for good; None when there is no such live process."""
    if sys.platform == "linux":
        try:
            # The name in parentheses may hold spaces and parentheses: count the fields from the last one.
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    answer = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def lives(pid: int, started: str) -> bool:
    return started_at(pid) == started


def holders(file: Path) -> set[int]:
    """Other processes that have `file` open, as far as this user may see (Linux; elsewhere none)."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        if pid == os.getpid():
            continue
        try:
            links = {link.readlink() for link in (entry / "fd").iterdir()}
        except OSError:
            continue
        if file in links:
            found.add(pid)
    return found
