"""The cluster form for real: processes, a broker, one PostgreSQL with a role per service, and kills.

One cluster serves all of the file, whose tests come in order: the last ones end it.
"""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx2
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from gridgov.cluster.databases import database_url
from gridgov.cluster.parts import plan
from gridgov.local.postgres_place import sockets_of
from gridgov.local.state import StateDirectory
from services.manifest import SERVICES
from tests.support.cluster import (
    COMMAND,
    ROOT,
    Cluster,
    alive,
    answers,
    eventually,
    get,
    process,
    running_cluster,
)
from tests.support.compose import commands, own_services
from tests.support.dashboard import panel_queries, rules
from tests.support.kafka import require_kafka
from tests.support.launcher import parent
from tests.support.ports import free_port
from tests.support.postgres import ground
from tests.support.prometheus import ask, running_prometheus
from tests.support.proxy import running_proxy

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    require_kafka()
    with ground() as path, running_cluster(path / "state") as running:
        yield running


def ready(port: int) -> int:
    return answers(port, "readyz")


def members(cluster: Cluster, group: str) -> int:
    async def count() -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=cluster.kafka)
        await admin.start()
        try:
            (answer,) = await admin.describe_consumer_groups([group])
            return len(answer.groups[0][5])
        finally:
            await admin.close()

    return asyncio.run(count())


def test_every_part_is_there_and_ready(cluster: Cluster) -> None:
    status = cluster.status()
    services = {(part["service"], part["role"]) for part in status["parts"] if part["service"]}
    assert services == {(service, role) for service in SERVICES for role in ("api", "worker")}
    assert status["ready"] and {part["name"] for part in status["parts"]} >= {"postgres", "kafka-1", "front"}
    assert len({part["pid"] for part in status["parts"]}) == len(status["parts"]), "each a process of its own"


def test_a_report_through_the_front_becomes_a_work_order(cluster: Cluster) -> None:
    answer = cluster.report("first")
    assert answer.status_code == 201, answer.text
    assert eventually(lambda: cluster.work_orders(answer.json()["id"]))
    assert cluster.report("first").json()["id"] == answer.json()["id"], "the same key, the same report"


def test_who_watches_through_the_front_is_told_what_any_process_did(cluster: Cluster) -> None:
    with cluster.http.stream("GET", "/dispatch/changes", headers=cluster.caller()) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        report = cluster.report("watched").json()["id"]  # the work order is opened by a worker
        told = json.loads(next(line for line in lines if line.startswith("data:"))[5:])
        assert (told["kind"], told["action"]) == ("work_order", "open")
        assert [order["id"] for order in cluster.work_orders(report)] == [told["id"]]


def test_the_front_has_pages_and_tells_what_it_does_not_know(cluster: Cluster) -> None:
    assert cluster.http.get("/intake/docs").status_code == 200
    assert "GridGov" in cluster.http.get("/").text
    assert cluster.http.get("/nowhere/reports").json()["status"] == 404
    assert cluster.http.get("/intake/readyz").json()["status"] == "ready"


def test_workers_give_way_to_apis(cluster: Cluster) -> None:
    """By the process and, where the kernel shares a CPU among sessions first, by the session."""
    for name, part in cluster.parts().items():
        given = 10 if "-worker-" in name else 0
        assert os.getpriority(os.PRIO_PROCESS, part["pid"]) == given, name
        if (session := Path(f"/proc/{part['pid']}/autogroup")).exists():
            assert session.read_text().split()[1:] == ["nice", str(given)], name


def test_a_service_cannot_enter_the_database_of_another(cluster: Cluster) -> None:
    async def enter(whose: str, database: str) -> object:
        url = database_url(cluster.state, whose).replace(f"/gridgov_{whose}?", f"/gridgov_{database}?")
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval("SELECT current_user")
        finally:
            await connection.close()

    for service in SERVICES:
        assert asyncio.run(enter(service, service)) == f"gridgov_{service}"
        for other in set(SERVICES) - {service}:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                asyncio.run(enter(service, other))


def test_what_is_killed_comes_back_and_nothing_acknowledged_is_lost(cluster: Cluster) -> None:
    before = cluster.parts()
    killed = ("dispatch-worker-1", "intake-worker-1", "intake-api-1", "front", "postgres")
    accepted = [cluster.report("before-the-kill").json()["id"]]
    for name in killed:
        os.kill(before[name]["pid"], signal.SIGKILL)

    def report() -> bool:
        try:
            answer = cluster.report("after-the-kill")
        except httpx2.TransportError:
            return False
        assert answer.status_code in (201, 503), answer.text
        if answer.status_code == 201:
            accepted.append(answer.json()["id"])
        return answer.status_code == 201

    assert eventually(report)
    for report_id in accepted:
        assert eventually(lambda report_id=report_id: cluster.work_orders(report_id))
        assert len(cluster.work_orders(report_id)) == 1
    assert eventually(lambda: cluster.status()["ready"])
    now = cluster.parts()
    assert [name for name in killed if now[name]["pid"] == before[name]["pid"]] == []
    assert now["dispatch-worker-1"]["starts"] > before["dispatch-worker-1"]["starts"]


def test_a_database_whose_guard_is_killed_comes_back_for_all_parts(cluster: Cluster) -> None:
    before = cluster.parts()
    os.kill(parent(before["postgres"]["pid"]), signal.SIGKILL)
    assert eventually(lambda: not alive(before["postgres"])), "the kernel ends the server with its guard"

    assert eventually(lambda: cluster.report("after-the-guard").status_code == 201)
    report_id = cluster.report("after-the-guard").json()["id"]
    assert eventually(lambda: cluster.work_orders(report_id))
    assert eventually(lambda: cluster.status()["ready"])
    now = cluster.parts()
    assert now["postgres"]["pid"] != before["postgres"]["pid"]
    assert [name for name in now if now[name]["starts"] != before[name]["starts"]] == [], "their pools found it again"


def test_reports_are_taken_while_the_broker_is_away_and_it_comes_back(cluster: Cluster) -> None:
    os.kill(cluster.parts()["kafka-1"]["pid"], signal.SIGKILL)
    answer = cluster.report("without-a-broker")
    assert answer.status_code == 201
    assert eventually(lambda: cluster.work_orders(answer.json()["id"]), 60)


def test_an_api_told_to_end_under_load_breaks_no_request(cluster: Cluster) -> None:
    before = cluster.parts()["intake-api-1"]

    def report(number: int) -> int:
        """The answer's status; a 503 asks to come again, which is done."""
        end = time.monotonic() + 30
        while (answer := cluster.report(f"drain-{number}")).status_code == 503 and time.monotonic() < end:
            time.sleep(int(answer.headers["retry-after"]))
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(report, number) for number in range(120)]
        answers[20].result()
        os.kill(before["pid"], signal.SIGTERM)
        codes = [answer.result() for answer in answers]
    assert codes == [201] * 120
    assert not alive(before)


def test_any_number_of_workers_and_sigterm_leaves_the_group(cluster: Cluster) -> None:
    """A second worker as a plain process, the command a container runs."""
    assert ["dispatch", "worker"] in commands().values()
    port = free_port()
    with process("dispatch", "worker", "--metrics-port", str(port), **cluster.environment("dispatch")) as worker:
        assert eventually(lambda: ready(port) == 200), "a second member gets its share, or stands by"
        assert eventually(lambda: members(cluster, "dispatch") == 2)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
        assert members(cluster, "dispatch") == 1, "it left by itself, not by a timeout"


def test_a_database_that_is_missing_at_the_start_is_waited_for(cluster: Cluster) -> None:
    port, database = free_port(), free_port()
    socket = next(sockets_of(cluster.state).glob(".s.PGSQL.*[0-9]"))
    url = database_url(cluster.state, "dispatch").split("?")[0].replace("@/", f"@127.0.0.1:{database}/")
    environment = {**cluster.environment("dispatch"), "DATABASE_URL": url}
    with process("dispatch", "api", "--port", str(port), **environment) as api:
        assert eventually(lambda: ready(port) == 503)
        assert get(port, "livez").status_code == 200
        refused = get(port, "dispatch/work-orders")
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) > 0
        with running_proxy(socket, database):
            assert eventually(lambda: ready(port) == 200)
            api.send_signal(signal.SIGTERM)
            assert api.wait(10) == 0
        assert api.stdout is not None
        said = api.stdout.read()
        assert "等待数据库(127.0.0.1/gridgov_dispatch)" in said and "waiting for the database" in said
        assert "Traceback" not in said


def test_an_api_without_the_public_keys_says_so_instead_of_refusing_every_token(
    cluster: Cluster, tmp_path: Path
) -> None:
    port = free_port()
    environment = {**cluster.environment("dispatch"), "GRIDGOV_KEYS": str(tmp_path)}
    with process("dispatch", "api", "--port", str(port), **environment) as api:
        assert eventually(lambda: ready(port) == 503)
        asking = {"Accept-Language": "en"}
        assert eventually(lambda: "the keys of tokens" in get(port, "readyz", headers=asking).text)
        (tmp_path / "verifying").symlink_to(cluster.state.secrets / "verifying")
        assert eventually(lambda: ready(port) == 200)
        asked = get(port, "dispatch/work-orders", params={"report_id": str(uuid4())}, headers=cluster.caller())
        assert asked.status_code == 200, asked.text
        (tmp_path / "verifying").unlink()
        assert get(port, "readyz").json()["title"] == "尚未就绪：keys"
        api.send_signal(signal.SIGTERM)
        assert api.wait(10) == 0
        assert api.stdout is not None
        assert "run gridgov cluster keys, or set GRIDGOV_KEYS" in api.stdout.read()


def test_the_api_that_signs_people_in_waits_for_the_keys_that_sign_too(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "verifying").symlink_to(cluster.state.secrets / "verifying")
    port = free_port()
    environment = {**cluster.environment("registry"), "GRIDGOV_KEYS": str(tmp_path)}
    with process("registry", "api", "--port", str(port), **environment):
        assert eventually(lambda: ready(port) == 503)
        asking = {"Accept-Language": "en"}
        assert eventually(lambda: "the keys of tokens" in get(port, "readyz", headers=asking).text)
        (tmp_path / "tokens").symlink_to(cluster.state.secrets / "tokens")
        assert eventually(lambda: ready(port) == 200)


def test_every_container_command_is_a_part_of_this_cluster_or_runs_here(cluster: Cluster) -> None:
    # In containers the proxy stands in the place of the front.
    running = {tuple(part.arguments[:-2]) for part in plan(8000, 1, 1) if part.service}
    once = [command for command in commands().values() if tuple(command) not in running]
    wanted = {"cluster keys", "doctor", *(f"{service} migrate" for service in SERVICES)}
    assert set(map(" ".join, once)) == wanted
    assert len(commands()) == len(running) + len(once), "and every part has its container"
    with process("registry", "migrate", **cluster.environment("registry")) as migrate:
        said, _ = migrate.communicate(timeout=60)
        assert migrate.returncode == 0, said
    with ground() as path, process("cluster", "keys", GRIDGOV_STATE=str(path / "state")) as keys:
        said, _ = keys.communicate(timeout=60)
        assert keys.returncode == 0, said
        secrets = StateDirectory.peek(path / "state").secrets
        assert list((secrets / "tokens").glob("*.jwk")) and list((secrets / "fields").glob("*.key"))


@pytest.mark.parametrize("command", [("doctor",), ("audit",), ("dlq", "list"), ("backup", "cluster.tar")], ids=" ".join)
def test_the_operators_container_reaches_all_with_the_services_own_accounts(
    cluster: Cluster, tmp_path: Path, command: tuple[str, ...]
) -> None:
    told = {
        **{f"GRIDGOV_{service.upper()}_DATABASE_URL": database_url(cluster.state, service) for service in SERVICES},
        "GRIDGOV_KAFKA": cluster.kafka,
        "GRIDGOV_KEYS": str(cluster.state.secrets),
        "GRIDGOV_FILES": str(cluster.state.path / "files"),
        "GRIDGOV_STATE": str(tmp_path / "state"),
    }
    assert {name for name in told if name != "GRIDGOV_STATE"} == own_services()["operator"]["environment"].keys()
    arguments = [str(tmp_path / word) if word.endswith(".tar") else word for word in command]
    with process(*arguments, **told) as operator:
        said, _ = operator.communicate(timeout=90)
        assert operator.returncode == 0, said


SILENT_WITHOUT_CAUSE = ("Refused", "Clock steps", "Overdue")
"""Panels whose series begin with the first such thing."""


def test_prometheus_answers_every_question_of_dashboard_and_rules(cluster: Cluster, tmp_path: Path) -> None:
    parts = [part for part in cluster.status()["parts"] if part["role"] in ("api", "worker", "front")]
    with running_prometheus(tmp_path, parts) as prometheus:
        assert eventually(lambda: len(ask(prometheus, 'up{job="gridgov"} == 1')) == len(parts))
        for number in range(3):
            assert cluster.report(f"seen-by-prometheus-{number}").status_code == 201
        assert cluster.http.get("/intake/reports/none").status_code in (401, 403, 404, 422)

        def silent() -> list[str]:
            return [
                panel
                for panel, query in panel_queries().items()
                if not ask(prometheus, query) and not any(word in panel for word in SILENT_WITHOUT_CAUSE)
            ]

        assert eventually(lambda: silent() == []), silent()
        for rule in rules():
            ask(prometheus, rule["expr"])
        loaded = prometheus.get("/api/v1/rules").json()["data"]["groups"]
        assert {rule["name"] for group in loaded for rule in group["rules"]} == {rule["alert"] for rule in rules()}
        assert {rule["health"] for group in loaded for rule in group["rules"]} <= {"ok", "unknown"}
        (ready,) = {sample["value"][1] for sample in ask(prometheus, "gridgov_ready")}
        assert ready == "1"


def test_three_brokers_have_no_one_proxy(tmp_path: Path) -> None:
    with process("cluster", "up", "--brokers", "3", "--through", "kafka=9092", "--dir", str(tmp_path / "s")) as up:
        said, _ = up.communicate(timeout=60)
        assert up.returncode == 2 and "one broker only" in " ".join(said.replace("│", "").split())
        assert not (tmp_path / "s").exists()


def test_down_ends_everything(cluster: Cluster) -> None:
    parts = cluster.parts()
    ran = subprocess.run(
        [*COMMAND, "cluster", "down", "--dir", str(cluster.directory)], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert [name for name, part in parts.items() if alive(part)] == []
    assert cluster.launcher.wait(10) == 0


def test_data_stay_and_a_killed_supervisor_leaves_nothing_behind(cluster: Cluster) -> None:
    with running_cluster(cluster.directory) as again:
        repeated = again.report("first")
        assert repeated.json()["repeated"] is True
        parts = again.parts()
        again.launcher.kill()
        again.launcher.wait()
        assert eventually(lambda: not [name for name, part in parts.items() if alive(part)])
