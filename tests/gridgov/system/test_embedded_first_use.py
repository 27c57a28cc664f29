"""What a newcomer meets: the first start, the pages, tokens, a report that becomes a work order, the sample's replay."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gridgov.cli.replay import SAMPLE
from gridgov.local.processes import started_at
from gridgov.operations.sign_in_links import first_people
from gridgov.replay.file import read_file
from services.manifest import SERVICES
from tests.support.embedded import DEAD_LETTERS, READY, FirstStart, Instance, copied, eventually

REPORT = {"text": "泉塘街道泉星社区的路灯坏了半个月，晚上一片漆黑，请住建部门来修。", "channel": "hotline"}


@pytest.fixture(scope="module")
def up(first_start: FirstStart) -> Iterator[Instance]:
    with copied(first_start) as made:
        made.start()
        yield made


def test_the_first_start_says_what_it_does_and_where_it_answers(first_start: FirstStart) -> None:
    progress = first_start.told.splitlines()
    assert all(line.startswith("· ") for line in progress), first_start.told
    assert "stopped" in progress[-1]
    assert READY in first_start.said
    assert f"http://127.0.0.1:{first_start.port}/" in first_start.said
    assert f"export GRIDGOV_STATE={first_start.place} GRIDGOV_PORT={first_start.port}" in first_start.said
    assert len(first_start.said.splitlines()) <= 40, "a screen"
    print(f"first start: {first_start.seconds:.1f} s")


def test_the_greeting_has_a_link_for_each_person_of_the_sample_city(first_start: FirstStart) -> None:
    lines = first_start.said.splitlines()
    address = f"    http://127.0.0.1:{first_start.port}/app/"
    people = [person for person in first_people(None) if not person.demo]
    shown = [(lines[n - 1], line) for n, line in enumerate(lines) if line.startswith(address)]
    assert [who for who, _ in shown] == [f"  {one.name}（{one.does_zh}） {one.user}, {one.does_en}" for one in people]
    assert len({link.partition("#code=")[2] for _, link in shown} - {""}) == len(people) > 1, "each has its own"


def test_the_greeted_token_works(first_start: FirstStart, up: Instance) -> None:
    assert "TOKEN=" in first_start.said
    with up.http(up.greeted_token) as client:
        assert client.get("/registry/units/A7").json()["kind"] == "district"
    with up.http() as client:
        assert client.get("/registry/units/A7").status_code == 401


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/livez", "application/json"),
        ("/readyz", "application/json"),
        ("/metrics", "text/plain"),
        *((f"/{service}/docs", "text/html") for service in SERVICES),
        *((f"/{service}/openapi.json", "application/json") for service in SERVICES),
        *((f"/{service}/readyz", "application/json") for service in SERVICES),
    ],
)
def test_every_page_answers_with_security_headers(up: Instance, path: str, kind: str) -> None:
    with up.http() as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", ["/nothing", "/intake", "/intake/", "/intake/nothing", "/favicon.ico", "/a/../b"])
def test_unknown_paths_are_problems_in_both_languages(up: Instance, path: str) -> None:
    with up.http(up.greeted_token) as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["code"] == "no_such_path"
    assert problem["title_zh"]
    assert problem["title_en"]


def test_the_front_page_leads_to_pages_that_are_there(up: Instance) -> None:
    with up.http() as client:
        page = client.get("/").text
        for address in {part.split('"')[0] for part in page.split('href="')[1:]}:
            assert client.get(address).status_code == 200, address


def test_the_token_command_prints_a_token_and_nothing_else(up: Instance) -> None:
    ran = up.run("token", "--role", "dispatcher", "--unit", "A7")
    assert ran.returncode == 0
    assert ran.stderr == ""
    assert len(ran.stdout.splitlines()) == 1
    with up.http(ran.stdout.strip()) as client:
        counts = client.get("/dispatch/inbox/counts", params={"below": "true"})
    assert counts.status_code == 200
    assert counts.json()["unit"] == "A7"


def test_a_role_that_does_not_exist_is_one_line_that_names_the_roles(up: Instance) -> None:
    ran = up.run("token", "--role", "mayor")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1
    assert "mayor" in ran.stderr
    assert "dispatcher" in ran.stderr


def test_a_report_becomes_a_work_order_with_running_clocks(up: Instance) -> None:
    with up.http(up.token("service")) as sender, up.http(up.token("admin")) as admin:
        sent = sender.post("/intake/reports", json=REPORT, headers={"idempotency-key": "first-use-1"})
        assert sent.status_code == 201, sent.text
        receipt = sent.json()
        assert receipt["number"]
        again = sender.post("/intake/reports", json=REPORT, headers={"idempotency-key": "first-use-1"})
        assert (again.status_code, again.json()["id"]) == (201, receipt["id"])

        def orders() -> list[dict[str, Any]]:
            found = admin.get("/dispatch/work-orders", params={"report_id": receipt["id"]}).json()["items"]
            return list(found)

        assert eventually(orders)
        (order,) = orders()
        inbox = admin.get("/dispatch/inbox", params={"unit": order["lead_unit"], "limit": 200}).json()["items"]
        assert order["number"] in {item["number"] for item in inbox}
        clocks = {"thing_id": order["id"]}
        assert eventually(lambda: admin.get("/supervision/clocks", params=clocks).json()["items"])
        found = admin.get("/supervision/clocks", params=clocks).json()["items"]
        assert {clock["name"] for clock in found} == {"accept", "resolve"}
        report = admin.get(f"/intake/reports/{receipt['id']}").json()
        assert report["work_order"] == order["number"]


def test_the_sample_is_replayed_twice_and_the_second_time_changes_nothing(up: Instance) -> None:
    rows = len(read_file(SAMPLE).rows)
    first = up.replayed()
    promised = {
        "read", "accepted", "repeated", "refused", "needs_person", "work_orders", "seconds", "reports_per_second",
    }  # fmt: skip
    assert promised < first.keys()
    assert first["latency_ms"].keys() == {"p50", "p95", "p99"}
    assert first["read"] == first["accepted"] == rows
    assert (first["repeated"], first["refused"]) == (0, 0)
    assert first["work_orders"] + sum(first["without_work_order"].values()) == rows
    assert first["needs_person"] <= sum(first["without_work_order"].values())
    assert first["work_orders"] > rows / 2
    reports = "SELECT count(*) FROM intake.reports WHERE client_key LIKE 'replay-%'"
    assert up.count(reports) == rows

    ran = up.run("replay")
    assert ran.returncode == 0, ran.stderr
    assert "没有变化" in ran.stdout
    assert "Nothing changed" in ran.stdout
    assert up.count(reports) == rows
    second = up.replayed()
    assert second["repeated"] == second["accepted"] == rows
    assert second["work_orders"] == first["work_orders"]
    assert up.count("SELECT count(*) - count(DISTINCT source_id) FROM dispatch.work_orders") == 0
    assert up.count(DEAD_LETTERS) == 0


def test_trails_are_verified_beside_the_running_instance(up: Instance) -> None:
    ran = up.run("verify-trail", "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(ran.stdout)
    assert found["violations"] == []
    assert found["entries"] > 0


def test_the_log_holds_one_json_object_per_line_and_nothing_of_what_residents_wrote(up: Instance) -> None:
    lines = (up.state / "logs" / "gridgov.log").read_text("utf-8").splitlines()
    assert lines
    assert all("event" in json.loads(line) for line in lines)
    assert not [line for line in lines if "泉星社区" in line]


def test_a_second_start_keeps_the_data_and_leaves_nothing_of_the_first(up: Instance) -> None:
    before = up.replayed("--limit", "20")
    assert up.process is not None
    earlier = up.process.pid, started_at(up.process.pid)
    stopped = up.stop()
    assert up.left() == set()
    assert "stopped" in up.told.splitlines()[-1]
    assert started_at(earlier[0]) != earlier[1]
    started = up.start()
    after = up.replayed("--limit", "20")
    assert after["repeated"] == after["accepted"] == 20
    assert after["work_orders"] == before["work_orders"]
    print(f"stop: {stopped:.1f} s, second start: {started:.1f} s")


def test_trails_are_verified_when_nothing_runs(up: Instance) -> None:
    up.stop()
    ran = up.run("verify-trail")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "all intact" in ran.stdout
    assert up.left() == set()
