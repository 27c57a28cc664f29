"""What is kept in git runs anywhere: no path of a machine, no host of a registry; settings are documented."""

import re
from pathlib import Path

import pytest

from shared.settings import Settings
from tests.architecture.sources import PRODUCTION, ROOT, name_of, python_files, tracked_files

SELF = Path(__file__).resolve()


def texts() -> list[tuple[str, str]]:
    """Tracked text files; this one quotes what it forbids."""
    found = []
    for file in tracked_files():
        if file != SELF:
            try:
                found.append((name_of(file), file.read_text("utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def hits(pattern: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]


def test_no_file_names_a_path_of_a_machine() -> None:
    assert hits(r"(?<![\w.}/$-])/(work|root|farm|home|Users)/\w") == []


def test_no_file_names_a_host_of_a_package_registry() -> None:
    hosts = r"(pypi|pythonhosted|npmjs|maven\.org|repo\.maven|docker\.io|ghcr|quay|gcr|aliyun|tsinghua|jfrog|nexus)"
    assert hits(rf"https?://[^\s\"']*{hosts}") == []
    assert hits(r"^\s*(--(extra-)?index-url|--find-links|--trusted-host|index-url\s*=)") == []


def test_there_is_no_lock_that_names_hosts() -> None:
    assert [name for name, _ in texts() if Path(name).suffix == ".lock"] == []


def test_the_tests_of_this_file_would_see_what_they_look_for() -> None:
    assert hits(r"^requires-python = ") == [f'pyproject.toml:{_line("requires-python")}: requires-python = ">=3.11"']


def _line(start: str) -> int:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) > 20
    bad = [
        line[:80]
        for line in lines
        if not re.match(r"[A-Za-z0-9._\[\],-]+==\S+( ;.*?)?\s.*--hash=sha256:[0-9a-f]{64}", line)
    ]
    assert bad == []


def test_the_packages_that_are_asked_for_are_locked() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert block
    asked = {_plain(name) for name in re.findall(r'^\s*"([A-Za-z0-9._-]+)', block[1], re.MULTILINE)}
    locked = {
        _plain(n)
        for n in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE)
    }
    assert len(asked) > 10
    assert asked <= locked


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_name_read_from_the_environment_is_documented() -> None:
    fields = {f"GRIDGOV_{name.upper()}" for name in Settings.model_fields}
    texts = {name_of(file): file.read_text("utf-8") for file in (*python_files(*PRODUCTION), ROOT / "README.md")}
    # Told: named in a text or docstring, not only as the string that is read.
    told = {n for text in texts.values() for n in re.findall(r"(?<![\"'\w])GRIDGOV_[A-Z_]+(?![\"'\w])", text)}
    read = {(name, n) for name, text in texts.items() for n in re.findall(r"[\"'](GRIDGOV_[A-Z_]+)[\"']", text)}
    assert {(name, n) for name, n in read if n not in fields | told} == set()
