"""What a page weighs before it can be used, and that nothing of it comes from elsewhere: asked of the built files."""

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from gridgov.pages.built import DIST

BUDGETS = {"phone": 120, "desk": 250, "board": 300, "follow": 10}
"""kB (gzip) of the first load."""
HARMLESS = ("http://www.w3.org/", "https://vuejs.org/error-reference", "https://leafletjs.com")
"""Names of standards and of help pages in texts: nothing is loaded from there."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    path = DIST / ".vite" / "manifest.json"
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail("the pages are not built: make web")
        pytest.skip("not run, the pages are not built: make web")
    return dict(json.loads(path.read_text("utf-8")))


def first_load(manifest: dict[str, Any], entry: str) -> set[str]:
    """The files that the browser must have before the entry runs; routes come when they are gone to."""
    files, todo, seen = set(), [f"{entry}/index.html"], set()
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        chunk = manifest[key]
        files |= {chunk["file"], *chunk.get("css", ())}
        todo += chunk.get("imports", ())
    return files


@pytest.mark.parametrize(("entry", "kilobytes"), BUDGETS.items())
def test_an_entry_keeps_its_budget(manifest: dict[str, Any], entry: str, kilobytes: int) -> None:
    files = first_load(manifest, entry)
    weight = sum(len(gzip.compress((DIST / file).read_bytes(), 9)) for file in files)
    assert files
    assert weight <= kilobytes * 1000, f"{entry}: {weight / 1000:.1f} kB gz, budget {kilobytes} kB"


def test_nothing_names_a_foreign_host(manifest: dict[str, Any]) -> None:
    assert manifest
    found = {
        (path.name, address)
        for path in DIST.rglob("*")
        if path.suffix in {".js", ".css", ".html", ".svg", ".webmanifest"}
        for address in re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"'`)<>]*", _text(path))
        if not address.startswith(HARMLESS)
    }
    assert found == set()


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")
