"""F12: the broker refuses what producers send, having written it or not; or finds it too large."""

import asyncio
import json
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from gridgov.local.kafka.local_broker import LocalKafka
from services.manifest import SERVICES
from shared.bus.kafka.bus import KafkaBus
from shared.bus.layout import MARK
from shared.bus.port import BusUnavailable, Message, MessageTooLarge, Record, TopicSpec
from shared.events.topics import REPORTS, WORK_ORDERS, dead_letters
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.load import Load
from tests.faults.rig import Rig
from tests.support import kafka_proxy as kafka
from tests.support.cluster import COMMAND, ROOT, eventually
from tests.support.kafka_proxy import KafkaProxy

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]
CODES = {
    "NOT_LEADER_OR_FOLLOWER": kafka.NOT_LEADER_OR_FOLLOWER,
    "REQUEST_TIMED_OUT": kafka.REQUEST_TIMED_OUT,
    "OUT_OF_ORDER_SEQUENCE_NUMBER": kafka.OUT_OF_ORDER_SEQUENCE_NUMBER,
    "INVALID_PRODUCER_EPOCH": kafka.INVALID_PRODUCER_EPOCH,
}
SECONDS = 6.0 if ALL else 3.0
CHANCE = 0.7
SHORT = "OUT_OF_ORDER_SEQUENCE_NUMBER"
LETTERS = dead_letters("intake")


def proxy(rig: Rig) -> KafkaProxy:
    assert rig.kafka is not None
    return rig.kafka


def disordered(records: Iterable[Record]) -> list[str]:
    """Keys whose versions, each event at its first telling, do not only grow: none, ever."""
    newest, told, found = dict[str, int](), set[str](), list[str]()
    for record in records:
        if record.headers["ce_id"] in told or record.key == MARK:  # a promise is of no thing, and has no version
            continue
        told.add(record.headers["ce_id"])
        version = json.loads(record.value or b"{}")["version"]
        if version <= newest.get(str(record.key), 0):
            found.append(f"{record.topic} {record.key}: {version} after {newest[str(record.key)]}")
        newest[str(record.key)] = version
    return found


def repeated(records: Iterable[Record]) -> int:
    return sum(count - 1 for count in Counter(record.headers["ce_id"] for record in records).values())


def outboxes_empty(rig: Rig, seconds: float = 60.0) -> float:
    """Seconds until what waits now has been sent; the load goes on, so not all that is there at an instant."""
    begun = time.monotonic()
    for service in SERVICES:
        last = rig.query(service, f"SELECT coalesce(max(id), 0) FROM {service}.outbox")[0][0]

        def sent(service: str = service, last: int = last) -> bool:
            left = rig.query(service, f"SELECT count(*) FROM {service}.outbox WHERE id <= $1", last)
            return not left[0][0]

        assert eventually(sent, seconds), f"the relay of {service} is stuck"
    return time.monotonic() - begun


@contextmanager
def judged(rig: Rig, figures: Figures, tmp_path: Path, seed: int) -> Iterator[Load]:
    """The load runs while the block does; then the verdict, and of the topics the order and what was told twice."""
    twice = repeated([*rig.records(REPORTS), *rig.records(WORK_ORDERS)])
    with rig.load(tmp_path, seed) as load:
        yield load
        figures.note(outbox_empty_s=outboxes_empty(rig))
    verdict = rig.verdict(load)
    reports, orders = rig.records(REPORTS), rig.records(WORK_ORDERS)
    assert disordered(reports) == [] and disordered(orders) == []
    figures.note(
        acked=verdict.acked, longest_gap_s=load.longest_gap, sent_twice=repeated([*reports, *orders]) - twice,
        settled_s=verdict.settled,
    )  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, id=name, marks=pytest.mark.fault("F12", f"producers are told {name}", short=name == SHORT))
        for name, code in CODES.items()
    ],
)
def test_what_the_broker_refused_is_sent_again_in_order(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path, code: int
) -> None:
    with judged(rig, figures, tmp_path, seed):
        told = 0
        for written in (True, False):
            with proxy(rig).errors(code, seed=seed, chance=CHANCE, written=written) as errors:
                time.sleep(SECONDS)
            told += errors.injected
        figures.note(errors=told)


@pytest.mark.fault("F12", "a batch is refused, and another of its partition waits behind it", short=True)
@pytest.mark.parametrize("written", [True, False], ids=["written", "not written"])
def test_no_message_passes_an_older_one_of_its_key(rig: Rig, figures: Figures, seed: int, written: bool) -> None:
    """What is sent in one call fills several batches of one partition, and the first is refused."""
    for code in (*CODES.values(), kafka.MESSAGE_TOO_LARGE):
        topic, filler = f"f12.{uuid4().hex}", random.Random(seed).randbytes(100_000)
        messages = [Message(topic, "one key", b"%d " % i + filler) for i in range(8)]
        with proxy(rig).errors(code, seed=seed, times=1, topic=topic, written=written) as errors:
            asyncio.run(_sent(rig.cluster.kafka, messages))
        found = [int((record.value or b"-1").partition(b" ")[0]) for record in rig.records(topic)]
        assert list(dict.fromkeys(found)) == list(range(8)), (code, found)
        figures.note(errors=figures.noted.get("errors", 0) + errors.injected)


async def _sent(bootstrap: str, messages: list[Message]) -> None:
    """As the relay does: all again until all are taken."""
    bus = KafkaBus(bootstrap)
    try:
        await bus.ensure_topics([TopicSpec(messages[0].topic, 1)])
        producer = await bus.producer("f12")
        async with asyncio.timeout(60):
            while True:
                try:
                    return await producer.send(messages)
                except BusUnavailable:
                    continue
                except MessageTooLarge as refused:
                    raise AssertionError(f"message {refused.index} is not too large") from refused
    finally:
        await bus.close()


@pytest.mark.fault("F12", "producers are told MESSAGE_TOO_LARGE, wrongly and once in a while")
def test_a_good_event_is_no_dead_letter_for_one_wrong_word(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    before, told = len(rig.records(LETTERS)), 0
    with judged(rig, figures, tmp_path, seed) as load:
        for turn in range(6):
            with proxy(rig).errors(kafka.MESSAGE_TOO_LARGE, seed=seed, times=1, written=turn % 2 == 0) as errors:
                load.wait_acked(25)
            outboxes_empty(rig)  # or the next wrong word, too, might be about the event that was refused
            told += errors.injected
        figures.note(errors=told)
    assert len(rig.records(LETTERS)) == before, "good events are dead letters"


@pytest.mark.fault("F12", "intake's relay is told MESSAGE_TOO_LARGE, wrongly, for each of its reports")
def test_events_that_were_refused_for_their_size_come_back_whole(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    before = len(rig.records(LETTERS))
    with judged(rig, figures, tmp_path, seed) as load:
        with proxy(rig).errors(kafka.MESSAGE_TOO_LARGE, seed=seed, topic=REPORTS, written=False) as errors:
            time.sleep(SECONDS)
        load.wait_acked(25)
        outboxes_empty(rig)
        letters = rig.records(LETTERS)[before:]
        dead = {record.headers["ce_id"] for record in letters}
        assert dead, "the fault did not happen: nothing became a dead letter"
        figures.note(errors=errors.injected, dead_letters=len(dead), letters_twice=repeated(letters))
        assert sent_again(rig) == len(dead)


@pytest.mark.fault("F12", "a topic takes less than one of its events: by max.message.bytes")
def test_what_is_too_large_goes_aside_and_all_else_passes(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    """The limit lets every usual event pass, but not a batch of them, nor one long report."""
    chance, before, refused = random.Random(seed), len(rig.records(LETTERS)), Counter(proxy(rig).refused)
    text = "".join(chr(chance.randrange(0x4E00, 0x9F00)) for _ in range(9_000))
    with judged(rig, figures, tmp_path, seed) as load:
        with largest(rig, REPORTS, 2_000):
            report = rig.cluster.report(f"long-{load.run}", text).json()["id"]
            assert eventually(lambda: status(rig, report) == "needs_review"), "nobody is asked where it is"
            triaged(rig, report)
            proxy(rig).down()
            load.wait_acked(200)
            proxy(rig).heal()  # what has gathered is more than one batch may hold
            assert eventually(lambda: len(rig.records(LETTERS)) > before), "the long report is not a dead letter"
            outboxes_empty(rig)
            assert [record.key for record in rig.records(LETTERS)[before:]] == [report], (
                "others became dead letters too"
            )
            assert status(rig, report) == "triaged"
        batches = (proxy(rig).refused - refused)[kafka.MESSAGE_TOO_LARGE]
        assert batches > 2, "the fault did not happen: only the long report was refused, together and alone"
        figures.note(refused_batches=batches, sent_again=sent_again(rig))
    assert status(rig, report) == "dispatched"


def status(rig: Rig, report: str) -> str:
    return str(rig.query("intake", "SELECT status FROM intake.reports WHERE id = $1", report)[0]["status"])


def triaged(rig: Rig, report: str) -> None:
    """By a person, as a report of the load was."""
    (like,) = rig.query("intake", "SELECT unit, category FROM intake.reports WHERE status = 'dispatched' LIMIT 1")
    seen = rig.cluster.http.get(f"/intake/reports/{report}", headers=rig.cluster.caller())
    answer = rig.cluster.http.post(
        f"/intake/reports/{report}/triage",
        json=dict(like), headers=rig.cluster.caller() | {"If-Match": seen.headers["ETag"]},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


def sent_again(rig: Rig) -> int:
    """How many letters `gridgov dlq replay --all` sends again, as its user runs it."""
    ran = subprocess.run(
        [*COMMAND, "dlq", "replay", "--all", "--service", "intake"],
        cwd=ROOT, env={"GRIDGOV_STATE": str(rig.state.path), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0 and "not sent" not in ran.stdout, ran.stdout + ran.stderr
    return int(ran.stdout.split()[1])


@contextmanager
def largest(rig: Rig, topic: str, size: int) -> Iterator[None]:
    """The broker takes for `topic` batches of at most `size` bytes while the block runs."""
    before = asyncio.run(_limited(rig, topic, str(size)))
    try:
        yield
    finally:
        asyncio.run(_limited(rig, topic, before))


async def _limited(rig: Rig, topic: str, size: str) -> str:
    """Returns what it was before. All settings are told again, since Kafka forgets those that it is not told."""
    client = AIOKafkaAdminClient(bootstrap_servers=LocalKafka(rig.state.path / "kafka").bootstrap)
    await client.start()
    try:
        (answer,) = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
        own = {name: value for name, value, _, source, *_ in answer.resources[0][4] if source == 1}
        changed = own | {"max.message.bytes": size}
        (done,) = await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, changed)])
        assert done.resources[0][0] == 0, done
        return str(own["max.message.bytes"])
    finally:
        await client.close()
