"""`parts.json` as the launcher keeps it: written when it would say something new, and tried again until it could be.

What must hold: a disk that takes nothing (full, read-only) leaves the file behind the truth and ends nothing.
"""

from contextlib import suppress
from pathlib import Path

from gridgov.cluster.parts import FILE, Overview
from gridgov.local.troubles import Troubles


class PartsFile:
    def __init__(self, directory: Path, troubles: Troubles) -> None:
        self._directory = directory
        self._troubles = troubles
        self._written: Overview | None = None

    def write(self, overview: Overview) -> None:
        """Called again and again."""
        if overview == self._written:
            return
        try:
            overview.write(self._directory)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._troubles.tell(
                FILE, f"{FILE} 暂时无法写入({why})，稍后再试", f"cannot be written now ({why}): tried again"
            )
        else:
            self._written = overview
            self._troubles.over(FILE, f"{FILE} 又可写入", "is written again")

    def remove(self) -> None:
        with suppress(OSError):  # what stays names a process that is gone
            (self._directory / FILE).unlink()
