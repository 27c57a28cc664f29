"""The import contracts hold, and each of them fails when somebody breaks it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PRODUCTION, ROOT

_LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _LINT, "--no-cache", "--no-logo"],
        cwd=where,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_all_contracts_are_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert re.search(r"Contracts: [5-9] kept, 0 broken", result.stdout), result.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The production code in a place of its own."""
    where = tmp_path_factory.mktemp("copy")
    for folder in PRODUCTION:
        shutil.copytree(ROOT / folder, where / folder, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


PLANTED = {
    "services/dispatch/work_orders/routing.py": "import services.dispatch.schema",
    "services/intake/app.py": "import services.dispatch.work_orders.lifecycle",
    "shared/clock.py": "import services.intake.reports.report",
    "services/registry/units/rules.py": "import services.registry.posts.post",
    "services/supervision/clocks/store.py": "import aiokafka",
}
"""For each contract a line that breaks it, and in which file."""


def test_each_contract_can_fail(copy: Path) -> None:
    kept = {file: (copy / file).read_text("utf-8") for file in PLANTED}
    for file, line in PLANTED.items():
        (copy / file).write_text(f"{kept[file]}\n{line}\n", "utf-8")
    result = lint(copy)
    for file, text in kept.items():
        (copy / file).write_text(text, "utf-8")
    assert result.returncode == 1, result.stdout
    assert "Contracts: 0 kept" in result.stdout, result.stdout


def test_a_stray_file_in_a_service_fails(copy: Path) -> None:
    stray = copy / "services" / "dispatch" / "odds_and_ends.py"
    stray.write_text('"""Belongs to no layer."""\n', "utf-8")
    result = lint(copy)
    stray.unlink()
    assert result.returncode == 1, result.stdout
    assert "odds_and_ends" in result.stdout
