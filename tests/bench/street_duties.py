"""(j) The duties of a big street: they begin by the plans of the release, follow what changes, and are asked about.

How many there are is held against the books; a year of runs that are over is made by a statement of the bench's own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final, Protocol

import sqlalchemy as sa

from services.registry.duties.apply_plans import apply_anew, apply_plans
from services.registry.duties.seed_plans import seed_plans
from services.registry.duties.sheet import DUTIES
from services.registry.duties.table import duties, runs
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import china
from tests.support.big_street import STREET, Books

BY: Final = Actor("bench", "service")
_CALENDAR: Final = china()
_ROWS: Final = 50_000
_MONTHS: Final = 12
READS: Final = (
    f"/duties?area={STREET}", f"/duties?area={STREET}&limit=500", "/duties?light=red", f"/duties?area={STREET}&duty=drill",
    f"/duties?area={STREET}-00&period=daily", f"/duties?area={STREET}&light=green", "/duties?state=ended", "/duties?number=000123",
    f"/duties?area={STREET}&due_until=2027-01-15T00:00:00Z", "/duties/mine", f"/duties?unit={STREET}-01-005",
    f"/duties/counts?area={STREET}", f"/duties/counts?area={STREET}&duty=drill", f"/duties/counts?area={STREET}-00",
    f"/duties/month?month=2027-01&unit={STREET}-01",
    f"/duties/runs?area={STREET}&since=2026-01-01&until=2026-12-31",
    f"/duties/runs?area={STREET}-01-005&since=2026-06-01&until=2026-06-30",
    f"/duties/runs?area={STREET}&since=2026-01-01&until=2026-12-31&duty=drill&outcome=late",
    f"/duties/tallies?area={STREET}&since=2026-01-01&until=2026-12-31",
    f"/duties/tallies?area={STREET}-01&since=2026-06-01&until=2026-06-30",
)  # fmt: skip


_RUN: Final = (
    "duty_id", "started_at", "due_at", "outcome", "duty", "name", "bearer", "bearer_id", "unit", "street", "what", "done_at",
)  # fmt: skip


class Year(Protocol):
    """What the bench's year gives."""

    books: Books
    figures: dict[str, float]
    say: Callable[[str], None]
    timed: Callable[[str], Any]
    call: Callable[..., Awaitable[Any]]
    get: Callable[[str], Awaitable[Any]]
    uow: Callable[[], UnitOfWork]


class StreetDuties:
    def __init__(self, year: Year) -> None:
        self._year, self._figures = year, year.figures

    async def begin(self) -> None:
        """All duties of all premises, as the loop makes them after an import."""
        async with self._year.uow() as uow:
            await seed_plans(uow, by=BY)
        await self._follow("duties begun")
        began = perf_counter()
        async with self._year.uow() as uow:
            assert not await apply_plans(uow, _CALENDAR)
        self._figures["a look of the loop while nothing waits"] = perf_counter() - began

    async def follow(self) -> None:
        """What changed since, and, as if plans had, a look at every bearer."""
        await self._follow("duties followed what changed")
        async with self._year.uow() as uow:
            await apply_anew(uow, None)
        await self._follow("duties looked at again, all")

    async def _follow(self, what: str) -> None:
        longest = 0.0
        async with self._year.timed(what):
            while True:
                began = perf_counter()
                async with self._year.uow() as uow:
                    applied = await apply_plans(uow, _CALENDAR)
                longest = max(longest, perf_counter() - began)
                if not applied:
                    break
                await asyncio.sleep(0)
        self._figures[f"longest turn, {what}"] = longest
        counted = await self._year.get(f"/duties/counts?area={STREET}&bearer=premises")
        assert counted["total"] == self._year.books.owed(), (counted, self._year.books.owed())

    async def asked(self) -> None:
        """Every read, in a year's runs; and all of it as a workbook."""
        await self._a_year_of_runs()
        [place] = (await self._year.get(f"/premises?area={STREET}-01&category=crowded&limit=1"))["items"]
        page = await self._year.get(f"/duties?area={STREET}&limit=500")
        more = (
            f"/duties?premises={place['id']}", f"/duties/month?month=2027-01&premises={place['id']}",
            f"/duties?area={STREET}&limit=500&after={page['next']}", f"/duties/{page['items'][0]['id']}",
        )  # fmt: skip
        slowest = 0.0
        for path in (*READS, *more):
            took = []
            for _ in range(2):
                began = perf_counter()
                await self._year.get(path)
                took.append(perf_counter() - began)
            self._year.say(f"{max(took):6.3f} s  {path}")
            slowest = max(slowest, *took)
        self._figures["the slowest read of duties"] = slowest
        async with self._year.timed("duties out"):
            content = (await self._year.call("GET", f"/duties.xlsx?area={STREET}")).content
        rows = len((await asyncio.to_thread(DUTIES.read, content)).rows)
        assert rows >= self._year.books.owed()
        self._figures["50,000 duties out"] = self._figures["duties out"] * _ROWS / rows
        self._figures["duties, number"] = rows

    async def _a_year_of_runs(self) -> None:
        """Each premises' monthly check and yearly drill, month after month: most were kept, some late."""
        self._figures["runs, number"] = 0
        for month in range(1, _MONTHS + 1):  # a year at once would take longer than a statement may
            due = sa.func.make_timestamptz(2026, month, 28, 12, 0, 0.0)
            outcome = sa.case(
                (sa.func.mod(sa.func.hashtext(sa.cast(duties.c.id, sa.Text)) + month, 7) == 0, "late"), else_="kept"
            )
            told = sa.select(
                duties.c.id, due - sa.text("interval '27 days'"), due, outcome, duties.c.duty, duties.c.name,
                duties.c.bearer, duties.c.bearer_id, duties.c.do_unit, duties.c.street, sa.literal("self_check"), due,
            ).where(duties.c.duty.in_(("fire_check", "drill") if month == _MONTHS else ("fire_check",)))  # fmt: skip
            async with self._year.uow() as uow:
                made = await uow.connection.execute(sa.insert(runs).from_select(_RUN, told))
                self._figures["runs, number"] += made.rowcount
        async with self._year.uow() as uow:
            await uow.connection.execute(sa.text("ANALYZE registry.duty_runs"))
