"""Where the embedded form may live: on a given PostgreSQL, under root's private directory, under an odd path."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridgov.local import postgres_place as place
from gridgov.local.postgres import BlockingPostgres
from gridgov.local.processes import started_at
from gridgov.local.state import StateDirectory
from tests.support.databases import fresh_database
from tests.support.embedded import ROOT, FirstStart, instance
from tests.support.postgres import ground


@pytest.fixture
def bare() -> Iterator[Path]:
    with ground() as path:
        yield path


def test_a_given_postgresql_is_used_and_no_other_is_started(bare: Path, migrated_server: BlockingPostgres) -> None:
    with fresh_database(migrated_server) as name:
        # As hosts of databases spell it, not as our driver does.
        address = migrated_server.dsn_of(name).replace("postgresql://", "postgres://")
        state = bare / "s"
        with instance(state, extra={"DATABASE_URL": address}) as up:
            up.start()
            assert "DATABASE_URL" in up.told
            assert not (state / "postgres").exists()
            assert {pid for pid, _ in up.seen if started_at(pid)} == {up.process.pid if up.process else 0}
            assert up.replayed("--limit", "20")["accepted"] == 20
            assert up.count("SELECT count(*) FROM intake.reports") == 20
            assert up.run("verify-trail").returncode == 0
            up.stop()
            assert up.run("verify-trail").returncode == 0
            up.start()
            assert up.replayed("--limit", "20")["repeated"] == 20
            up.stop()
            assert not (state / "postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="not run: only root has a directory that only root may enter")
def test_root_runs_it_from_a_checkout_that_only_root_may_enter(bare: Path) -> None:
    private = bare / "private"
    private.mkdir(mode=0o700)
    for tree in ("services", "shared", "gridgov", "deploy"):
        shutil.copytree(ROOT / tree, private / tree, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", private)
    state = private / ".state"
    with instance(state, root=private, extra={"PYTHONPATH": str(private)}) as up:
        up.start()
        data = place.find(StateDirectory.peek(state))
        try:
            assert not data.is_relative_to(private), "the database process cannot enter there"
            assert private.stat().st_mode & 0o777 == 0o700
            assert up.replayed("--limit", "20")["accepted"] == 20
            up.kill()
            up.start()
            assert up.replayed("--limit", "20")["repeated"] == 20
            up.stop()
            assert up.left() == set()
        finally:
            up.end()
            shutil.rmtree(data)


def test_a_state_path_with_spaces_and_chinese_characters_serves(bare: Path, first_start: FirstStart) -> None:
    state = bare / "泉塘街道 办事处's"
    shutil.copytree(first_start.state, state)
    with instance(state) as up:
        up.start()
        assert f"GRIDGOV_STATE='{bare}/泉塘街道 办事处'\"'\"'s'" in up.said
        assert up.replayed("--limit", "5")["accepted"] == 5
        assert up.run("verify-trail").returncode == 0
        up.stop()
    assert sys.platform != "linux" or up.left() == set()
