"""The private PostgreSQL: it keeps its data through every kill, and never outlives its owner."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from gridgov.local import postgres_place as place
from gridgov.local.keep_postgres import keep_postgres
from gridgov.local.postgres import BlockingPostgres, PrivatePostgres
from gridgov.local.processes import holders
from gridgov.local.state import StateDirectory
from tests.support.launcher import (
    answers,
    eventually,
    keep_a_row,
    kept,
    kill_all,
    owner,
    parent,
)


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


def test_a_server_killed_again_while_it_recovers_comes_back_all_the_same(here: Path) -> None:
    with owner(here / "state") as running:
        keep_a_row(running.dsn)
        killed = running.postgres
        for _ in range(3):
            os.kill(killed, signal.SIGKILL)
            assert eventually(lambda killed=killed: started_since(here / "state", killed))
            killed = started_since(here / "state", killed)
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda killed=killed: started_since(here / "state", killed) and answers(running.dsn))
        assert kept(running.dsn) == 114


def test_a_killed_guard_is_replaced_however_often_that_fails_and_the_urls_stay(here: Path) -> None:
    told: list[str] = []

    async def run(state: StateDirectory) -> None:
        async with PrivatePostgres(state) as server:
            stop, dsn = asyncio.Event(), server.dsn_of("postgres")
            keeping = asyncio.create_task(keep_postgres(server, stop, lambda _, en: told.append(en)))
            await asyncio.to_thread(keep_a_row, dsn)
            settings = place.find(state) / "postgresql.conf"
            settings.write_text("# to be written anew, which cannot be done\n", "utf-8")
            obstacle = settings.with_name("postgresql.conf.new")
            obstacle.mkdir()
            os.kill(parent(server.pid), signal.SIGKILL)
            assert await asyncio.to_thread(eventually, lambda: len(told) == 2)
            await asyncio.sleep(2.5)  # it tries again after 1 s and 2 s
            obstacle.rmdir()
            assert await asyncio.to_thread(eventually, lambda: answers(dsn))
            assert await asyncio.to_thread(eventually, lambda: len(told) == 3)
            assert await asyncio.to_thread(kept, dsn) == 114
            stop.set()
            await keeping

    with StateDirectory.open(here / "state") as state:
        asyncio.run(run(state))
    ended, why, well = told
    assert ended.startswith("the database's guard has ended") and why.startswith("cannot write"), told
    assert well == "the database runs again"


def started_since(state: Path, before: int) -> int:
    """The server's pid as soon as it is written, which is before it recovers; 0 while it is still `before`."""
    try:
        pid = int((place.find(StateDirectory.peek(state)) / "data" / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return 0
    return 0 if pid == before else pid


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
