"""Real Kafka without Docker: it keeps its data, dies with its owner, and `stop` ends only what was started."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from typer.testing import CliRunner

from gridgov.cli.kafka import app
from gridgov.local.errors import AlreadyRunning, ProgramMissing, StateBroken
from gridgov.local.kafka import programs
from gridgov.local.kafka.local_broker import Broker, KafkaFailed, LocalKafka
from gridgov.local.kafka.probe import brokers_seen_by
from gridgov.local.kafka.settings import Node
from gridgov.local.processes import started_at
from tests.support.kafka import not_run, require_kafka, running_kafka

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def java() -> None:
    require_kafka()


def eventually(holds: Callable[[], object], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


async def write(bootstrap: str, topic: str, value: bytes, copies: int = 1) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, copies)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    await producer.send_and_wait(topic, value)
    await producer.stop()


async def read(bootstrap: str, topic: str) -> Any:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        return (await asyncio.wait_for(consumer.getone(), 30)).value
    finally:
        await consumer.stop()


async def topics(bootstrap: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return list(await admin.list_topics())
    finally:
        await admin.close()


def test_data_and_ports_outlast_stop_and_kill(tmp_path: Path) -> None:
    with running_kafka(tmp_path / "kafka") as kafka:
        first = kafka.bootstrap
        asyncio.run(write(first, "kept", b"114"))
        kafka.kill(1)
        assert brokers_seen_by(kafka.brokers()[0].node.port) == set()
        kafka.restart(1)
        assert asyncio.run(read(first, "kept")) == b"114"
        assert programs.find().classes.exists(), "the next start reads every class anew"
    assert not any(broker.running() for broker in kafka.brokers())
    with LocalKafka(tmp_path / "kafka") as again:
        assert again.bootstrap == first
        assert asyncio.run(read(first, "kept")) == b"114"


def test_of_three_brokers_one_may_be_killed_and_come_back(tmp_path: Path) -> None:
    with running_kafka(tmp_path / "kafka", brokers=3) as kafka:
        asyncio.run(write(kafka.bootstrap, "kept", b"114", copies=3))
        kafka.kill(2)
        left = kafka.brokers()[0].node.port
        assert eventually(lambda: brokers_seen_by(left) == {1, 3})
        assert asyncio.run(read(kafka.bootstrap, "kept")) == b"114"
        kafka.restart(2)
        assert eventually(lambda: brokers_seen_by(left) == {1, 2, 3})


def test_a_killed_owner_leaves_no_broker(tmp_path: Path, java: None) -> None:
    code = "import sys; from pathlib import Path; from gridgov.local.kafka.local_broker import LocalKafka\n"
    code += "print(LocalKafka(Path(sys.argv[1])).start(), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as owner:  # fmt: skip
        assert owner.stdout is not None
        assert owner.stdout.readline().startswith("127.0.0.1:")
        broker = LocalKafka(tmp_path).brokers()[0]
        assert broker.running()
        owner.kill()
    assert eventually(lambda: not broker.running())


@pytest.fixture
def command(tmp_path: Path, java: None) -> Iterator[Callable[..., Any]]:
    runner = CliRunner()

    def run(*arguments: str) -> Any:
        return runner.invoke(app, [*arguments, "--dir", str(tmp_path / "kafka")])

    yield run
    run("stop")


def test_the_command_starts_once_shows_and_stops(command: Callable[..., Any], tmp_path: Path) -> None:
    assert command("status").exit_code == 1
    started = command("start", "--json")
    assert started.exit_code == 0, started.stderr
    first = json.loads(started.stdout)
    assert first["brokers"][0]["answers"]
    again = json.loads(command("start", "--json").stdout)
    assert again == first
    assert f"GRIDGOV_KAFKA={first['bootstrap']} make up" in command("start").stdout
    assert json.loads(command("status", "--json").stdout) == first
    other = command("start", "--brokers", "3")
    assert other.exit_code == 1
    assert len(other.stderr.splitlines()) == 1
    assert asyncio.run(topics(first["bootstrap"])) == []
    log = tmp_path / "kafka" / "broker-1" / "kafka.log"
    assert "INFO" in log.read_text()
    assert json.loads(command("stop", "--json").stdout)["stopped"] == 1
    assert started_at(first["brokers"][0]["pid"]) is None
    assert json.loads(command("stop", "--json").stdout)["stopped"] == 0
    assert command("status").exit_code == 1


def test_stop_leaves_a_stranger_alone_that_has_the_pid_of_a_broker(tmp_path: Path) -> None:
    kafka = LocalKafka(tmp_path)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        kafka._record([Broker(Node(1, 20001, 20002), stranger.pid, "another start")])
        assert kafka.stop() == 0
        assert stranger.poll() is None
        kafka._record([Broker(Node(1, 20001, 20002), stranger.pid, str(started_at(stranger.pid)))])
        assert kafka.stop() == 1
        assert stranger.wait() == -signal.SIGTERM


def test_a_broken_record_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "cluster.json").write_text('{"brokers": [{}]}')
    with pytest.raises(StateBroken, match="move"):
        LocalKafka(tmp_path).brokers()
    said = CliRunner().invoke(app, ["status", "--dir", str(tmp_path)])
    assert said.exit_code == 1
    assert len(said.stderr.splitlines()) == 1


def test_another_number_of_brokers_is_refused(tmp_path: Path, java: None) -> None:
    kafka = LocalKafka(tmp_path, brokers=3)
    kafka._record([Broker(Node(1, 20001, 20002))])
    with pytest.raises(AlreadyRunning, match="--brokers 1"):
        kafka.start()


def test_without_java_the_line_names_java(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="Java 17") as missing:
        programs.find({"PATH": str(tmp_path)})
    assert "Java 17" in missing.value.zh


def test_an_old_java_is_as_good_as_none(tmp_path: Path) -> None:
    script(tmp_path / "java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2")
    with pytest.raises(ProgramMissing, match="Java 17"):
        programs.find({"PATH": str(tmp_path)})


def test_without_maven_or_with_a_maven_that_fails_the_line_says_so(tmp_path: Path) -> None:
    script(tmp_path / "java", "echo 'openjdk version \"17.0.1\" 2021-10-19' >&2")
    environ = {"PATH": str(tmp_path), "GRIDGOV_CACHE": str(tmp_path / "cache")}
    with pytest.raises(ProgramMissing, match="Maven"):
        programs.find(environ)
    script(tmp_path / "mvn", "echo '[ERROR] unknown host'; exit 1")
    with pytest.raises(ProgramMissing, match="unknown host"):
        programs.find(environ)
    assert not programs.jars_folder(environ).exists()


def test_jars_are_resolved_once(tmp_path: Path) -> None:
    script(tmp_path / "java", "echo 'openjdk version \"17.0.1\" 2021-10-19' >&2")
    script(
        tmp_path / "mvn",
        f'echo ran >> {tmp_path}/runs; for a; do case "$a" in -DoutputDirectory=*) d="${{a#*=}}"; esac; done; '
        f'{shutil.which("mkdir")} -p "$d"; : > "$d/kafka_2.13.jar"',
    )
    environ = {"PATH": str(tmp_path), "GRIDGOV_CACHE": str(tmp_path / "cache")}
    assert programs.find(environ) == programs.find(environ)
    assert (tmp_path / "runs").read_text() == "ran\n"


@pytest.fixture
def found(tmp_path: Path) -> programs.Programs:
    """A Java that takes what it is given: a test says otherwise by another script."""
    script(tmp_path / "java", "exit 0")
    return programs.Programs(str(tmp_path / "java"), tmp_path / "jars", tmp_path / "jars.jsa")


def keeps(_: Path, java: tuple[str, ...]) -> None:
    """A broker that keeps its classes where its option says."""
    (option,) = java
    Path(option.partition("=")[2]).write_text("classes")


def test_classes_are_kept_once_and_every_broker_starts_with_them(found: programs.Programs) -> None:
    assert found.command("Main") == [found.java, "-cp", f"{found.jars}/*", "Main"]
    found.learn(keeps)
    assert found.classes.read_text() == "classes"
    assert f"-XX:SharedArchiveFile={found.classes}" in found.command("Main")
    found.learn(lambda *_: pytest.fail("learned twice"))
    assert {path.name for path in found.classes.parent.iterdir()} == {"java", "jars.jsa", "lock"}


def test_classes_that_java_does_not_take_are_not_used_and_not_asked_for_again(
    found: programs.Programs, tmp_path: Path
) -> None:
    script(tmp_path / "java", 'case "$*" in *-Xshare:on*) kill -ABRT $$;; esac')
    found.learn(keeps)
    assert found.classes.read_text() == ""
    assert found.command("Main") == [found.java, "-cp", f"{found.jars}/*", "Main"]
    found.learn(lambda *_: pytest.fail("asked for again"))


def test_a_java_that_keeps_no_classes_is_used_as_it_is(found: programs.Programs) -> None:
    found.learn(lambda *_: None)
    assert found.command("Main") == [found.java, "-cp", f"{found.jars}/*", "Main"]


def test_where_the_first_broker_fails_the_next_start_tries_again(found: programs.Programs) -> None:
    def fails(directory: Path, _: tuple[str, ...]) -> None:
        directory.mkdir()
        raise StateBroken("坏", "broken")

    with pytest.raises(StateBroken):
        found.learn(fails)
    assert not found.classes.exists()
    found.learn(keeps)
    assert found.classes.read_text() == "classes"


def test_a_broker_that_does_not_start_is_told_of_where_it_was_asked_for(
    found: programs.Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not of the folder in which it was to show its classes, which is gone by then."""
    script(tmp_path / "java", "echo 'ERROR no memory' >&2; exit 1")
    monkeypatch.setattr(programs, "find", lambda: found)
    with pytest.raises(KafkaFailed, match="no memory") as failed:
        LocalKafka(tmp_path / "kafka").start()
    assert str(tmp_path / "kafka" / "broker-1") in failed.value.en
    assert not found.classes.exists()


def test_a_missing_kafka_fails_in_ci_and_is_reported_as_not_run_elsewhere() -> None:
    with pytest.raises(pytest.fail.Exception, match="Java"):
        not_run("needs Java", in_ci=True)
    with pytest.raises(pytest.skip.Exception, match="not run: needs Java"):
        not_run("needs Java", in_ci=False)


def script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
