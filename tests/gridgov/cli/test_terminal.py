"""A terminal in GBK shows what it has, and something alike for the rest."""

import io
import os
import subprocess
import sys

import pytest

from gridgov.cli.terminal import fit


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("gbk", "√ 全部完好 × → ? 链"),
        ("gb18030", "✓ 全部完好 ✗ → 😀 链"),
        ("utf-8", "✓ 全部完好 ✗ → 😀 链"),
        ("ascii", "? ???? ? -> ? ?"),
    ],
)
def test_what_cannot_be_shown_is_replaced(encoding: str, shown: str) -> None:
    content = io.BytesIO()
    stream = io.TextIOWrapper(content, encoding=encoding)
    fit(stream)
    stream.write("✓ 全部完好 ✗ → 😀 链")
    stream.flush()
    assert content.getvalue().decode(encoding) == shown


@pytest.mark.parametrize("encoding", ["gbk:strict", "ascii"])
def test_the_command_says_all_it_says_on_such_a_terminal(encoding: str) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "GRIDGOV_STATE": "/nowhere/at/all"}
    for arguments in (["--help"], ["doctor"], ["verify-trail"], ["audit"]):
        told = subprocess.run(
            [sys.executable, "-m", "gridgov", *arguments], env=environ, capture_output=True, check=False
        )
        assert b"Traceback" not in told.stderr, told.stderr
        assert told.stdout or told.stderr
