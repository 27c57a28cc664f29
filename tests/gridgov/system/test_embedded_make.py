"""The Makefile: what it lists and which commands it would run. (A real `make install` takes minutes; CI runs it.)"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.embedded import ROOT, environment


def make(directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=directory, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As after `git clone`: no environment yet."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def test_help_lists_every_target_with_what_it_does(checkout: Path) -> None:
    ran = make(checkout)
    assert ran.returncode == 0
    listed = set(re.findall(r"^  make ([a-z-]+) +\S", ran.stdout, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert listed == set(phony.split())
    assert {"up", "install", "test", "lint", "bench"} <= listed


@pytest.mark.parametrize(
    ("target", "in_order"),
    [
        ("up", ["-m venv .venv", "requirements/runtime.txt", "--editable .", "exec .venv/bin/gridgov up"]),
        ("install", ["-m venv .venv", "requirements/runtime.txt", "--editable ."]),
        ("test", ["requirements/runtime.txt", "--editable .", "requirements/dev.txt", "lint", "pytest -n"]),
    ],
)
def test_a_fresh_checkout_is_set_up_before_it_is_used(checkout: Path, target: str, in_order: list[str]) -> None:
    ran = make(checkout, "-n", target)
    assert ran.returncode == 0, ran.stderr
    position = 0
    for step in in_order:
        found = ran.stdout.find(step, position)
        assert found >= 0, (step, ran.stdout)
        position = found
    for requirements in re.findall(r"requirements/\S+\.txt", ran.stdout):
        assert (ROOT / requirements).exists()


def test_dependencies_are_pinned_by_hash_and_name_no_host(checkout: Path) -> None:
    installing = [line for line in make(checkout, "-n", "test").stdout.splitlines() if " -r requirements/" in line]
    assert installing
    assert all("--require-hashes" in line for line in installing)
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text


def test_what_is_set_up_already_is_not_set_up_again(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/python", ".runtime", ".dev"):
        (checkout / ".venv" / name).touch()
    assert make(checkout, "-n", "up").stdout.splitlines() == ["exec .venv/bin/gridgov up"]
    assert "pip" not in make(checkout, "-n", "install").stdout


def test_a_python_that_is_too_old_or_missing_is_one_clear_line(checkout: Path) -> None:
    old = checkout / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    ran = make(checkout, f"PYTHON={old}", "up")
    assert ran.returncode == 2
    lines = [line for line in ran.stderr.splitlines() if not line.startswith("make:")]
    assert len(lines) == 1
    assert "3.11" in lines[0]
    assert not (checkout / ".venv").exists()


def test_the_command_that_is_installed_is_the_one_that_make_runs() -> None:
    assert 'gridgov = "gridgov.__main__:main"' in (ROOT / "pyproject.toml").read_text("utf-8")
