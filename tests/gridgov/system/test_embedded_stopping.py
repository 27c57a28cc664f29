"""Ctrl-C, SIGTERM, a closed terminal: everything ends within seconds, requests in hand are answered, nothing stays.

A part that breaks ends the platform too, with one line for the person and the trace in the log.
"""

import json
import os
import signal
import socket

import pytest

from gridgov.local.http_server import DRAIN_SECONDS
from tests.support.embedded import Instance, eventually, instance
from tests.support.postgres import ground

BODY = json.dumps({"text": "泉塘街道的井盖坏了，请来修。", "channel": "hotline"}).encode()


def terminal_ctrl_c(up: Instance) -> None:
    """What the terminal does: SIGINT to every process of the foreground group."""
    assert up.process is not None
    up.look()
    os.killpg(up.process.pid, signal.SIGINT)


def half_a_request(up: Instance, key: str) -> socket.socket:
    """A connection on which a report has been sent but for its last bytes."""
    head = (
        f"POST /intake/reports HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {up.greeted_token}\r\n"
        f"idempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", up.port), timeout=10)
    connection.sendall(head.encode() + BODY[:-5])
    return connection


def test_a_request_in_hand_is_answered_before_everything_ends(prepared: Instance) -> None:
    up = prepared
    numbers = {}
    for key, ask_to_stop in {"SIGTERM": lambda: up.send(signal.SIGTERM), "Ctrl-C": lambda: terminal_ctrl_c(up)}.items():
        up.start()
        with up.http() as client, half_a_request(up, key) as connection:
            assert client.get("/livez").status_code == 200  # and this connection stays open, idle
            ask_to_stop()
            assert eventually(lambda: "stopping" in up.told)
            connection.sendall(BODY[-5:])
            answer = b""
            while data := connection.recv(65536):
                answer += data
        assert answer.startswith(b"HTTP/1.1 201"), answer
        numbers[key] = json.loads(answer.partition(b"\r\n\r\n")[2])["number"]
        assert up.ended() == 0, up.told
        assert "stopped" in up.told.splitlines()[-1]
        assert up.left() == set()
    log = (up.state / "logs" / "postgres.log").read_text()
    assert "immediate shutdown" not in log
    assert "not properly shut down" not in log
    up.start()
    for key, number in numbers.items():
        assert up.count("SELECT count(*) FROM intake.reports WHERE client_key = $1 AND number = $2", key, number) == 1
    up.stop(signal.SIGHUP)


def test_a_caller_that_never_finishes_does_not_hold_up_the_stop(prepared: Instance) -> None:
    prepared.start()
    with half_a_request(prepared, "never"):
        seconds = prepared.stop(signal.SIGINT)
    assert prepared.left() == set()
    print(f"stop with a caller that hangs: {seconds:.1f} s")


def test_who_watches_is_told_and_does_not_hold_up_the_stop(prepared: Instance) -> None:
    up = prepared
    up.start()
    with up.http(up.greeted_token) as client, client.stream("GET", "/intake/changes") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        answer = client.post("/intake/reports", content=BODY, headers={
            "content-type": "application/json", "idempotency-key": "watched"})  # fmt: skip
        told = next(line for line in lines if line.startswith("data:"))
        assert json.loads(told[5:]).items() >= {"id": answer.json()["id"], "action": "submit"}.items()
        assert up.stop(signal.SIGINT) < DRAIN_SECONDS
    assert up.left() == set()


@pytest.mark.parametrize("moment", ["starting the database", "training the category model"])
def test_a_first_start_that_is_broken_off_ends_cleanly(moment: str) -> None:
    with ground() as path, instance(path / "s", extra={"GRIDGOV_MODEL": str(path / "model")}) as up:
        up.launch()
        assert eventually(lambda: moment in up.told, 60), up.told
        up.stop()
        assert "stopped" in up.told.splitlines()[-1]
        assert "Traceback" not in up.told
        assert up.said == ""
        assert up.left() == set()


def test_a_start_broken_off_at_any_stage_does_not_hinder_the_next(prepared: Instance) -> None:
    for moment in ("opening the event bus", "reading the sample city"):
        prepared.launch()
        assert eventually(lambda moment=moment: moment in prepared.told)
        prepared.stop()
        assert prepared.left() == set()
    prepared.start()
    with prepared.http() as client:
        assert client.get("/readyz").status_code == 200


def test_a_worker_that_breaks_ends_everything_with_one_line_and_the_trace_in_the_log(prepared: Instance) -> None:
    """Events come from the first second on (what dispatch promises to have told), so it may break before it is ready."""
    prepared.extra = {"GRIDGOV_FAILPOINTS": "consumer.before_offset=raise"}
    prepared.launch()
    process = prepared.process
    assert process is not None
    assert eventually(lambda: prepared.look() or process.poll() is not None, 60), prepared.told
    assert prepared.ended() == 1
    (line,) = [line for line in prepared.told.splitlines() if not line.startswith("· ")]
    assert "Failed" in line
    assert str(prepared.state / "logs" / "gridgov.log") in line
    assert prepared.left() == set()
    log = (prepared.state / "logs" / "gridgov.log").read_text("utf-8").splitlines()
    # One each for the workers that broke in the same instant.
    broke = [json.loads(entry) for entry in log if '"platform.broke"' in entry]
    assert {one["error"] for one in broke} == {"shared.failpoints.Failed"}
    assert all(any("consumer.py" in frame for frame in one["frames"]) for one in broke)
    prepared.extra = {}
    prepared.start()
    with prepared.http(prepared.greeted_token) as client:
        headers = {"idempotency-key": "breaks", "content-type": "application/json"}
        assert client.post("/intake/reports", content=BODY, headers=headers).status_code == 201
    assert eventually(lambda: prepared.count("SELECT count(*) FROM dispatch.work_orders") == 1)
