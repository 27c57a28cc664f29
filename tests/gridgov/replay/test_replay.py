"""`gridgov replay` as a user calls it, against a small server on a real socket."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import xlsxwriter
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


def test_refused_rows_are_told_and_come_back_in_a_file_like_the_one_sent(
    call: Call, fake: FakeGridGov, messages: Messages
) -> None:
    fake.refuse = lambda text: "text_unfit" if text == "坏" else None
    path = messages(["路灯坏了", "  ", "坏"])
    shown = call(path)
    assert shown.exit_code == 3
    assert "text_unfit" in shown.stdout
    assert "第 3 行" in shown.stdout
    back = path.parent / "messages.refused.csv"
    assert str(back) in shown.stderr
    rows = back.read_text("utf-8-sig").splitlines()
    assert rows[0] == "留言编号,留言用户,留言主题,留言时间,留言详情,问题 / Problem"
    assert [row.split(",")[0] for row in rows[1:]] == ["2", "3"]
    assert "必填" in rows[1]
    assert "write something" in rows[2]
    result = call(path, "--json")
    told = last_line(result)
    assert result.exit_code == 3
    assert (told["read"], told["accepted"], told["refused"]) == (3, 1, 2)
    assert [(r["row"], r["code"], r["field"]) for r in told["refusals"]] == [
        (3, "cell_missing", "text"), (4, "text_unfit", "text"),
    ]  # fmt: skip
    assert told["refused_file"].endswith("messages.refused-2.csv"), "what somebody may have corrected is left alone"
    back.write_text(back.read_text("utf-8-sig").replace("  ,", "井盖丢了,").replace(",坏,", ",路面坏了,"), "utf-8-sig")
    again = call(back, "--json")
    assert (again.exit_code, last_line(again)["accepted"]) == (0, 2)


def test_a_corrected_title_says_where_the_message_is_already(call: Call, fake: FakeGridGov, messages: Messages) -> None:
    path = messages(["停电"])
    call(path)
    path.write_text(path.read_text("utf-8-sig").replace("标题 1", "更正标题"), "utf-8-sig")
    result = call(path, "--json")
    (refusal,) = last_line(result)["refusals"]
    (report,) = fake.reports.values()
    assert result.exit_code == 3
    assert refusal["field"] == "title"
    assert f"already there as {report['number']}, with another title" in refusal["en"]
    assert "标题不同" in refusal["zh"]


def test_rows_that_differ_in_place_or_time_or_have_no_number_are_messages_of_their_own(
    call: Call, fake: FakeGridGov, tmp_path: Path
) -> None:
    path = tmp_path / "messages.csv"
    head = "工单编号,诉求标题,诉求时间,诉求内容,事发地点"
    rows = [
        "1,题,2026/3/2 10:00,停电,甲社区", "1,题,2026/3/2 10:00,停电,乙社区", "1,题,2026/3/3 10:00,停电,甲社区",
        "1,题,2026年3月2日 10:00,停电,甲社区", ",题,2026/3/2 10:00,停电,甲社区", ",题,2026/3/2 10:00,停电,甲社区",
    ]  # fmt: skip
    path.write_text("\n".join([head, *rows]), "gb18030")
    told = last_line(call(path, "--json"))
    assert (told["accepted"], told["repeated"], len(fake.reports)) == (6, 1, 5)
    assert {body["address"] for body in fake.bodies.values()} == {"甲社区", "乙社区"}
    told = last_line(call(path, "--json"))
    assert (told["accepted"], told["repeated"], len(fake.reports)) == (6, 6, 5)
    assert told["sheets"][0]["columns"]["text"] == "诉求内容"


def test_every_sheet_is_sent_and_what_is_not_read_is_named(call: Call, fake: FakeGridGov, tmp_path: Path) -> None:
    path = tmp_path / "months.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for month in (1, 2, 3):
        sheet = book.add_worksheet(f"{month}月")
        sheet.write_row(0, 0, ["留言编号", "留言主题", "留言时间", "留言详情", "点赞数"])
        sheet.write_row(1, 0, [f"M{month}", "题", "2026/3/2", f"第{month}盏路灯", 1])
    book.add_worksheet("底稿").hide()
    book.close()
    shown = call(path)
    assert shown.exit_code == 0
    assert len(fake.reports) == 3
    for words in ("已读 read 3月 1 行", "留言详情→text", "未读 not read：隐藏的工作表“底稿”", "点赞数"):
        assert words in shown.stdout
    told = last_line(call(path, "--json"))
    assert [sheet["name"] for sheet in told["sheets"]] == ["1月", "2月", "3月"]
    assert any("底稿" in unread["zh"] for unread in told["not_read"])


def test_columns_are_mapped_on_the_line_or_by_a_file(call: Call, fake: FakeGridGov, tmp_path: Path) -> None:
    path, saved = tmp_path / "a.csv", tmp_path / "columns.json"
    path.write_text("甲,乙,丙\n1,路灯坏了,某社区\n", "utf-8")
    assert call(path).exit_code == 2
    assert last_line(call(path, "--columns", "甲=number,乙=text", "--json"))["accepted"] == 1
    saved.write_text(json.dumps({"甲": "number", "乙": "text", "丙": "地点"}), "utf-8")
    assert last_line(call(path, "--columns", saved, "--json"))["accepted"] == 1
    assert {body.get("address") for body in fake.bodies.values()} == {None, "某社区"}
    for wrong in ("乙", "乙=nothing", "丁=text", tmp_path / "none.json"):
        result = call(path, "--columns", wrong)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1


def test_a_file_of_which_nothing_can_be_sent_asks_nobody(call: Call, fake: FakeGridGov, messages: Messages) -> None:
    result = call(messages([" "]), "--json")
    assert result.exit_code == 3
    assert not fake.requests


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
    # What the server says, not only that it cannot.
    assert "已拒绝" in result.stderr
    assert "请求太多" in result.stderr
    assert "too many requests (busy)" in result.stderr
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
