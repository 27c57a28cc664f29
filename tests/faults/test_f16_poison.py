"""F16: what no service can take lies beside its neighbours in the topics, while reports come in."""

import json
from collections import Counter

import pytest

from gridgov.operations import dead_letters as dead
from shared.bus.port import Record
from shared.events import topics
from shared.ids import new_id
from tests.faults import in_process
from tests.faults.figures import Figures
from tests.faults.in_process import Ground, at_work, audited, eventually, letters, reporting, the_order, violations
from tests.support.city import CIVIL
from tests.support.gridgov import GridGov

pytestmark = [pytest.mark.timeout(300)]
ground, broker, plain_log = in_process.ground, in_process.broker, in_process.plain_log
BREAK = """
    CREATE FUNCTION dispatch.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'broken for 低保'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON dispatch.work_orders FOR EACH ROW WHEN (NEW.text LIKE '%低保%')
        EXECUTE FUNCTION dispatch.refuse()
"""
MEND = "DROP TRIGGER refuse ON dispatch.work_orders"
TOO_LARGE = """
    INSERT INTO intake.outbox (topic, key, headers, value, at)
    VALUES ($1, 'huge', $2, convert_to(repeat('x', $3), 'UTF8'), now())
"""
HUGE = 10_000_000
SUBMITTED, OPENED, UNIT = "gridgov.report.submitted.v1", "gridgov.work_order.opened.v1", "gridgov.unit.changed.v1"
READERS = {
    SUBMITTED: ("intake",),
    OPENED: ("intake", "supervision"),
    UNIT: ("intake", "dispatch", "supervision"),
}
"""Who reads which event, and so must dead_letter what looks like it. What says that it is about a report alone registry
passes over unread."""
OF_TOPIC = {
    topics.REPORTS: ("intake", "dispatch", "registry"),
    topics.WORK_ORDERS: ("intake", "registry", "supervision"),
    topics.UNITS: READERS[UNIT],
}
"""Who reads which topic, and so must dead_letter what does not say what it is, or in words that came later."""


def spoilt(record: Record) -> dict[str, tuple[str | None, bytes | None, dict[str, str]]]:
    """Copies of a good record, each spoilt in one way: the reason it must become a dead letter for, key, value and headers."""
    key, value, kind = record.key, record.value, record.headers["ce_type"]

    def headers(**changed: str | None) -> dict[str, str]:
        named = {**record.headers, "ce_id": str(new_id()), **changed}
        return {name: text for name, text in named.items() if text is not None}

    return {
        f"data of {kind} does not fit: body": (key, b"\xff not JSON", headers()),
        "a version of this event that is not known here": (key, value, headers(ce_type=kind.replace("v1", "v2"))),
        "ce_id is missing or no UUID": (key, value, headers(ce_id=None)),
        "no key: its order cannot be kept": (None, value, headers()),
        "no value": (key, None, headers()),
        "no ce_type header": (key, value, headers(ce_type=None)),
    }


async def poison_among_good(ground: Ground, figures: Figures, seed: int) -> None:
    """Three reports whose handler always fails, and every kind of poison; then the cause is mended."""
    async with ground.platform() as platform:
        await platform.reported("星湖社区井盖", "before")
        samples = {
            record.headers["ce_type"]: record
            for record in await platform.records(topics.REPORTS, topics.WORK_ORDERS, topics.UNITS)
        }
        await ground.run(BREAK)
        async with at_work(platform), reporting(platform, seed=seed) as residents:
            expected: Counter[tuple[str, str]] = Counter()
            for kind, readers in READERS.items():
                for reason, (key, value, headers) in spoilt(samples[kind]).items():
                    if key is None and kind == UNIT and ground.kafka:
                        continue  # Kafka itself takes nothing without a key into a compacted topic
                    await ground.write_as_stranger(samples[kind].topic, key, value, headers)
                    takers = OF_TOPIC[samples[kind].topic] if _of_all(kind, reason) else readers
                    expected.update((reader, reason) for reader in takers)
                await residents.reached(2)
            triaged = {**samples[SUBMITTED].headers, "ce_id": str(new_id()), "ce_type": "gridgov.report.triaged.v1"}
            await ground.write_as_stranger(topics.REPORTS, "k", samples[SUBMITTED].value, triaged)
            missing = "title, text, unit, place_method, place_confidence"
            expected["dispatch", f"data of {triaged['ce_type']} does not fit: {missing}"] += 1
            await ground.fetch(TOO_LARGE, topics.REPORTS, json.dumps({**triaged, "ce_id": str(new_id())}), HUGE)
            expected["intake", "too large for the bus"] += 1
            refused = [(await platform.report("映霞社区办理低保", f"refused-{n}")).json()["id"] for n in range(3)]
            await eventually(lambda: all_dead_lettered(ground, sum(expected.values()) + len(refused)))
            await residents.reached(5)

        found = await letters(ground)
        broken = [letter for letter in found if letter.record.key in refused]
        assert {letter.record.key for letter in broken} == set(refused)
        assert all(letter.reason.startswith("sqlalchemy.exc.DBAPIError at ") for letter in broken)
        assert Counter((letter.service, letter.reason) for letter in found if letter not in broken) == expected
        # The neighbours have all they should have; of those refused the audit says so, and of nothing else.
        lacking, _ = await violations(ground, platform, residents.acked)
        assert {(one.invariant, one.id) for one in lacking} == {(4, report) for report in refused}

        await ground.run(MEND)
        async with at_work(platform), reporting(platform, seed=seed + 100) as others:
            await deal_with(ground, platform, found, broken)
            for report in refused:
                assert (await the_order(platform, report))["lead_unit"] == CIVIL
            await others.reached(3)
        assert await letters(ground) == []
        checked = await audited(ground, platform, residents.acked)
        assert checked["work_orders"] >= len(residents.acked) + len(others.acked) + len(refused)
    figures.note(acked=len(residents.acked), dead_letters=len(found), replayed=len(broken), offsets=checked["offsets"])


def _of_all(kind: str, reason: str) -> bool:
    """A later version is read by those who read this one, and by registry, which passes over none that it does not know."""
    return "ce_type" in reason or (kind == OPENED and "a version" in reason)


async def all_dead_lettered(ground: Ground, count: int) -> bool:
    return len(await letters(ground)) >= count


async def deal_with(ground: Ground, platform: GridGov, found: list[dead.Letter], broken: list[dead.Letter]) -> None:
    """As `gridgov dlq replay` and `gridgov dlq discard` do."""
    producer = await platform.bus.producer("operator")
    for letter in found:
        now = platform.clock.now()
        if letter in broken:
            await dead.send_again(letter, producer, dead.mark("replayed", at=now, by="operator"))
        else:
            await dead.put_mark(letter, producer, dead.mark("discarded", at=now, by="operator", why="poison"))
    await producer.close()


@pytest.mark.fault("F16", "poison of every kind, and a handler that always fails", short=True)
async def test_poison_is_put_aside_with_its_cause_and_nobody_beside_it_notices(
    ground: Ground, figures: Figures, seed: int
) -> None:
    await poison_among_good(ground, figures, seed)


@pytest.mark.kafka
@pytest.mark.fault("F16", "poison of every kind, on Kafka")
@pytest.mark.parametrize("ground", ["kafka"], indirect=True)
async def test_and_so_it_is_on_kafka(ground: Ground, figures: Figures, seed: int) -> None:
    await poison_among_good(ground, figures, seed)
