"""kill -9 of GridGov in mid-replay and of its PostgreSQL: nothing accepted is lost, nothing is there twice."""

import json
import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from gridgov.local import postgres_place as place
from gridgov.local.state import StateDirectory
from tests.support.embedded import DEAD_LETTERS, Instance, eventually, instance, messages
from tests.support.launcher import parent
from tests.support.postgres import ground

COPIES = 2
RATE = 25
KILLS = 3


def test_kill_9_in_mid_replay_loses_nothing_and_doubles_nothing(prepared: Instance, tmp_path: Path) -> None:
    up = prepared
    chance = random.Random(20261123)
    rows = messages(tmp_path / "messages.csv", COPIES)
    up.start()
    with subprocess.Popen(
        up.command("replay", str(tmp_path / "messages.csv"), "--rate", str(RATE), "--json"),
        cwd=up.root, env=up.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as replay:  # fmt: skip
        gaps = []
        for kill in range(KILLS):
            few = rows * kill // (KILLS + 1)
            assert eventually(lambda few=few: up.count("SELECT count(*) FROM intake.reports") > few, 60)
            time.sleep(chance.uniform(0.0, 1.0))
            assert up.process is not None
            assert replay.poll() is None, "the replay was over before the kill"
            up.look()
            for pid in {up.process.pid, *(up.left() if kill else ())}:  # at first alone, then with all that it started
                with suppress(ProcessLookupError):  # they end each other
                    os.kill(pid, signal.SIGKILL)
            up.ended()
            gaps.append(up.start())
        out, err = replay.communicate(timeout=100)
    assert replay.returncode == 0, err
    assert "Traceback" not in err
    summary = json.loads(out.splitlines()[-1])
    assert summary["read"] == summary["accepted"] == rows
    assert summary["refused"] == 0
    assert "unfinished" not in summary["without_work_order"]
    assert summary["work_orders"] + sum(summary["without_work_order"].values()) == rows

    assert up.count("SELECT count(*) FROM intake.reports") == rows
    assert up.count("SELECT count(DISTINCT client_key) FROM intake.reports") == rows
    assert up.count("SELECT count(*) FROM dispatch.work_orders") == summary["work_orders"]
    assert up.count("SELECT count(*) - count(DISTINCT (source_kind, source_id)) FROM dispatch.work_orders") == 0
    unanswered = """
        SELECT count(*) FROM intake.reports r WHERE r.status <> 'needs_review'
        AND NOT EXISTS (SELECT FROM dispatch.work_orders w WHERE w.source_id = r.id)
    """
    assert up.count(unanswered) == 0
    orphans = """
        SELECT count(*) FROM dispatch.work_orders w
        WHERE NOT EXISTS (SELECT FROM intake.reports r WHERE r.id = w.source_id)
    """
    assert up.count(orphans) == 0
    clocks = "SELECT count(*) FROM supervision.clocks WHERE thing = 'work_order'"
    assert eventually(lambda: up.count(clocks) == 2 * summary["work_orders"]), up.count(clocks)
    assert up.count("SELECT count(*) - count(DISTINCT (thing_id, name, started_at)) FROM supervision.clocks") == 0
    assert up.count(DEAD_LETTERS) == 0
    verified = up.run("verify-trail", "--json")
    assert verified.returncode == 0, verified.stdout
    again = up.replayed(str(tmp_path / "messages.csv"))
    assert again["repeated"] == again["accepted"] == rows
    up.stop()
    assert up.left() == set()
    print(f"ready again after kill -9: {', '.join(f'{gap:.1f}' for gap in gaps)} s")


def test_kill_9_of_postgresql_is_503_until_it_is_back_and_nothing_acknowledged_is_lost(prepared: Instance) -> None:
    up = prepared
    up.start()
    postgres = postmaster(up)
    guard = parent(postgres)
    acknowledged: dict[str, str] = {}

    def report(number: int) -> tuple[int, str | None]:
        answer = client.post(
            "/intake/reports",
            json={"text": f"泉塘街道第{number}号井盖坏了，请来修。", "channel": "hotline"},
            headers={"idempotency-key": f"k-{number}"},
        )
        if answer.status_code == 201:
            acknowledged[f"k-{number}"] = answer.json()["id"]
        return answer.status_code, answer.headers.get("retry-after")

    with up.http(up.greeted_token) as client:
        for number in range(20):
            assert report(number) == (201, None)
        os.kill(guard, signal.SIGSTOP)  # so that the server stays away while we look
        try:
            os.kill(postgres, signal.SIGKILL)
            assert eventually(lambda: client.get("/readyz").status_code == 503)
            answers = [report(number) for number in range(20, 40)]
            assert {status for status, _ in answers} == {503}
            assert all(retry is not None and int(retry) > 0 for _, retry in answers)
            assert client.get("/livez").status_code == 200
            ready = client.get("/readyz")
            assert (ready.status_code, ready.headers["content-type"]) == (503, "application/problem+json")
            assert int(ready.headers["retry-after"]) > 0
        finally:
            os.kill(guard, signal.SIGCONT)
        begun = time.monotonic()
        assert eventually(lambda: client.get("/readyz").status_code == 200, 30), client.get("/readyz").text
        back = time.monotonic() - begun
        assert postmaster(up) != postgres
        for number in range(40):
            known = acknowledged.get(f"k-{number}")
            assert report(number)[0] == 201
            assert known in (None, acknowledged[f"k-{number}"])
        assert eventually(lambda: up.count("SELECT count(*) FROM dispatch.work_orders") == 40)
    assert up.count("SELECT count(*) FROM intake.reports") == 40
    assert up.count(DEAD_LETTERS) == 0
    assert up.run("verify-trail").returncode == 0
    assert up.process is not None
    assert up.process.poll() is None
    up.stop()
    assert up.left() == set()
    print(f"ready again after kill -9 of PostgreSQL: {back:.1f} s")


def test_kill_9_of_the_guard_of_postgresql_is_made_good_too(prepared: Instance) -> None:
    """The server ends with its guard, and nobody but the platform can start them again."""
    up = prepared
    up.start()
    before = postmaster(up)
    with up.http(up.greeted_token) as client:
        report = {"text": "泉塘街道井盖坏了，请来修。", "channel": "hotline"}

        def status(key: str) -> int:
            return client.post("/intake/reports", json=report, headers={"idempotency-key": key}).status_code

        assert status("before") == 201
        os.kill(parent(before), signal.SIGKILL)
        assert eventually(lambda: not lives_on(before)), "the kernel ends the server with its guard"
        assert eventually(lambda: status("after") == 201, 30), up.told
        assert status("before") == 201
        assert eventually(lambda: client.get("/readyz").status_code == 200)
        assert eventually(lambda: up.count("SELECT count(*) FROM dispatch.work_orders") == 2)
    assert "starting the database again" in up.told
    assert postmaster(up) != before
    up.stop()
    assert up.left() == set()


def test_kill_9_during_a_first_start_does_not_hinder_the_next() -> None:
    with ground() as path, instance(path / "s") as up:
        for moment in ("starting the database", "migrating"):
            up.launch()
            assert eventually(lambda moment=moment: moment in up.told, 40), up.told
            time.sleep(0.2)
            up.kill()
        up.start()
        assert up.replayed("--limit", "30")["accepted"] == 30
        up.stop()
        assert up.left() == set()


def postmaster(up: Instance) -> int:
    data = place.find(StateDirectory.peek(up.state)) / "data"
    return int((data / "postmaster.pid").read_text().split("\n")[0])


def lives_on(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
