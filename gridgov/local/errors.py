"""Why the platform cannot start, each as one line in Chinese and English that says what to do; never a trace."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StartError(Exception):
    """The platform cannot start. The command prints `line` and ends with exit code 1."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    @property
    def line(self) -> str:
        """Both languages, on one line whatever the parts held."""
        return " ".join(f"{self.zh} / {self.en}".split())

    def __str__(self) -> str:
        return self.line


class AlreadyRunning(StartError):
    """Another process uses the same state directory."""


class StateBroken(StartError):
    """The state directory or the data in it is not what this version can use."""


class StateUnwritable(StartError):
    """The state directory cannot be created or written."""


class DiskFull(StartError):
    """There is no room left for the state."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"磁盘空间不足：{path}；请清理磁盘，或用 GRIDGOV_STATE=其他目录 指定有空间的位置后重试",
            f"no space left on the disk that holds {path}: free some space, or choose another place with "
            "GRIDGOV_STATE=DIRECTORY, and start again",
        )


class PortBusy(StartError):
    """A port cannot be used, or too few are free."""


class PostgresFailed(StartError):
    """The private PostgreSQL does not start."""


class ProgramMissing(StartError):
    """A program or file that must be installed first is not there."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an OSError about `path` into the StartError that says what to do about it."""
    try:
        yield
    except OSError as error:
        raise explain(error, path) from error


def explain(error: OSError, path: Path) -> StartError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path)
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return StateUnwritable(
            f"{path} 不是目录；请删除或改名，或用 GRIDGOV_STATE=其他目录 指定状态目录",
            f"{path} is not a directory: move it away, or choose another place with GRIDGOV_STATE=DIRECTORY",
        )
    return StateUnwritable(
        f"无法写入 {path}({error.strerror})；请检查目录的属主和权限，或用 GRIDGOV_STATE=其他目录 指定状态目录",
        f"cannot write {path} ({error.strerror}): check who owns it and its permissions, or choose another place "
        "with GRIDGOV_STATE=DIRECTORY",
    )
