"""The account PostgreSQL runs under: our own, or, when we are root (which it refuses), an unprivileged one."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridgov.local.errors import PostgresFailed

_CANDIDATES = ("gridgov", "nobody")
"""An account of our own when the administrator made one; `nobody` exists everywhere."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user to become; `uid` None is the present one."""

    uid: int | None = None
    gid: int | None = None

    def popen(self) -> dict[str, Any]:
        """The arguments that make subprocess run as this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` and what is in it to this account."""
        if self.uid is None or self.gid is None:
            return
        os.chown(path, self.uid, self.gid, follow_symlinks=False)
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)

    def may(self, test: str, path: Path) -> bool:
        """Whether this account passes `test` (of the shell: -x, -w …) on `path`; asked of the kernel, not computed."""
        ran = subprocess.run(
            ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)],
            check=False, cwd="/", env={}, capture_output=True, **self.popen(),
        )  # fmt: skip
        return ran.returncode == 0

    def runs(self, program: Path) -> bool:
        """Whether this account can start `program`, its libraries included."""
        try:
            ran = subprocess.run([program, "--version"], check=False, cwd="/", capture_output=True, **self.popen())
        except OSError:
            return False
        return ran.returncode == 0


def choose(existing: Path | None) -> Account:
    """Who runs the server, given its data directory where there is one (whoever owns it keeps it).

    Raises PostgresFailed when we are root and cannot become anyone else.
    """
    if os.geteuid() != 0:
        return Account()
    account = _named()
    if existing is not None:
        about = existing.stat()
        if about.st_uid != 0:
            account = Account(about.st_uid, about.st_gid)
    try:
        account.may("-d", Path("/"))
    except (OSError, subprocess.SubprocessError) as error:
        raise PostgresFailed(
            "PostgreSQL 不能以 root 运行，而这里又无法切换到其他用户；"
            "请以普通用户运行 make up，或用 DATABASE_URL 指定数据库",
            "PostgreSQL refuses to run as root, and root cannot become another user here: run make up as an ordinary "
            "user, or name a database with DATABASE_URL",
        ) from error
    return account


def _named() -> Account:
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    return Account(65534, 65534)
