"""An export of any size: pages are read while earlier ones are written, and few of them are held at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from shared.sheets.ledger import Ledger


async def exported(ledger: Ledger, pages: AsyncIterator[Sequence[Mapping[str, Any]]]) -> bytes:
    """The workbook of all rows of `pages`. Writing takes a thread, reading stays in the caller's loop."""
    loop = asyncio.get_running_loop()

    async def following() -> Sequence[Mapping[str, Any]] | None:
        return await anext(pages, None)

    def rows() -> Iterator[Mapping[str, Any]]:
        while (page := asyncio.run_coroutine_threadsafe(following(), loop).result()) is not None:
            yield from page

    return await asyncio.to_thread(ledger.export, rows())
