"""A cluster whose parts reach the database and the broker through proxies: all goes through them, and they can fail."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cluster import Cluster, eventually, process, proxied_cluster
from tests.support.kafka import require_kafka
from tests.support.postgres import ground
from tests.support.proxy import Proxy

pytestmark = [pytest.mark.kafka, pytest.mark.xdist_group("kafka"), pytest.mark.timeout(180)]

Network = tuple[Cluster, Proxy, Proxy]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    require_kafka()
    with ground() as path, proxied_cluster(path / "state") as proxied:
        yield proxied


def becomes_a_work_order(cluster: Cluster, key: str) -> bool:
    answer = cluster.report(key)
    assert answer.status_code == 201, answer.text
    return eventually(lambda: cluster.work_orders(answer.json()["id"]))


def test_all_parts_go_through_the_proxies(network: Network) -> None:
    cluster, database, kafka = network
    assert becomes_a_work_order(cluster, "through")
    assert min(database.accepted, kafka.accepted) >= 8, "each of four apis and four workers at least once"


def test_without_a_database_the_answer_says_when_to_come_again_and_all_heals(network: Network) -> None:
    cluster, database, _ = network
    before = cluster.parts()
    database.down()
    refused = cluster.report("meanwhile")
    assert refused.status_code == 503 and int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-type"] == "application/problem+json"
    database.heal()
    assert eventually(lambda: cluster.report("meanwhile").status_code == 201)
    assert becomes_a_work_order(cluster, "meanwhile")
    assert eventually(lambda: cluster.status()["ready"])
    assert {name: part["pid"] for name, part in cluster.parts().items()} == {
        name: part["pid"] for name, part in before.items()
    }, "nothing was started again"


def test_without_a_broker_reports_are_taken_and_go_on_later(network: Network) -> None:
    cluster, _, kafka = network
    kafka.down()
    answer = cluster.report("queued")
    assert answer.status_code == 201
    kafka.heal()
    assert eventually(lambda: cluster.work_orders(answer.json()["id"]))


def test_three_brokers_have_no_one_proxy(tmp_path: Path) -> None:
    with process("cluster", "up", "--brokers", "3", "--through", "kafka=9092", "--dir", str(tmp_path / "s")) as up:
        said, _ = up.communicate(timeout=60)
        assert up.returncode == 2 and "one broker only" in " ".join(said.replace("│", "").split())
        assert not (tmp_path / "s").exists()


def test_the_operators_commands_find_it(network: Network) -> None:
    cluster, *_ = network
    with process("audit", "--json", GRIDGOV_STATE=str(cluster.directory)) as audit:
        said, _ = audit.communicate(timeout=60)
        assert audit.returncode == 0, said
        assert json.loads(said)["violations"] == []
