"""The project's own sources as the architecture tests see them: files, syntax trees, and where something is called."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = ("services", "shared", "gridgov")


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """All Python files below `folders` of the repository."""
    found = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(file for file in found if "__pycache__" not in file.parts))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


@cache
def tracked_files() -> tuple[Path, ...]:
    """What git keeps; in a copy without git, everything that .gitignore would not leave out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        unkept = {".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache"}
        unkept |= {".hypothesis", ".state", ".cache", "build", "gridgov.egg-info", ".git"}
        found = [file for file in ROOT.rglob("*") if not unkept & set(file.relative_to(ROOT).parts)]
    return tuple(file for file in found if file.is_file())


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in `file` with the dotted name of what is called, as far as it is one: `self._bus.producer`."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case _:
            return "?"


def imports(file: Path) -> Iterator[str]:
    """The modules that `file` imports, anywhere in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(file)}: imports are absolute"
            yield node.module or ""


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def service_of(file: Path) -> str:
    return file.relative_to(ROOT).parts[1]


NOT_SLICES = {"migrations", "data", "classifier"}
"""The classifier is a library behind a port: no aggregate, so no slice."""


def slice_files() -> tuple[Path, ...]:
    """The files of the slices: `services/<service>/<aggregate>/**`."""
    found = (file for file in python_files("services") if len(file.relative_to(ROOT).parts) > 3)
    return tuple(f for f in found if f.relative_to(ROOT).parts[2] not in NOT_SLICES and f.name != "__init__.py")


EDGES = re.compile(r"(.*_)?(api|deps|schemas|sheet)\.py")
STORAGE = re.compile(r"(.*_)?(store|reading|table|metrics)\.py")


def layer_of(file: Path) -> str:
    """By name for edges and storage; of the others, who awaits is a handler, and who does not is the domain."""
    if EDGES.fullmatch(file.name):
        return "edge"
    if STORAGE.fullmatch(file.name):
        return "storage"
    awaits = any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(tree(file)))
    return "handler" if awaits else "domain"
