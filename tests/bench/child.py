"""Children of the bench that talk in lines: their standard input is their life line, so none outlives the bench."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.embedded import ROOT


class Child:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def says(self) -> str:
        """Its next line. Raises RuntimeError when it has ended instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a child of the bench ended: {self.process.args}")
        return line.strip()

    def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        print(line, file=self.process.stdin, flush=True)
        return self.says()


@contextmanager
def child(module: str, *arguments: str) -> Iterator[Child]:
    """`python -m <module> …`, ended by closing its standard input, by force after ten seconds."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Child(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()
