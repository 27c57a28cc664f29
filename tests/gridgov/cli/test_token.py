"""`gridgov token` warns of a unit that does not exist, where GridGov runs and can be asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gridgov.cli.token import token
from gridgov.local.state import StateDirectory


class Registry(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the name that http.server wants
        known = self.path == "/registry/units/A7" and self.headers["authorization"].startswith("Bearer ey")
        self.send_response(200 if known else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests read the command's output."""


@contextmanager
def listening() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("unit", "warned"), [("A7", False), ("A9", True), (None, False)])
def test_a_unit_that_is_not_there_is_said(
    unit: str | None, warned: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDGOV_STATE", str(tmp_path / "state"))
    with StateDirectory.open(tmp_path / "state"):
        pass
    app = typer.Typer()
    app.command()(token)
    with listening() as port:
        monkeypatch.setenv("GRIDGOV_PORT", str(port))
        told = CliRunner().invoke(app, ["--role", "leader", *(["--unit", unit] if unit else [])])
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("ey")
    assert len(told.stdout.split()) == 1
    assert ("没有单位" in told.stderr) is warned
