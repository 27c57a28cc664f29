"""The embedded form on real Kafka: the same way from a report to its work order, and the same stops."""

import os
import signal
from collections.abc import Iterator

import pytest

from gridgov.local.kafka.local_broker import LocalKafka
from tests.support.embedded import eventually, instance
from tests.support.kafka import running_kafka
from tests.support.postgres import ground
from tests.support.secured_kafka import secured_kafka

pytestmark = pytest.mark.kafka


@pytest.fixture
def broker() -> Iterator[LocalKafka]:
    """One of its own: the platform's topics have fixed names, which other tests on the shared one use too."""
    with ground() as path, running_kafka(path / "k") as kafka:
        yield kafka


def test_the_main_flow_runs_on_kafka_and_outlasts_a_kill(broker: LocalKafka) -> None:
    with ground() as path, instance(path / "s", extra={"GRIDGOV_KAFKA": broker.bootstrap}) as up:
        first = up.start()
        with up.http(up.greeted_token) as client:
            sent = client.post(
                "/intake/reports",
                json={"text": "泉塘街道泉星社区的路灯坏了半个月，请住建部门来修。", "channel": "hotline"},
                headers={"idempotency-key": "on-kafka"},
            )
            assert sent.status_code == 201, sent.text
            query = {"report_id": sent.json()["id"]}
            assert eventually(lambda: client.get("/dispatch/work-orders", params=query).json()["items"])
        replayed = up.replayed("--limit", "50")
        assert replayed["accepted"] == 50
        assert replayed["work_orders"] + sum(replayed["without_work_order"].values()) == 50
        assert up.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'bus'") == [], "the events went over Kafka"
        up.kill()
        second = up.start()
        again = up.replayed("--limit", "50")
        assert (again["repeated"], again["work_orders"]) == (50, replayed["work_orders"])
        assert up.count("SELECT count(*) - count(DISTINCT (source_kind, source_id)) FROM dispatch.work_orders") == 0
        assert up.run("verify-trail").returncode == 0
        stopped = up.stop(signal.SIGTERM)
        assert up.left() == set()
    print(f"on Kafka: first start {first:.1f} s, after kill -9 {second:.1f} s, stop {stopped:.1f} s")


def test_a_broker_that_dies_meanwhile_is_waited_for_and_does_not_hold_up_the_stop(broker: LocalKafka) -> None:
    with ground() as path, instance(path / "s", extra={"GRIDGOV_KAFKA": broker.bootstrap}) as up:
        up.start()
        for one in broker.brokers():
            os.kill(one.pid, signal.SIGKILL)
        with up.http(up.greeted_token) as client:
            sent = client.post(
                "/intake/reports",
                json={"text": "泉塘街道的井盖坏了，请来修。", "channel": "hotline"},
                headers={"idempotency-key": "broker-away"},
            )
            assert sent.status_code == 201, "intake does not depend on the bus"
            assert client.get("/livez").status_code == 200
            assert eventually(lambda: client.get("/readyz").status_code == 503, 30)
        up.stop()
        assert up.left() == set()


def test_the_main_flow_runs_over_tls_with_a_password() -> None:
    with (
        ground() as path,
        secured_kafka(path / "k") as kafka,
        instance(path / "s", extra=dict(kafka.environments["SASL_SSL"])) as up,
    ):
        up.start()
        replayed = up.replayed("--limit", "20")
        assert replayed["work_orders"] + sum(replayed["without_work_order"].values()) == 20
        assert up.run("audit").returncode == 0
        assert "Apache Kafka, 1 broker(s)" in up.run("doctor").stdout
        backup = up.run("backup", str(path / "b.tar"))
        assert backup.returncode == 0, backup.stderr
        up.stop(signal.SIGTERM)
        assert up.left() == set()
