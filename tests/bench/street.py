"""(j) A street's year: 50,000 premises and their inspections by Excel, a restructuring in the middle, and what the registry
says of past days and periods, each answer held against books of the bench's own."""

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx2
from prometheus_client import CollectorRegistry

from services.registry.app import build
from services.registry.audit import aggregates
from services.registry.city.import_city import import_city
from services.registry.inspections.sheet import INSPECTIONS
from services.registry.premises.sheet import PREMISES
from services.registry.restructuring.owned import OWNED
from services.registry.restructuring.watch import RestructuringWatch
from services.registry.schema import tables
from services.registry.units.table import successions
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.postgres.bus import PostgresBus
from shared.change import Actor
from shared.clock import LOCAL, SetClock
from shared.db.engine import open_engine
from shared.db.unit_of_work import Database, UnitOfWork
from shared.service import Resources
from shared.settings import Settings
from shared.telemetry.metrics import Metrics
from shared.trail.verify import verify
from shared.units.succession import SuccessionWatch
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, Outcome
from tests.bench.street_duties import StreetDuties
from tests.bench.street_ledgers import StreetLedgers
from tests.support import big_street as street
from tests.support.big_street import STREET, Books

BY = Actor("bench", "service")
DAYS = (date(2026, 2, 15), date(2026, 7, 9), date(2026, 7, 10), date(2026, 11, 1))
MONTHS = ("2026-03", "2026-04", "2026-06", "2026-07", "2026-08", "2026-09")
LEDGERS = ("premises", "inspections", "hazards", "activities")
AIMS = {
    **{f"{ledger} in": Aim(most=60, goal=30) for ledger in LEDGERS},
    **{f"{ledger} in: memory": Aim(most=150) for ledger in LEDGERS},
    **{f"{ledger} out": Aim(most=20, goal=10) for ledger in (*LEDGERS, "50,000 duties")},
    **{f"{ledger} out: memory": Aim(most=40) for ledger in (*LEDGERS, "duties")},
    "premises in: memory": Aim(most=120), "premises refused: memory": Aim(most=150),
    **dict.fromkeys(("longest read", "the slowest answer", "the slowest read of duties"), Aim(most=1)),
}  # fmt: skip
_MEGABYTE = 1024
_LIBC = ctypes.CDLL(None)


def run(ground: Ground) -> Outcome:
    books = Books(communities=ground.size(20, 4), grids=ground.size(25, street.GRIDS), each=ground.size(100, 10))
    server = ground.postgres()
    name = ground.database("registry")
    figures = asyncio.run(_measure(ground, books, server.url_of(name), server.dsn_of(name)))
    outcome = Outcome(
        compares="one process imports, exports and restructures while another caller reads; every answer is held against books",
        on=f"{len(books.places):,} premises in {books.communities * books.grids} grids, {len(books.seen):,} inspections; PostgreSQL durable",
    )
    for figure, value in figures.items():
        aim = AIMS.get(figure.partition(", ")[0])
        unit = "MB" if figure.endswith("memory") else "" if figure.endswith(("compared", "number")) else "s"
        outcome.add(figure, value, unit, aim)
    return outcome


async def _measure(ground: Ground, books: Books, url: str, dsn: str) -> dict[str, float]:
    engine, clock = open_engine(url, service="bench"), SetClock(_noon(street.FIRST))
    keys = ground.path / "street"
    keys.mkdir()
    issuer = LocalIssuer(keys, clock)
    service = build(
        Resources(
            Settings(member="bench"), clock, engine, PostgresBus(dsn), LocalVerifier(keys, clock),
            Metrics(CollectorRegistry()), keys / "fields", issuer,
        )
    )  # fmt: skip
    try:
        transport = httpx2.ASGITransport(app=service.api)
        async with httpx2.AsyncClient(transport=transport, base_url="http://registry", timeout=600) as client:
            year = _Year(ground, books, client, issuer, clock, lambda: UnitOfWork(Database(engine, tables, clock)))
            await year.live()
            await _Asked(year).all()
        ground.say("verifying the trails")
        async with engine.connect() as connection:
            assert (await verify(connection, tables, aggregates)).violations == ()
        return year.figures
    finally:
        await engine.dispose()


class _Year:
    """What happens, in its order, by the API."""

    def __init__(
        self, ground: Ground, books: Books, client: httpx2.AsyncClient, issuer: LocalIssuer, clock: SetClock,
        uow: Callable[[], UnitOfWork],
    ) -> None:  # fmt: skip
        self.books, self.figures = books, dict[str, float]()
        self.hazards: dict[str, list[tuple[int, date]]] = {
            name: [] for name in ("found", "on_spot", "fixed", "overdue")
        }
        self._ids: dict[str, str] = {}
        self._late: list[tuple[int, dict[str, Any]]] = []
        self.say, self._client, self._issuer, self._clock, self.uow = ground.say, client, issuer, clock, uow

    async def live(self) -> None:
        self.say("the street and its premises")
        async with self.uow() as uow:
            await import_city(self.books.city(), uow, by=BY)
        rows = [self._row(at) for at in range(len(self.books.places))]
        lost = await asyncio.to_thread(PREMISES.export, ({**row, "unit": "D1-X"} for row in rows))
        async with self.timed("premises refused"):
            refused = await self._send("POST", "/premises/import", "admin", content=lost)
        assert refused.status_code == 422
        assert len((await asyncio.to_thread(PREMISES.read, refused.content)).rows) == len(rows)
        content = await asyncio.to_thread(PREMISES.export, rows)
        del rows, lost, refused
        async with self.timed("premises in"):
            await self.import_("/premises/import?why=bench", content)
        async with self.timed("premises out"):
            content = (await self.call("GET", f"/premises.xlsx?area={STREET}")).content
        by_name = {place.name: place for place in self.books.places}
        for row in (await asyncio.to_thread(PREMISES.read, content)).rows:
            by_name[row.values["name"]].number = row.values["number"]
        duties = StreetDuties(self)
        await duties.begin()
        await self._hazards_of_spring()
        await self._at(street.CHANGED)
        await self._tell(self.books.change(street.CHANGED, 251, category="crowded"))
        await self._extended()
        await self._restructure()
        await self._hazards_of_summer()
        await self._at(street.CLOSED)
        await self._tell(self.books.change(street.CLOSED, 263, use="closed"))
        await self._at(street.LAST)
        self.say("the year's inspections")
        content = await asyncio.to_thread(INSPECTIONS.export, map(self._inspection, self.books.seen))
        async with self.timed("inspections in"):
            await self.import_("/inspections/import", content)
        async with self.timed("inspections out"):
            await self.call("GET", f"/inspections.xlsx?area={STREET}")
        await duties.follow()
        await duties.asked()
        await StreetLedgers(self).kept()

    async def get(self, path: str) -> Any:
        return (await self.call("GET", path)).json()

    async def call(self, method: str, path: str, who: str = "leader", **more: Any) -> httpx2.Response:
        answer = await self._send(method, path, who, **more)
        assert answer.is_success, (path, answer.status_code, answer.text[:2_000])
        return answer

    async def _send(self, method: str, path: str, who: str, **more: Any) -> httpx2.Response:
        token = self._issuer.issue(who, Role.ADMIN if who == "admin" else Role.LEADER, unit="D1")
        headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
        return await self._client.request(method, path, headers=headers, **more)

    async def import_(self, path: str, content: bytes) -> None:
        await self.call("POST", path, who="admin", content=content)

    async def _at(self, day: date) -> None:
        self._clock.set(_noon(day))

    async def _tell(self, places: range) -> None:
        await self.import_("/premises/import?why=bench", PREMISES.export(map(self._row, places)))

    def _row(self, at: int) -> dict[str, Any]:
        place = self.books.places[at]
        stood = place.stood[-1]
        longitude, latitude = street.point(stood.unit, east=place.east) if place.east is not None else (None, None)
        return {
            "number": place.number, "name": place.name, "category": stood.category, "unit": stood.unit, "use": stood.use,
            "address": f"大街路{at}号", "key_unit": "yes" if place.key_unit else "no", "longitude": longitude,
            "latitude": latitude, "floor_area": 350, "responsible": "李红", "responsible_phone": "13800000000",
            "manager": place.manager, "purpose": "商业",
        }  # fmt: skip

    def _inspection(self, seen: street.Seen) -> dict[str, Any]:
        items = dict.fromkeys(("evacuation", "facilities", "extinguishers", "electricity"), "ok")
        return {
            "premises_number": self.books.places[seen.place].number, "made_at": seen.at, "kind": "routine",
            "inspector": "P1", "companions": "张三", **items,
        }  # fmt: skip

    @asynccontextmanager
    async def timed(self, what: str) -> AsyncIterator[None]:
        """How long it takes, how much memory on top, and the longest read of another caller meanwhile."""
        self.say(what)
        gc.collect()
        _LIBC.malloc_trim(0)  # what an earlier step left would hide what this one takes
        Path("/proc/self/clear_refs").write_text("5")
        before, longest, stop = _memory("VmRSS"), 0.0, asyncio.Event()

        async def read() -> None:
            nonlocal longest
            while not stop.is_set():
                for path in (f"/tree?root={STREET}&depth=2", f"/premises?area={STREET}-00&limit=50"):
                    began = perf_counter()
                    await self.get(path)
                    longest = max(longest, perf_counter() - began)
                await asyncio.sleep(0.02)

        reading, began = asyncio.create_task(read()), perf_counter()
        yield
        self.figures[what] = perf_counter() - began
        self.figures[f"{what}: memory"] = (_memory("VmHWM") - before) / _MEGABYTE
        stop.set()
        await reading
        self.figures[f"longest read, {what}"] = longest

    async def _restructure(self) -> None:
        await self._at(street.RESTRUCTURED - timedelta(days=5))
        body = {"effective_from": str(street.RESTRUCTURED), "steps": self.books.restructure(), "why": "整合优化"}
        plan = (await self.call("POST", "/restructurings", who="admin", json=body)).json()
        async with self.timed("preview"):
            seen = await self.get(f"/restructurings/{plan['id']}/preview")
        assert seen["troubles"] == [], seen["troubles"][:3]
        moved = sum(
            place.stood[-1].since == street.RESTRUCTURED and place.stood[-1].unit != place.stood[-2].unit
            for place in self.books.places if len(place.stood) > 1
        )  # fmt: skip
        assert seen["owned"]["premises"] == moved, (seen["owned"], moved)
        await self.call("POST", f"/restructurings/{plan['id']}/submit", who="admin", headers={"if-match": '"1"'})
        await self._at(street.RESTRUCTURED)
        async with self.timed("restructured"):
            assert await RestructuringWatch(self.uow).look()
        watch = SuccessionWatch(self.uow, successions, OWNED, service="registry")
        async with self.timed("what they owned followed"):
            while await watch.look():
                await asyncio.sleep(0)

    # Hazards: each its place, and the days on which it was found, fixed and overdue.

    async def _hazards_of_spring(self) -> None:
        self.say("hazards")
        await self._at(date(2026, 3, 2))
        for at in self._some(1):
            await self._found(at, fixed_on_spot=True)
            self.hazards["on_spot"].append((at, date(2026, 3, 2)))
            self.hazards["fixed"].append((at, date(2026, 3, 2)))
        right = [await self._found(at, rectify_by="2026-03-20") for at in self._some(2)]
        self._late = [await self._found(at, rectify_by="2026-03-20") for at in self._some(3)]
        await self._at(date(2026, 3, 9))
        for at, hazard in right:
            await self._act(hazard, "submit", result="已改")
            await self._act(hazard, "pass", who="other")
            self.hazards["fixed"].append((at, date(2026, 3, 9)))

    async def _extended(self) -> None:
        """In time: overdue in April alone."""
        await self._at(date(2026, 3, 18))
        for at, hazard in self._late:
            await self._act(hazard, "ask-extension", until="2026-04-20", why="等材料")
            await self._act(hazard, "grant-extension", who="other", why="同意")
            self.hazards["overdue"].append((at, date(2026, 4, 21)))

    async def _hazards_of_summer(self) -> None:
        """Extended when it was late, and put right within that: overdue in August all the same."""
        await self._at(date(2026, 8, 3))
        late = [await self._found(at, rectify_by="2026-08-20") for at in self._some(4)]
        await self._at(date(2026, 8, 25))
        for at, hazard in late:
            await self._act(hazard, "ask-extension", until="2026-09-30", why="等材料")
            await self._act(hazard, "grant-extension", who="other", why="同意")
            self.hazards["overdue"].append((at, date(2026, 8, 21)))
        await self._at(date(2026, 9, 10))
        for at, hazard in late:
            await self._act(hazard, "submit", result="已改")
            await self._act(hazard, "pass", who="other")
            self.hazards["fixed"].append((at, date(2026, 9, 10)))

    def _some(self, of: int) -> Iterator[int]:
        """Forty places from all over the street."""
        stride = max(1, len(self.books.places) // 40)
        return (at + of for at in range(0, len(self.books.places) - 4, stride))

    async def _found(self, at: int, **told: Any) -> tuple[int, dict[str, Any]]:
        number, day = self.books.places[at].number, self._clock.now().astimezone(LOCAL).date()
        if number not in self._ids:
            found = (await self.get(f"/premises?q={number}&limit=5"))["items"]
            self._ids |= {one["number"]: one["id"] for one in found}
        body = {"premises_id": self._ids[number], "item": "evacuation", "text": "通道堵塞", **told}
        made = await self.call("POST", "/hazards", json=body, headers={"idempotency-key": f"{number}-{day}"})
        self.hazards["found"].append((at, day))
        return at, {"id": made.json()["id"], "version": made.json()["version"]}

    async def _act(self, hazard: dict[str, Any], action: str, who: str = "leader", **body: Any) -> None:
        now = (await self.get(f"/hazards/{hazard['id']}"))["version"]
        path = f"/hazards/{hazard['id']}/{action}"
        await self.call("POST", path, who=who, json=body, headers={"if-match": f'"{now}"'})


class _Asked:
    """What the registry says at the year's end of past days and months, against the books."""

    def __init__(self, year: _Year) -> None:
        self._year, self._books, self._count, self._slowest = year, year.books, 0, 0.0

    async def all(self) -> None:
        areas = self._areas()
        for day in DAYS:
            self._year.say(f"as of {day}")
            await self._tree(day)
            for area in (STREET, *areas):
                if area in self._books.tree(day):
                    await self._files(area, day)
                    await self._people(area, day)
        for month in MONTHS:
            self._year.say(f"the summary of {month}")
            for area in (STREET, *areas):
                await self._summary(area, month)
        self._year.figures["answers compared"] = self._count
        self._year.figures["the slowest answer"] = self._slowest

    def _areas(self) -> list[str]:
        """Communities that lose and gain a grid, and grids that end and begin by each kind of step."""
        half_of = self._books.communities // 2
        loses, gains = f"{STREET}-00", f"{STREET}-{half_of:02d}"
        codes = ("000", "101", "002", "201", "202", "003")
        return [loses, gains, *(f"{loses}-{code}" for code in codes), f"{gains}-004", f"{gains}-005"]

    async def _get(self, path: str) -> Any:
        began = perf_counter()
        found = await self._year.get(path)
        self._slowest = max(self._slowest, perf_counter() - began)
        return found

    def _same(self, what: str, said: Any, true: Any) -> None:
        self._count += 1
        assert said == true, f"{what}: the registry says {said}, the books {true}"

    async def _tree(self, day: date) -> None:
        found: dict[str, tuple[str | None, str]] = {}

        def walk(node: Any, parent: str | None) -> None:
            found[node["code"]] = (parent, node["name"])
            for one in node["children"]:
                walk(one, node["code"])

        for root in (await self._get(f"/tree?root={STREET}&depth=3&as_of={day}"))["roots"]:
            walk(root, "D1")
        tree = self._books.tree(day)
        true = {code: (tree[code].parent, tree[code].name) for code in self._books.inside(STREET, day)}
        self._same(f"the tree of {day}", found, true)

    async def _files(self, area: str, day: date) -> None:
        told = await self._get(f"/premises/counts?area={area}&as_of={day}")
        files = self._books.files(area, day)
        self._same(f"files of {area} on {day}", {name: told[name] for name in files}, files)
        if area.count("-") > 2:  # a grid: its list, name by name
            listed, after = set(), ""
            while after is not None:
                page = await self._get(f"/premises?area={area}&as_of={day}&limit=100{after and f'&after={after}'}")
                listed |= {(one["name"], one["unit"], one["category"], one["use"]) for one in page["items"]}
                after = page["next"]
            standing = self._books.standing(area, day)
            true = {(place.name, stood.unit, stood.category, stood.use) for place, stood in standing}
            self._same(f"premises of {area} on {day}", listed, true)

    async def _people(self, area: str, day: date) -> None:
        held = (await self._get(f"/posts?unit={area}&as_of={day}&limit=100"))["items"]
        self._same(f"posts of {area} on {day}", {one["person"] for one in held}, self._books.workers(area, day))
        answer = await self._year.call("GET", f"/composition?area={area}&as_of={day}", who="admin")
        roles = {one["kind"]: one["people"] for one in answer.json()["by_role"]}
        self._same(f"the staff of {area} on {day}", roles, self._books.staff(area, day))
        needs = (await self._get(f"/coverage?area={area}&as_of={day}&limit=1"))["needs"]
        covered = {one["kind"]: (one["units"], one["lacking"]) for one in needs if one["kind"] != "community"}
        self._same(f"coverage of {area} on {day}", covered, self._books.covered(area, day))

    async def _summary(self, area: str, month: str) -> None:
        first = date.fromisoformat(f"{month}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if area not in self._books.tree(last):
            return
        true = self._books.summed(area, first, last, self._year.hazards)
        numbers = (await self._get(f"/summary?unit={area}&period_name={month}"))["numbers"]
        self._same(f"the summary of {area} in {month}", {name: numbers[name] for name in true}, true)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LOCAL)


def _memory(name: str) -> int:
    """In kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
