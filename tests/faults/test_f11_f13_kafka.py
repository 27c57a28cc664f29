"""F11, F13: the broker dies, is away, forgets how far everybody was; members of a group come and go, or freeze."""

import asyncio
import json
import random
import signal
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from gridgov.cluster.databases import database_url
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.load import Load
from tests.faults.rig import Rig, running_rig
from tests.support.cluster import eventually, process
from tests.support.kafka import require_kafka
from tests.support.ports import free_port
from tests.support.proxy import Proxy

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(500)]
AWAY_SECONDS = 30.0 if ALL else 3.0
ROUNDS = 6
BUSY = {"intake: busy", "dispatch: busy"}
READ_AGAIN_SECONDS = 300.0
WORKERS = ("intake-worker-1", "dispatch-worker-1", "supervision-worker-1")


def proxy(rig: Rig) -> Proxy:
    assert rig.kafka is not None
    return rig.kafka


def slowest(load: Load, first: int) -> float:
    """p99 in ms of the reports answered since the `first`."""
    taken = sorted(load.seconds[first:])
    return taken[int(len(taken) * 0.99)] * 1000


@pytest.mark.fault("F11", "the broker killed with -9, then away", short=True)
def test_intake_takes_reports_while_there_is_no_broker(rig: Rig, figures: Figures, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    with rig.load(tmp_path, seed) as load:
        load.wait_acked(150 if ALL else 50)
        before, first = slowest(load, 0), len(load.seconds)
        for _ in range(3 if ALL else 1):
            broker = rig.signal("kafka-1", signal.SIGKILL)
            assert eventually(lambda broker=broker: rig.part("kafka-1")["pid"] not in (0, broker["pid"]), 60)
            time.sleep(chance.uniform(0.5, 3.0))
        proxy(rig).down()
        time.sleep(AWAY_SECONDS)
        assert rig.query("intake", "SELECT count(*) FROM intake.outbox")[0][0] > 0, "the fault did not happen"
        proxy(rig).heal()
        during = slowest(load, first)
    verdict = rig.verdict(load)
    figures.note(
        acked=verdict.acked, p99_before_ms=before, p99_during_ms=during, longest_gap_s=load.longest_gap,
        settled_s=verdict.settled,
    )  # fmt: skip
    assert set(load.refused) <= BUSY, f"requests were refused because of the broker: {load.refused}"


@pytest.mark.fault("F11", "every group set back to the start of its topics")
def test_reading_everything_from_the_start_changes_nothing(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    with rig.load(tmp_path, seed) as load:
        load.wait_acked(50)
        orders = rig.query("dispatch", "SELECT count(*) FROM dispatch.work_orders")[0][0]
        for name in WORKERS:
            rig.signal(name, signal.SIGSTOP)  # nobody may be in a group whose offsets are moved
        asyncio.run(_forget(rig, ["intake", "dispatch", "supervision"]))
        for name in WORKERS:
            rig.kill(name)
    # All that earlier faults published is read again, and that is most of it.
    assert eventually(lambda: not rig.unready(), READ_AGAIN_SECONDS), rig.unready()
    verdict = rig.verdict(load)
    again = rig.metric("dispatch-worker-1", "gridgov_events_repeated_total")
    figures.note(acked=verdict.acked, work_orders_before=orders, repeated=again, settled_s=verdict.settled)
    assert again >= orders, "the fault did not happen: nothing was read again"


async def _forget(rig: Rig, groups: Sequence[str]) -> None:
    """Once nobody is in a group any more, make it go on from the start."""
    async with rig.log() as log:
        for group in groups:
            async with asyncio.timeout(60):
                while await log.members(group):
                    await asyncio.sleep(0.2)
            committed = await log.committed(group)
            spans = await log.spans(sorted({place.topic for place in committed}))
            await log.move(group, {place: spans[place].first for place in committed})


@pytest.mark.fault("F13", "members of dispatch's group join, leave, are killed, and freeze beyond their session")
def test_a_group_whose_members_come_and_go_does_everything_once(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    chance, endings = random.Random(seed), 0
    with rig.load(tmp_path, seed) as load:
        for turn in range(ROUNDS):
            with process("dispatch", "worker", "--metrics-port", str(free_port()), **_member(rig)) as member:
                time.sleep(chance.uniform(3.0, 5.0))
                if turn % 2:
                    member.kill()
                else:
                    member.send_signal(signal.SIGTERM)
                member.wait(15)
                endings += 1
        with process("dispatch", "worker", "--metrics-port", str(free_port()), **_member(rig)):
            time.sleep(chance.uniform(3.0, 4.0))
            frozen = rig.signal("dispatch-worker-1", signal.SIGSTOP)
            time.sleep(7)  # its session is four seconds: its partitions are somebody else's when it wakes
            rig.signal("dispatch-worker-1", signal.SIGCONT)
            load.wait_acked(20)
        assert rig.part("dispatch-worker-1")["pid"] == frozen["pid"], "the frozen member did not survive"
    verdict = rig.verdict(load)
    figures.note(acked=verdict.acked, closed=load.closed, members_gone=endings, settled_s=verdict.settled)


def _member(rig: Rig) -> dict[str, str]:
    return {
        **rig.cluster.environment("dispatch"),
        "DATABASE_URL": database_url(rig.state, "dispatch"),
        "GRIDGOV_KAFKA_SESSION": "4",
    }


@pytest.fixture(scope="module")
def three() -> Iterator[Rig]:
    require_kafka()
    with running_rig(3) as running:
        yield running


@pytest.mark.fault("F11", "of three brokers the one that leads is killed with -9")
def test_three_brokers_go_on_without_their_leader(three: Rig, figures: Figures, seed: int, tmp_path: Path) -> None:
    longest = 0.0
    with three.load(tmp_path, seed) as load:
        load.wait_acked(50)
        for number in random.Random(seed).sample((1, 2, 3), 2):
            broker = three.signal(f"kafka-{number}", signal.SIGKILL)
            load.wait_acked(100)
            begun = time.monotonic()
            last = load.last_acked
            assert eventually(lambda last=last: three.arrived(last), 60), f"a report gets stuck: {three.workers()}"
            longest = max(longest, time.monotonic() - begun)
            assert eventually(
                lambda number=number, broker=broker: three.part(f"kafka-{number}")["pid"] not in (0, broker["pid"]), 60
            )
            assert eventually(lambda: not three.unready(), 60), three.unready()
    verdict = three.verdict(load)
    figures.note(
        acked=verdict.acked, longest_wait_for_an_end_s=longest, longest_gap_s=load.longest_gap,
        settled_s=verdict.settled,
    )  # fmt: skip
    assert set(load.refused) <= BUSY, f"requests were refused because of a broker: {load.refused}"


@pytest.mark.timeout(900)
@pytest.mark.fault("F11", "brokers die and workers freeze while units act in time: none of them is reminded")
def test_nobody_is_reminded_who_acted_in_time(three: Rig, figures: Figures, seed: int, tmp_path: Path) -> None:
    """Limits are of minutes; who tells of what was done stands still until they are over."""
    chance = random.Random(seed)
    limits_of_minutes(three)
    with three.load(tmp_path, seed, rate=8.0) as load:
        for frozen in ("dispatch-worker-1", "supervision-worker-1", "dispatch-worker-1"):
            load.wait_acked(50)
            three.signal(frozen, signal.SIGSTOP)
            three.kill(f"kafka-{chance.randint(1, 3)}")
            time.sleep(chance.uniform(65.0, 80.0))
            three.signal(frozen, signal.SIGCONT)
            assert eventually(lambda: not three.unready(), 90), three.unready()
    verdict = three.verdict(load)
    levels = dict(three.query("supervision", "SELECT thing_id, level FROM supervision.clocks WHERE name = 'accept'"))
    in_time = three.query(
        "dispatch",
        "SELECT id FROM dispatch.work_orders WHERE accept_ended_at < accept_warn_at AND accept_state = 'fulfilled'",
    )
    steps = sum(levels.values())
    figures.note(acked=verdict.acked, steps=steps, acted_in_time=len(in_time), settled_s=verdict.settled)
    assert [row["id"] for row in in_time if levels[row["id"]]] == []
    assert steps > 100, "the fault did not happen: nothing came due"
    assert len(in_time) > 50, "the fault did not happen: nobody acted"


def limits_of_minutes(rig: Rig) -> None:
    """A catalogue that is in force from now on: one minute to accept, two to resolve."""
    (row,) = rig.query("dispatch", "SELECT data FROM dispatch.catalogues ORDER BY effective_from DESC LIMIT 1")
    data = json.loads(row["data"])
    data["version"] = "zz-minutes"
    for rule in data["rules"]:
        rule |= {"accept": "1m", "resolve": "2m"}
    rig.query(
        "dispatch",
        "INSERT INTO dispatch.catalogues VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING",
        data["version"],
        date.fromisoformat(data["effective_from"]),
        json.dumps(data),
    )
