"""(j) Hazards and activities of a big street by Excel, one of each at every premises: how long, and how much memory."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, time
from typing import Any, Protocol

from services.registry.activities.sheet import ACTIVITIES
from services.registry.hazards.sheet import HAZARDS
from shared.clock import LOCAL
from tests.support.big_street import LAST, STREET, Books


class Year(Protocol):
    """What the bench's year gives."""

    books: Books
    timed: Callable[[str], Any]
    import_: Callable[[str, bytes], Awaitable[None]]
    call: Callable[..., Awaitable[Any]]


class StreetLedgers:
    def __init__(self, year: Year) -> None:
        self._year = year

    async def kept(self) -> None:
        for ledger, path, rows in ((HAZARDS, "hazards", self._hazards), (ACTIVITIES, "activities", self._activities)):
            content = await asyncio.to_thread(ledger.export, rows())
            async with self._year.timed(f"{path} in"):
                await self._year.import_(f"/{path}/import?why=bench", content)
            del content
            async with self._year.timed(f"{path} out"):
                await self._year.call("GET", f"/{path}.xlsx?area={STREET}")

    def _hazards(self) -> Iterator[dict[str, Any]]:
        """Every other is fixed on the spot, of the others each becomes a work order."""
        for at, place in enumerate(self._year.books.places):
            yield {
                "premises": place.number, "item": "evacuation", "text": "安全出口堆放杂物，灯具不亮",
                "fixed_on_spot": "yes" if at % 2 else "no",
            }  # fmt: skip

    def _activities(self) -> Iterator[dict[str, Any]]:
        """Trainings that were held, which count for duties, and drills that are planned."""
        starts_at = datetime.combine(LAST, time(9), LOCAL)
        for at, place in enumerate(self._year.books.places):
            drill = {"kind": "drill", "title": "疏散演练", "scenario": "疏散"}
            training = {"kind": "training", "title": "员工培训", "audience": "员工", "state": "held", "people": 12}
            yield {"premises": place.number, "starts_at": starts_at, **(training if at % 2 else drill)}
