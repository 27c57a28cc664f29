"""A real Kafka for tests: one broker per test session, shared by its xdist workers, gone when the session is.

Without Java or the broker's jars the tests that need it fail where CI is set, and are skipped by name elsewhere.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from gridgov.local.errors import ProgramMissing
from gridgov.local.kafka import programs
from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.locks import waiting
from gridgov.local.processes import started_at


def require_kafka() -> None:
    """Return when a broker could be started here."""
    try:
        programs.find()
    except ProgramMissing as missing:
        not_run(missing.line, in_ci=bool(os.environ.get("CI")))


def not_run(reason: str, *, in_ci: bool) -> NoReturn:
    """In CI a missing Kafka is a failure; on a user's machine the test is reported as not run, with the reason."""
    if in_ci:
        pytest.fail(reason, pytrace=False)
    pytest.skip(f"not run: {reason}")


@contextmanager
def running_kafka(directory: Path, brokers: int = 1) -> Iterator[LocalKafka]:
    """Brokers of one's own, for tests that kill them."""
    require_kafka()
    with LocalKafka(directory, brokers) as kafka:
        yield kafka


@contextmanager
def shared_kafka(base: Path) -> Iterator[LocalKafka]:
    """The broker of the session: the first worker that needs it starts it, and it ends with the main process."""
    require_kafka()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with LocalKafka(base / "kafka") as kafka:
            yield kafka
        return
    session = os.getppid()
    kafka = LocalKafka(base.parent / "kafka", owner=(session, started_at(session) or ""))
    with waiting(base.parent / "kafka.lock"):
        kafka.start()
    yield kafka


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """The session's broker; `bootstrap` says where. Shared: give topics and groups names of your own."""
    with shared_kafka(tmp_path_factory.getbasetemp()) as kafka:
        yield kafka
