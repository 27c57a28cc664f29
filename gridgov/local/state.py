"""The state directory: everything the embedded form keeps, in one place that one instance at a time may use.

state.json   format number and identity        lock       held while an instance runs; names its pid
secrets/     keys and passwords, mode 0700     logs/      log files of the servers started here
postgres/    the private PostgreSQL            kafka/     the local brokers, when they were asked for
files/       photos                            model/     the category model
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from gridgov.local.errors import AlreadyRunning, StateBroken, explained
from gridgov.local.locks import Held, take

FORMAT = 1
"""Raise it when an older program could no longer read what a newer one wrote."""

_BEFORE_FORMAT = {"lock", "state.json.new", "lost+found", "kafka"}
"""What may lie in a directory whose creation was cut short, in a fresh file system, or where only Kafka was started."""


def state_path(environ: Mapping[str, str] = os.environ) -> Path:
    """`GRIDGOV_STATE`, else `.state` in the checkout (or, installed without one, in the current directory)."""
    if chosen := environ.get("GRIDGOV_STATE"):
        return Path(chosen).expanduser().absolute()
    checkout = Path(__file__).resolve().parents[2]
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / ".state"


class StateDirectory:
    """An opened state directory. `open` creates and locks it; `peek` only reads what an instance made."""

    def __init__(self, path: Path, identity: str, lock: int | None) -> None:
        self.path = path
        self.identity = identity
        self._lock = lock

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """Create the directory where it is missing, and hold it until `close` or the end of this process.

        Raises AlreadyRunning, StateBroken, StateUnwritable, DiskFull.
        """
        path = (path or state_path()).absolute()
        with explained(path):
            fresh = not path.exists()
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            names = {entry.name for entry in path.iterdir()}
            if "state.json" not in names and names - _BEFORE_FORMAT:
                raise _foreign(path)
            try:
                lock = take(path / "lock")
            except Held as held:
                raise _running(path, held.pid) from held
        try:
            with explained(path):
                if "state.json" not in names:
                    _write_format(path, private=not fresh)
                identity = _read_format(path)
                for name in ("secrets", "logs"):
                    (path / name).mkdir(exist_ok=True, mode=0o700)
        except BaseException:
            os.close(lock)
            raise
        return cls(path, identity, lock)

    @classmethod
    def peek(cls, path: Path | None = None) -> Self:
        """Read a directory that may be in use, for commands beside a running instance. Raises StateBroken."""
        path = (path or state_path()).absolute()
        if not (path / "state.json").exists():
            raise StateBroken(
                f"{path} 还没有网格通的数据；请先运行 make up",
                f"{path} holds no GridGov state yet: run make up first",
            )
        return cls(path, _read_format(path), None)

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    def secret(self, name: str) -> str:
        """The secret called `name`: 43 URL-safe characters (256 bits), made when it is first asked for."""
        file = self.secrets / name
        with explained(file):
            if not file.exists():
                write_whole(file, secrets.token_urlsafe(32))
            value = file.read_text("utf-8").strip()
        if not value:
            raise StateBroken(
                f"密钥文件 {file} 为空；请从备份恢复，或更换状态目录",
                f"the secret {file} is empty: restore it from a backup, or use another state directory",
            )
        return value

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_whole(file: Path, text: str) -> None:
    """Write so that after a crash the file holds all of `text` or what it held before. Mode 0600."""
    new = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)


def _write_format(path: Path, *, private: bool) -> None:
    if private:
        path.chmod(0o700)
    write_whole(path / "state.json", json.dumps({"format": FORMAT, "id": secrets.token_hex(8)}))


def _read_format(path: Path) -> str:
    file = path / "state.json"
    try:
        content = json.loads(file.read_text("utf-8"))
        number, identity = int(content["format"]), str(content["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise StateBroken(
            f"状态目录 {path} 已损坏(state.json 无法读取)；请从备份恢复，或把它移走后重新运行",
            f"the state directory {path} is broken (state.json cannot be read): restore it from a backup, or move it "
            "away and start again",
        ) from error
    if number > FORMAT:
        raise StateBroken(
            f"状态目录 {path} 由更新版本的网格通写入(格式 {number}，本版本只认 {FORMAT})；请升级程序",
            f"the state directory {path} was written by a newer GridGov (format {number}, this one reads {FORMAT}): "
            "upgrade the program",
        )
    if number < 1 or not identity.isalnum():
        raise StateBroken(
            f"状态目录 {path} 已损坏(state.json 内容不对)；请从备份恢复，或把它移走后重新运行",
            f"the state directory {path} is broken (odd state.json): restore it from a backup, or move it away and "
            "start again",
        )
    return identity


def _foreign(path: Path) -> StateBroken:
    return StateBroken(
        f"{path} 里有文件，但不是网格通的状态目录(没有 state.json)；请用 GRIDGOV_STATE 指定一个空目录，或从备份恢复",
        f"{path} holds files but is no GridGov state directory (no state.json): point GRIDGOV_STATE to an empty or new "
        "directory, or restore a backup",
    )


def _running(path: Path, pid: int | None) -> AlreadyRunning:
    who = f"pid {pid}" if pid else "pid ?"
    return AlreadyRunning(
        f"网格通已在使用状态目录 {path}({who})；请先停止它，或用 GRIDGOV_STATE=其他目录 GRIDGOV_PORT=8001 另起一个",
        f"GridGov already runs on the state directory {path} ({who}): stop that one first, or start another with "
        "GRIDGOV_STATE=DIRECTORY GRIDGOV_PORT=8001",
    )
