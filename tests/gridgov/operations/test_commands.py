"""The commands as an operator calls them, on databases that the environment names by service, as in a cluster."""

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from gridgov.cli import audit, backup, dlq, doctor, restore, verify_trail
from gridgov.local.environment import read_settings
from gridgov.local.errors import StartError
from gridgov.operations.backup import Refused
from gridgov.operations.reach import Installation, reach_installation
from gridgov.operations.trail_heads import FIRST_LINE
from services.manifest import SERVICES
from shared.clock import SetClock
from shared.errors import NotFound
from tests.gridgov.operations.conftest import Past
from tests.gridgov.operations.installation import LATER

Run = Callable[..., Any]


@pytest.fixture
def run(where: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls a command; its exit code and what it printed. The audit's present is the end of the past: later more would
    be due."""
    monkeypatch.setattr(audit, "SystemClock", lambda: SetClock(LATER))
    monkeypatch.delenv("GRIDGOV_KAFKA", raising=False)
    monkeypatch.setenv("GRIDGOV_STATE", str(tmp_path / "state"))
    for service in SERVICES:
        monkeypatch.setenv(f"GRIDGOV_{service.upper()}_DATABASE_URL", where.urls[service])
    app = typer.Typer()
    for command in (audit.audit, doctor.doctor, backup.backup, restore.restore, verify_trail.verify_trail):
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
    assert (code, "✗" in said) == (0, False), said
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


async def test_heads_that_were_kept_elsewhere_show_what_no_chain_shows(
    run: Run, sql: asyncpg.Connection, past: Past, tmp_path: Path
) -> None:
    """A command has a loop of its own, so it runs in a thread."""
    file = tmp_path / "heads.gz"
    assert (await asyncio.to_thread(run, "verify-trail", "--write-heads", str(file)))[0] == 0
    assert (await asyncio.to_thread(run, "verify-trail", "--heads", str(file)))[0] == 0
    report = await sql.fetchval(
        "UPDATE intake.trail SET body = '{}', hash = sha256(previous || uuid_send(aggregate_id) || int4send(seq)"
        " || '{}'::bytea) WHERE aggregate_id = $1 AND seq = (SELECT version FROM intake.reports WHERE id = $1)"
        " RETURNING aggregate_id", past.acked[0].id)  # fmt: skip
    assert (await asyncio.to_thread(run, "verify-trail", "--json"))[0] == 0
    code, said = await asyncio.to_thread(
        run, "verify-trail", "--json", "--heads", str(file), "--write-heads", str(tmp_path / "later.gz")
    )
    (found,) = json.loads(said)["violations"]
    assert (code, found["service"], found["id"]) == (1, "intake", str(report))
    assert not (tmp_path / "later.gz").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not gzipped",
        gzip.compress(b"something else\n", mtime=0),
        gzip.compress(f"{FIRST_LINE}\nintake nothing\n".encode(), mtime=0),
        gzip.compress(f"{FIRST_LINE}\n".encode(), mtime=0)[:-4],
    ],
    ids=["empty", "not gzipped", "something else", "a line that is none", "cut"],
)
def test_a_file_of_heads_that_is_none_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "heads").write_bytes(content)
    with pytest.raises(Refused, match="--write-heads"):
        run("verify-trail", "--heads", str(tmp_path / "heads"))
    with pytest.raises(Refused, match="exists"):
        run("verify-trail", "--write-heads", str(tmp_path / "heads"))


@pytest.mark.anyio
async def test_what_is_not_there_is_one_line_and_leaves_nothing(
    where: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database without the tables that are read, and a backup that is no file."""
    for service in SERVICES:
        monkeypatch.setenv(f"GRIDGOV_{service.upper()}_DATABASE_URL", where.urls[service])
    with pytest.raises(StartError, match="run make up first"):
        async with reach_installation(read_settings()) as found, found.engines() as engines:
            async with engines["registry"].connect() as connection:
                await connection.execute(sa.text("SELECT 1 FROM registry.to_come"))
    for service in SERVICES:
        monkeypatch.delenv(f"GRIDGOV_{service.upper()}_DATABASE_URL")
    monkeypatch.setenv("GRIDGOV_STATE", str(tmp_path / "state"))
    with pytest.raises(StartError, match="there is no file"):
        await restore._restore(tmp_path / "nowhere.tar", replace=False)
    assert not (tmp_path / "state").exists()
