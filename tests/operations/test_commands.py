"""The commands as an operator calls them, on databases that the environment names by service, as in a cluster."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import typer
from typer.testing import CliRunner

from services.cli import audit, backup, dlq, doctor, restore
from services.operations.reach import Installation
from shared.errors import NotFound
from shared.events.topics import SERVICES
from tests.operations.conftest import Past

Run = Callable[..., Any]


@pytest.fixture
def run(where: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls a command; its exit code and what it printed."""
    monkeypatch.delenv("GRIDGOV_KAFKA", raising=False)
    monkeypatch.setenv("GRIDGOV_STATE", str(tmp_path / "state"))
    for service in SERVICES:
        monkeypatch.setenv(f"GRIDGOV_{service.upper()}_DATABASE_URL", where.urls[service])
    app = typer.Typer()
    for command in (audit.audit, doctor.doctor, backup.backup, restore.restore):
        app.command()(command)
    app.add_typer(dlq.app)

    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return call


def acked_file(tmp_path: Path, past: Past, *more: dict[str, str]) -> str:
    lines = [{"key": a.key, "id": str(a.id), "number": a.number} for a in past.acked]
    (tmp_path / "acked").write_text("".join(json.dumps(line) + "\n" for line in [*lines, *more]))
    return str(tmp_path / "acked")


def test_audit_says_in_words_and_in_json_whether_all_holds(run: Run, past: Past, tmp_path: Path) -> None:
    code, said = run("audit", "--acked", acked_file(tmp_path, past))
    assert (code, "✗" in said) == (0, False)
    lost = {"key": "k", "id": str(uuid4()), "number": "X-1"}
    code, said = run("audit", "--json", "--acked", acked_file(tmp_path, past, lost))
    found = json.loads(said)
    assert code == 1
    assert [(v["invariant"], v["id"]) for v in found["violations"]] == [(1, lost["id"])]
    assert found["checked"]["acked"] == 5
    assert run("audit", "--acked", acked_file(tmp_path, past, lost))[0] == 1


def test_a_letter_is_found_shown_sent_again_and_put_aside(run: Run, tmp_path: Path) -> None:
    (letter,) = json.loads(run("dlq", "list", "--json")[1])
    assert letter["id"] in run("dlq", "list")[1]
    assert json.loads(run("dlq", "show", letter["id"])[1])["reason"] == letter["reason"]
    assert run("dlq", "replay", "--all", "--by", "王五")[0] == 0
    assert json.loads(run("dlq", "list", "--json")[1]) == []
    ((handled),) = json.loads(run("dlq", "list", "--all", "--json")[1])
    assert (handled["mark"]["action"], handled["mark"]["by"]) == ("replayed", "王五")
    assert run("dlq", "discard", letter["id"], "--why", "不再需要")[0] == 0
    noted = [json.loads(line) for line in (tmp_path / "state" / "logs" / "operator.log").read_text().splitlines()]
    assert [line["action"] for line in noted] == ["dlq.replayed", "dlq.discarded"]
    assert noted[1]["why"] == "不再需要"
    with pytest.raises(NotFound):
        run("dlq", "show", "dispatch-nothing")
    assert run("dlq", "replay")[0] == 2
    assert run("dlq", "discard", letter["id"], "--why", " ")[0] == 2


def test_backup_restore_and_doctor_work_on_the_databases_that_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "state" / "secrets").mkdir(parents=True)
    assert run("backup", str(tmp_path / "b.tar"))[0] == 0
    assert run("restore", str(tmp_path / "b.tar"), "--replace")[0] == 0
    assert run("audit", "--json")[0] == 0
    code, said = run("doctor", "--json")
    found = json.loads(said)
    assert (code, found["well"]) == (int(not found["well"]), all(f["state"] != "bad" for f in found["findings"]))
    assert run("doctor")[0] == code
