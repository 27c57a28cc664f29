"""`gridgov replay` as a user calls it, against a small server on a real socket."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from gridgov.cli.replay import _token as real_token
from gridgov.cli.replay import replay
from gridgov.replay import client as replay_client
from tests.gridgov.replay.fake_gridgov import TOKEN, FakeGridGov, running

PROMISED = {
    "read", "accepted", "repeated", "refused", "needs_person", "work_orders", "seconds", "reports_per_second",
    "latency_ms",
}  # fmt: skip


@pytest.fixture
def fake() -> Iterator[FakeGridGov]:
    with running(FakeGridGov()) as server:
        yield server


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, fake: FakeGridGov) -> Callable[..., Result]:
    assert callable(real_token)
    monkeypatch.setattr("gridgov.cli.replay._token", lambda: TOKEN)
    app = typer.Typer()
    app.command()(replay)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments] + ["--url", fake.url], terminal_width=100)

    return run


@pytest.fixture
def messages(tmp_path: Path) -> Callable[[list[str]], Path]:
    def write(texts: list[str]) -> Path:
        path = tmp_path / "messages.csv"
        lines = [f'{n},u,"标题 {n}",2019/2/28 11:25:05,"{text}"' for n, text in enumerate(texts, 1)]
        path.write_text("\n".join(["留言编号,留言用户,留言主题,留言时间,留言详情", *lines]), "utf-8-sig")
        return path

    return write


Call = Callable[..., Result]
Messages = Callable[[list[str]], Path]


def last_line(result: Result) -> dict[str, Any]:
    lines = result.stdout.splitlines()
    assert len(lines) == 1, "nothing but the object belongs on standard output"
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def test_every_message_becomes_one_report_with_one_work_order(
    call: Call, fake: FakeGridGov, messages: Messages
) -> None:
    result = call(messages([f"路灯坏了 {n}" for n in range(250)]), "--json")
    told = last_line(result)
    assert result.exit_code == 0
    assert told.keys() >= PROMISED
    assert {k: told[k] for k in ("read", "accepted", "repeated", "refused", "needs_person", "work_orders")} == {
        "read": 250, "accepted": 250, "repeated": 0, "refused": 0, "needs_person": 0, "work_orders": 250,
    }  # fmt: skip
    assert told["latency_ms"].keys() == {"p50", "p95", "p99"}
    assert 0 < told["latency_ms"]["p50"] <= told["latency_ms"]["p99"] <= told["seconds"] * 1000
    assert told["reports_per_second"] == pytest.approx(250 / told["seconds"], rel=0.01)
    assert len(fake.reports) == 250


def test_a_report_says_where_it_came_from_and_when_it_happened(
    call: Call, fake: FakeGridGov, messages: Messages
) -> None:
    call(messages(["路灯坏了"]), "--json")
    ((key, body),) = fake.bodies.items()
    assert key.startswith("replay-")
    assert body == {
        "channel": "import", "title": "标题 1", "text": "路灯坏了", "occurred_at": "2019-02-28T11:25:05+08:00",
    }  # fmt: skip


def test_a_second_run_changes_nothing_and_says_so(call: Call, fake: FakeGridGov, messages: Messages) -> None:
    path = messages(["路灯坏了", "井盖丢了"])
    call(path)
    shown = call(path)
    told = last_line(call(path, "--json"))
    assert (told["accepted"], told["repeated"], told["work_orders"]) == (2, 2, 2)
    assert told["latency_ms"] == {"p50": None, "p95": None, "p99": None}
    assert "没有变化" in shown.stdout
    assert "all 2 were already there" in shown.stdout
    assert len(fake.reports) == 2


def test_lost_answers_neither_lose_nor_double_nor_count_as_repeated(
    call: Call, fake: FakeGridGov, messages: Messages
) -> None:
    fake.drop_answers = 20
    told = last_line(call(messages([f"噪音 {n}" for n in range(40)]), "--json"))
    assert (told["accepted"], told["repeated"], told["work_orders"]) == (40, 0, 40)
    assert len(fake.reports) == 40


def test_a_busy_server_is_asked_again_with_the_same_key(call: Call, fake: FakeGridGov, messages: Messages) -> None:
    fake.busy, fake.defects = 5, 2
    told = last_line(call(messages(["噪音", "油烟"]), "--json"))
    assert (told["accepted"], told["refused"]) == (2, 0)
    assert fake.requests["submit"] == 2 + 5 + 2


def test_refused_rows_are_told_with_reason_and_example(call: Call, fake: FakeGridGov, messages: Messages) -> None:
    path = messages(["路灯坏了", "  ", " "])
    shown = call(path)
    told = last_line(call(path, "--json"))
    assert (told["read"], told["accepted"], told["refused"]) == (3, 1, 2)
    assert "text_blank" in shown.stdout
    assert "第 3 行" in shown.stdout
    assert shown.exit_code == 0


def test_reports_that_wait_for_a_person_are_counted_by_their_reason(
    call: Call, fake: FakeGridGov, messages: Messages
) -> None:
    fates = {
        "不明": ("needs_review", ["place_unknown"]),
        "两样": ("needs_review", ["category_uncertain", "place_unknown"]),
    }
    fake.fate = lambda text: fates.get(text, ("dispatched", []))
    told = last_line(call(messages(["不明", "两样", "清楚"]), "--json"))
    assert (told["accepted"], told["needs_person"], told["work_orders"]) == (3, 2, 1)
    assert told["without_work_order"] == {"place_unknown": 1, "category_uncertain + place_unknown": 1}


def test_stuck_reports_are_named_and_the_run_counts_as_unfinished(
    call: Call, fake: FakeGridGov, messages: Messages
) -> None:
    fake.fate = lambda text: ("triaged", []) if text == "卡住" else ("dispatched", [])
    result = call(messages(["卡住", "好的"]), "--wait", 1, "--json")
    assert result.exit_code == 1
    stuck = next(report["number"] for report in fake.reports.values() if report["status"] == "triaged")
    assert stuck in result.stderr
    assert last_line(result)["without_work_order"] == {"unfinished": 1}


def test_questions_stay_within_what_the_edge_reads(call: Call, fake: FakeGridGov, messages: Messages) -> None:
    call(messages([f"噪音 {n}" for n in range(300)]), "--json")
    assert 2 <= fake.widest_question <= 100
    assert fake.requests["work_orders"] < 300


def test_the_table_names_categories_areas_and_lead_units(call: Call, messages: Messages) -> None:
    shown = call(messages(["路灯坏了", "井盖丢了"])).stdout
    for words in ("接受 accepted", "城乡建设", "A7县", "A7县住建局", "工单 work orders", "p99"):
        assert words in shown


def test_limit_takes_only_the_first_rows(call: Call, fake: FakeGridGov, messages: Messages) -> None:
    assert last_line(call(messages(["一", "二", "三"]), "--limit", 2, "--json"))["read"] == 2
    assert sorted(body["text"] for body in fake.bodies.values()) == ["一", "二"]


def test_without_a_file_the_sample_of_the_repository_is_sent(call: Call, fake: FakeGridGov) -> None:
    told = last_line(call("--json"))
    assert told["read"] >= 60
    assert told["accepted"] == told["read"] == len(fake.reports)


def test_interrupting_prints_what_was_done_and_a_rerun_completes_it(
    call: Call, fake: FakeGridGov, messages: Messages
) -> None:
    path = messages([f"噪音 {n}" for n in range(100)])
    fake.on_submission = lambda n: os.kill(os.getpid(), signal.SIGINT) if n == 60 else None
    first = call(path, "--json")
    assert first.exit_code == 130
    assert "不会重复" in first.stderr
    assert last_line(first)["accepted"] < 100
    told = last_line(call(path, "--json"))
    assert (told["accepted"], told["work_orders"]) == (100, 100)
    assert len(fake.reports) == 100


def test_a_server_that_stays_away_gives_one_line(
    call: Call, fake: FakeGridGov, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_client.Client.__init__, "__kwdefaults__", {
        **replay_client.Client.__init__.__kwdefaults__, "patience": 0.2,
    })  # fmt: skip
    fake.busy = 10_000
    result = call(messages(["噪音"]), "--json")
    assert result.exit_code == 1
    assert "没有应答" in result.stderr
    assert "Traceback" not in result.output
    assert last_line(result)["accepted"] == 0


def test_a_token_that_the_server_does_not_know_stops_the_run_with_its_words(
    call: Call, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridgov.cli.replay._token", lambda: "another")
    result = call(messages(["噪音"]))
    assert result.exit_code == 1
    assert "token_invalid" in result.stderr


@pytest.mark.parametrize(
    "url", ["", "localhost", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://[::1"]
)
def test_an_url_that_is_none_is_refused_before_anything_is_sent(url: str, call: Call, fake: FakeGridGov) -> None:
    fake.url = url
    result = call("--json")
    assert result.exit_code == 2
    assert "--url" in result.stderr


def test_a_bad_file_gives_one_line_and_sends_nothing(call: Call, fake: FakeGridGov, tmp_path: Path) -> None:
    result = call(tmp_path / "nowhere.xlsx")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "找不到文件" in result.stderr
    assert not fake.requests
