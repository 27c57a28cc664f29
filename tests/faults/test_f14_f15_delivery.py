"""F14, F15: events come three times in any order between keys, and older ones after newer ones."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from gridgov.local.postgres import BlockingPostgres
from services.manifest import SERVICES
from services.registry.summary.period import Length, period_of
from shared.auth.principal import Role
from shared.bus.port import Bus, Consumer, Message, Record
from shared.clock import local_day
from shared.events import topics
from tests.faults import in_process
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.in_process import Ground, at_work, audited, eventually, letters, reporting
from tests.faults.lives import alike, end_state, lives, told
from tests.support.buses import PassingBus, PassingConsumer, shuffled
from tests.support.city import CITY, GRID
from tests.support.databases import fresh_database
from tests.support.gridgov import GridGov

pytestmark = [pytest.mark.timeout(300)]
ground, broker, plain_log = in_process.ground, in_process.broker, in_process.plain_log
ON_KAFKA = pytest.mark.parametrize("ground", ["kafka"], indirect=True)
LIVES = 60 if ALL else 20
EVERYTHING = (topics.UNITS, topics.REPORTS, topics.WORK_ORDERS)


class Again(PassingBus):
    """`bus`, whose readers of the services get every batch two more times, later, with newer ones or without, and each
    time with the keys in another order."""

    def __init__(self, bus: Bus, seed: int) -> None:
        super().__init__(bus)
        self.chance = Random(seed)
        self._later: dict[str, list[Sequence[Record]]] = defaultdict(list)
        self.events = self.deliveries = 0

    async def consumer(self, group: str, names: Sequence[str], member: str) -> Consumer:
        consumer = await self._bus.consumer(group, names, member)
        return _AgainConsumer(consumer, self, self._later[group]) if group in SERVICES else consumer


class _AgainConsumer(PassingConsumer):
    def __init__(self, consumer: Consumer, bus: Again, later: list[Sequence[Record]]) -> None:
        super().__init__(consumer)
        self._bus, self._later = bus, later

    async def fetch(self, *, limit: int, wait: float) -> Sequence[Record]:
        # Slow, so that a batch holds several events of a key.
        await asyncio.sleep(self._bus.chance.uniform(0, 0.2))
        records = await super().fetch(limit=limit, wait=0.01 if self._later else wait)
        old: Sequence[Record] = ()
        if self._later and (not records or self._bus.chance.random() < 0.5):
            old = self._later.pop(self._bus.chance.randrange(len(self._later)))
        if records:
            self._later += [records, records]
        self._bus.events += len(records)
        self._bus.deliveries += len(records) + len(old)
        return shuffled([*records, *old], self._bus.chance)


async def lived(ground: Ground, platform: GridGov) -> None:
    """All lives, and then a month in which the watch takes the steps of those that nobody cared for."""
    async with at_work(platform):
        await lives(platform, LIVES)
    platform.clock.advance(timedelta(days=30))
    async with at_work(platform):
        await eventually(lambda: nothing_due(ground, platform))


async def nothing_due(ground: Ground, platform: GridGov) -> bool:
    """No step of a clock waits, and each length of a summary has its period that ended last: both come by themselves."""
    now = platform.clock.now()
    if await ground.fetch("SELECT FROM supervision.clocks WHERE next_at <= $1", now):
        return False
    made = await ground.fetch("SELECT length, max(last) AS last FROM registry.summaries GROUP BY length")
    ended_last = {length: period_of(length, local_day(now)).before.last for length in Length}
    return {row["length"]: row["last"] for row in made} == ended_last


@dataclass(frozen=True, slots=True)
class Ended:
    """Every row, every event that was told, and how many events took effect, each once for each service it concerns."""

    rows: dict[str, list[str]]
    told: dict[str, list[str]]
    effects: int


async def ended(platform: GridGov) -> Ended:
    value = platform.metrics.registry.get_sample_value
    effects = sum(value("gridgov_events_handled_total", {"group": group}) or 0 for group in SERVICES)
    return Ended(await end_state(platform), await told(platform), int(effects))


@pytest.fixture(scope="module")
def calm(migrated_server: BlockingPostgres, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A ground on which nothing is disturbed."""
    with fresh_database(migrated_server) as name:
        yield Ground(migrated_server, name, tmp_path_factory.mktemp("calm"))


@pytest.fixture(scope="module")
async def undisturbed(calm: Ground) -> AsyncIterator[Ended]:
    """How the lives end where each event comes once."""
    async with calm.platform() as platform:
        await lived(calm, platform)
        yield await ended(platform)


async def everything_three_times(ground: Ground, figures: Figures, seed: int, undisturbed: Ended) -> None:
    buses: list[Again] = []

    def around(bus: Bus) -> Bus:
        buses.append(Again(bus, seed))
        return buses[0]

    async with ground.platform(around) as platform:
        await lived(ground, platform)
        (bus,) = buses
        assert bus.deliveries == 3 * bus.events > 0, "not everything came three times"
        found = await ended(platform)
        alike(found.rows, undisturbed.rows)
        alike(found.told, undisturbed.told)
        assert found.effects == undisturbed.effects, "an event took effect twice, or not at all"
        assert await letters(ground) == []
        await audited(ground, platform)
    rows = sum(map(len, found.rows.values()))
    figures.note(lives=LIVES, events=bus.events, deliveries=bus.deliveries, effects=found.effects, rows_compared=rows)


@pytest.mark.fault("F14", "every event three times, shuffled between keys", short=True)
async def test_everything_three_times_comes_to_the_same_byte_for_byte(
    ground: Ground, figures: Figures, seed: int, undisturbed: Ended
) -> None:
    await everything_three_times(ground, figures, seed, undisturbed)


@pytest.mark.kafka
@pytest.mark.fault("F14", "every event three times, on Kafka")
@ON_KAFKA
async def test_on_kafka_it_comes_to_the_same_too(
    ground: Ground, figures: Figures, seed: int, undisturbed: Ended
) -> None:
    await everything_three_times(ground, figures, seed, undisturbed)


WENT_BACK = """
    CREATE TABLE public.went_back (what text, was int, became int);
    CREATE FUNCTION public.note_back() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO public.went_back
            VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, OLD.version, NEW.version); RETURN NEW; END $$;
"""
VERSIONED = (
    "intake.units", "dispatch.units", "supervision.units", "intake.reports", "dispatch.work_orders",
    "supervision.things", "supervision.clocks",
)  # fmt: skip


async def renamed(platform: GridGov, code: str, name: str) -> None:
    """The registry states a unit anew: one version more."""
    facts = asdict(next(unit for unit in CITY.units if unit.code == code))
    body = {**facts, "name": name, "valid_from": "2020-01-01", "why": "更名"}
    headers = platform.caller(Role.ADMIN)
    seen = await platform.clients["registry"].get(f"/units/{code}", headers=headers)
    answer = await platform.clients["registry"].put(
        f"/units/{code}",
        json={field: value for field, value in body.items() if field != "code"},
        headers={**headers, "if-match": seen.headers["etag"]},
    )
    assert answer.status_code == 200, answer.text


async def stale_after_newer(ground: Ground, figures: Figures, seed: int) -> None:
    """What is sent again keeps its event ids, but every service has forgotten that it took them: nothing is left to
    tell old from new but the versions."""
    async with ground.platform() as platform:
        async with at_work(platform):
            await lives(platform, LIVES)
            for n in range(3):
                await renamed(platform, GRID, f"星湖社区第{n}网格")
        before = await end_state(platform, of="life-")
        units = [row for table, rows in (await end_state(platform)).items() if table.endswith(".units") for row in rows]
        watched = "; ".join(
            f"CREATE TRIGGER back BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NEW.version < OLD.version)"
            " EXECUTE FUNCTION public.note_back()"
            for table in VERSIONED
        )
        await ground.run(WENT_BACK, watched)
        records = list(await platform.records(*EVERYTHING))
        again = stale(records, Random(seed))
        ids = ", ".join(f"'{record.headers['ce_id']}'" for record in records)
        async with at_work(platform), reporting(platform, seed=seed) as residents:
            for service in ("intake", "dispatch", "supervision"):
                await ground.run(f"DELETE FROM {service}.processed_events WHERE event_id IN ({ids})")
            producer = await platform.bus.producer("again")
            for first in range(0, len(again), 50):
                await producer.send(again[first : first + 50])
            await producer.close()
            await residents.reached(5)
        assert await ground.fetch("SELECT * FROM public.went_back") == []
        alike(await end_state(platform, of="life-"), before)
        after = await end_state(platform)
        assert [row for table, rows in after.items() if table.endswith(".units") for row in rows] == units
        assert await letters(ground) == []
        checked = await audited(ground, platform, residents.acked)
    figures.note(acked=len(residents.acked), stale_events=len(again), events=checked["events"])


def stale(records: Sequence[Record], chance: Random) -> list[Message]:
    """All of `records`, the newest of each key first, shuffled between keys."""
    backwards = shuffled(list(reversed(records)), chance)
    return [Message(record.topic, record.key or "", record.value, record.headers) for record in backwards]


@pytest.mark.fault("F15", "older events again after newer ones, nobody knows their ids", short=True)
async def test_nothing_goes_back_for_an_event_that_is_older(ground: Ground, figures: Figures, seed: int) -> None:
    await stale_after_newer(ground, figures, seed)


@pytest.mark.kafka
@pytest.mark.fault("F15", "older events again after newer ones, on Kafka")
@ON_KAFKA
async def test_nor_on_kafka(ground: Ground, figures: Figures, seed: int) -> None:
    await stale_after_newer(ground, figures, seed)
