"""How far the replay is, on stderr: a bar for people, a line every few seconds where there is no terminal."""

import asyncio
import time
from typing import Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gridgov.replay.books import Books

_BAR_EVERY, _LINE_EVERY = 0.25, 5.0
_NARROW: Final = 60


class Shown:
    """Shows `books` while `keep` runs; `say` puts a line above the bar."""

    def __init__(self, books: Books, stream: TextIO) -> None:
        self._books = books
        self._console = Console(file=stream)
        self._started = time.monotonic()
        # Drawn from our own loop: rich's thread would contend with it for the interpreter.
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None if self._console.width >= _NARROW else 10),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            console=self._console,
            auto_refresh=False,
            transient=True,
        )

    def say(self, line: str) -> None:
        self._console.print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)

    async def keep(self) -> None:
        """Show until cancelled."""
        if not self._console.is_terminal:
            while True:
                await asyncio.sleep(_LINE_EVERY)
                settled, read = self._books.settled, self._books.read
                line = f"{stage(self._books)}  {settled:,}/{read:,}  {self._rate()}"
                self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        with self._bar as bar:
            task = bar.add_task("", total=self._books.read, rate="")
            while True:
                bar.update(task, description=stage(self._books), completed=self._books.settled, rate=self._rate())
                bar.refresh()
                await asyncio.sleep(_BAR_EVERY)

    def _rate(self) -> str:
        seconds = time.monotonic() - self._started
        return f"{self._books.settled / seconds:,.0f} 条/s" if seconds else ""


def stage(books: Books) -> str:
    """What is going on, in words."""
    if books.unsent:
        return f"提交 submitting {books.read - books.unsent:,}"
    return f"等待派单 waiting for {len(books.outstanding):,}"
