"""(i) The county of document 6, 3,086 groups to 1,463, restructured from its workbook while somebody reads."""

import asyncio
import json
from collections.abc import Callable
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from services.dispatch.schema import units as projected
from services.registry.audit import aggregates
from services.registry.city.import_city import import_city
from services.registry.premises.kinds import Category
from services.registry.premises.premises import About, enter
from services.registry.premises.store import Ledger
from services.registry.restructuring.draft_plan import send_plan
from services.registry.restructuring.import_sheet import import_plan
from services.registry.restructuring.owned import OWNED
from services.registry.restructuring.preview import preview
from services.registry.restructuring.sheet import PLAN
from services.registry.restructuring.sheet_api import MOST
from services.registry.restructuring.watch import RestructuringWatch
from services.registry.schema import tables
from services.registry.units.reading import TreeReader
from services.registry.units.table import successions
from shared.auth.principal import Principal, Role
from shared.bus.batch import Batch
from shared.bus.port import Record
from shared.change import Actor
from shared.clock import SetClock, local_day
from shared.db.engine import open_engine
from shared.db.unit_of_work import Database, UnitOfWork
from shared.events.catalog import BY_TYPE
from shared.events.codec import decode
from shared.events.registry.restructuring import UnitsRestructured
from shared.events.registry.units import UnitChanged
from shared.ids import new_id
from shared.sheets.taking import Sent
from shared.trail.verify import verify
from shared.units.projection import UnitProjection
from shared.units.succession import SuccessionWatch
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, Outcome
from tests.conftest import NOON
from tests.support.county import COUNTY, LABELS, county, scaled

BY = Actor("bench", "service")
Uow = Callable[[], UnitOfWork]


def run(ground: Ground) -> Outcome:
    labels = scaled(1) if ground.quick else LABELS
    premises = ground.size(15_000, 1_000)
    url = ground.postgres().url_of(ground.database("registry", "dispatch"))
    figures = asyncio.run(_measure(ground, url, labels, premises))
    outcome = Outcome(
        compares="a workbook of all groups is imported, looked at, sent and applied, while another reads the tree",
        on=f"{sum(one.before for one in labels):,} groups with a grid worker each and {premises:,} premises; PostgreSQL durable; one process",
    )
    outcome.add("fewer groups", figures["percent"], "%")
    outcome.add("workbook to draft", figures["import"], "s")
    outcome.add("preview", figures["preview"], "s")
    outcome.add("applied: units and posts", figures["apply"], "s", Aim(most=60))
    outcome.add("longest read of the tree meanwhile", figures["read"], "s", Aim(most=1))
    outcome.add("premises followed", figures["follow"], "s")
    outcome.add("longest read meanwhile", figures["read follow"], "s", Aim(most=1))
    outcome.add("another service's projection", figures["project"], "s")
    outcome.add("longest read there meanwhile", figures["read project"], "s", Aim(most=1))
    return outcome


async def _measure(ground: Ground, url: str, labels: tuple, premises: int) -> dict[str, float]:
    engine, clock = open_engine(url, service="bench"), SetClock(NOON)

    def uow() -> UnitOfWork:
        return UnitOfWork(Database(engine, tables, clock))

    try:
        return await _figures(ground, engine, uow, labels, premises)
    finally:
        await engine.dispose()


async def _figures(ground: Ground, engine: AsyncEngine, uow: Uow, labels: tuple, premises: int) -> dict[str, float]:
    city, rows = county(labels)
    ground.say("building the county")
    async with uow() as work:
        await import_city(city, work, by=BY)
    groups = [unit for unit in city.units if unit.kind == "grid"]
    for start in range(0, premises, 500):
        async with uow() as work:
            for at in range(start, min(start + 500, premises)):
                unit = groups[at % len(groups)]
                about = About(f"店{at}", Category.SHOP, unit.code, f"路{at}号")
                street = unit.code.rsplit("-", 2)[0]
                Ledger.of(work).add(enter(new_id(), f"C{at}", street, about, by=BY, now=work.now, why=None))
    async with engine.begin() as connection:
        await connection.execute(sa.delete(tables.outbox))
    found: dict[str, float] = {}
    caller = Principal("keeper", Role.ADMIN, COUNTY)
    content = await asyncio.to_thread(PLAN.export, rows)
    began = perf_counter()
    sent = await asyncio.to_thread(Sent.of, PLAN, content, MOST)
    async with uow() as work:
        plan = await import_plan(sent, local_day(work.now), "整合优化", caller, work)
    found["import"] = perf_counter() - began
    began = perf_counter()
    async with uow() as work:
        shown = await preview(plan, caller, work)
    found["preview"] = perf_counter() - began
    found["percent"] = float(shown.kinds[0].percent or 0)
    async with uow() as work:
        await send_plan(plan.id, 1, caller, work)

    async def read() -> None:
        async with uow() as work:
            await TreeReader(work, None).tree(COUNTY, 2)

    found["apply"], found["read"] = await _while_reading(RestructuringWatch(uow).look, read)
    watch = SuccessionWatch(uow, successions, OWNED, service="registry")

    async def follow() -> None:
        while await watch.look():
            await asyncio.sleep(0)

    found["follow"], found["read follow"] = await _while_reading(follow, read)
    async with engine.connect() as connection:
        assert (await verify(connection, tables, aggregates)).violations == ()
        sent = (await connection.execute(sa.select(tables.outbox).order_by(tables.outbox.c.id))).all()
    found["project"], found["read project"] = await _project(engine, uow, [*sent])
    return found


async def _project(engine: AsyncEngine, uow: Uow, rows: list[sa.Row]) -> tuple[float, float]:
    """The events of the restructuring, kept as dispatch's consumer does, 400 at a time."""

    projection = UnitProjection(projected)
    classes = {kind: BY_TYPE[kind] for kind in (UnitChanged.type, UnitsRestructured.type)}
    records = [Record(row.topic, 0, row.id, row.key, row.value, json.loads(row.headers), row.at) for row in rows]
    envelopes = [envelope for record in records if (envelope := decode(record, classes)) is not None]

    async def keep() -> None:
        for start in range(0, len(envelopes), 400):
            some = envelopes[start : start + 400]
            changed = [one for one in some if isinstance(one.event, UnitChanged)]
            parts = [one for one in some if isinstance(one.event, UnitsRestructured)]
            async with uow() as work:
                if changed:
                    await projection.keep(Batch(changed), work)
                if parts:
                    await projection.restructure(Batch(parts), work)

    async def read() -> None:
        async with engine.connect() as connection:
            await projection.tree(connection)

    return await _while_reading(keep, read)


async def _while_reading(work: Callable, read: Callable) -> tuple[float, float]:
    """How long the work took, and the longest read beside it, each in seconds."""
    began, longest = perf_counter(), 0.0
    doing = asyncio.create_task(work())
    while not doing.done():
        asked = perf_counter()
        await read()
        longest = max(longest, perf_counter() - asked)
        await asyncio.sleep(0.02)
    await doing
    return perf_counter() - began, longest
