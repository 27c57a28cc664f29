"""`parts.json` as the launcher keeps it: written when it would say something new, and tried again until it could be.

What must hold: a disk that takes nothing (full, read-only) leaves the file behind the truth and ends nothing.
"""

from contextlib import suppress
from pathlib import Path

from gridgov.cluster.parts import FILE, Overview
from gridgov.cluster.waiting import say


class PartsFile:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._written: Overview | None = None
        self._trouble = ""

    def write(self, overview: Overview) -> None:
        """Called again and again; what keeps it from writing is told when it begins, changes and ends."""
        if overview == self._written:
            return
        try:
            overview.write(self._directory)
        except OSError as error:
            self._tell(error.strerror or type(error).__name__)
        else:
            self._written = overview
            self._tell("")

    def remove(self) -> None:
        with suppress(OSError):  # what stays names a process that is gone
            (self._directory / FILE).unlink()

    def _tell(self, trouble: str) -> None:
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if trouble:
            say(f"{FILE} 暂时无法写入({trouble}),稍后再试", f"cannot be written now ({trouble}): tried again")
        else:
            say(f"{FILE} 又可写入", "is written again")
