"""The Makefile: what it lists and which commands it would run. (A real `make install` takes minutes; CI runs it.)"""

import os
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
    (tmp_path / "web" / "src").mkdir(parents=True)
    for name in ("web/package.json", "web/package-lock.json", "web/src/main.ts"):
        (tmp_path / name).touch()
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
        (
            "up",
            [
                "-m venv .venv",
                "requirements/runtime.txt",
                "--editable .",
                "requirements/web.txt",
                "ci --omit=dev",
                "vite.js build",
                "exec .venv/bin/gridgov up",
            ],
        ),
        ("install", ["-m venv .venv", "requirements/runtime.txt", "--editable ."]),
        (
            "test",
            ["requirements/runtime.txt", "--editable .", "requirements/dev.txt", "lint", "vite.js build", "pytest -n"],
        ),
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


SET_UP = ("bin/python", ".runtime", ".dev", ".node")
BUILT = ("node_modules/.installed", "node_modules/.tools", "dist/.built")


@pytest.fixture
def set_up(checkout: Path) -> Path:
    for name in (*(f".venv/{name}" for name in SET_UP), *(f"web/{name}" for name in BUILT)):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    return checkout


def test_what_is_set_up_already_is_not_set_up_again(set_up: Path) -> None:
    done = make(set_up, "-n", "up").stdout
    assert done.splitlines()[-1] == "exec .venv/bin/gridgov up"
    assert not [word for word in ("pip", "npm", "vite") if word in done]
    assert "pip" not in make(set_up, "-n", "install").stdout


def test_pages_are_built_anew_when_a_source_changed_and_installed_anew_when_the_lock_did(set_up: Path) -> None:
    later = (set_up / "web" / "dist" / ".built").stat().st_mtime + 5
    os.utime(set_up / "web" / "src" / "main.ts", (later, later))
    changed = make(set_up, "-n", "web").stdout
    assert "vite.js build" in changed
    assert "ci --omit=dev" not in changed
    os.utime(set_up / "web" / "package-lock.json", (later, later))
    locked = make(set_up, "-n", "web").stdout
    assert locked.index("ci --omit=dev") < locked.index("vite.js build")


def test_without_pages_the_start_goes_on_and_says_so_in_one_line(set_up: Path) -> None:
    (set_up / "web" / "dist" / ".built").unlink()
    gridgov = set_up / ".venv" / "bin" / "gridgov"
    gridgov.write_text("#!/bin/sh\necho started $1\n")
    gridgov.chmod(0o755)
    ran = make(set_up, "NODE=/nowhere/node", "up")
    assert (ran.returncode, ran.stdout) == (0, "started up\n")
    # Two processes write them: on a busy machine the second may be first.
    failed, building = sorted(ran.stderr.splitlines(), key=lambda line: "building" in line)
    assert "building the pages" in building
    assert "make web" in failed
    assert "nowhere" in (set_up / ".cache" / "web.log").read_text("utf-8")


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
