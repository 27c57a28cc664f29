"""The platform's log file: bounded in size however long it runs, and never a reason for a request to fail."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

LARGEST: Final = 50 * 1024 * 1024
KEPT: Final = 3
"""Earlier files beside the present one: `.1` is the newest."""


class LogFile:
    """What `logs.configure` writes to. A full disk loses lines, nothing else."""

    def __init__(self, path: Path, *, largest: int = LARGEST) -> None:
        self.path = path
        self._largest = largest
        self._descriptor = -1
        self._size = 0

    def write(self, text: str) -> int:
        """Append; a line is written whole, so that threads do not mix theirs."""
        data = text.encode("utf-8", "replace")
        with suppress(OSError):
            if self._descriptor < 0:
                self._open()
            elif self._size + len(data) > self._largest:
                self._turn_over()
            self._size += os.write(self._descriptor, data)
        return len(text)

    def flush(self) -> None:
        """Everything is with the kernel already."""

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> None:
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._size = os.fstat(self._descriptor).st_size

    def _turn_over(self) -> None:
        for number in range(KEPT, 0, -1):
            newer = self._numbered(number - 1)
            if newer.exists():
                newer.replace(self._numbered(number))
        self.close()
        self._open()

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path
