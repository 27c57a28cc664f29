"""Whatever keeps `gridgov up` from starting is one clear line in Chinese and English, exit code 1, and no trace."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.embedded import FirstStart, Instance, copied, instance
from tests.support.ports import free_port
from tests.support.postgres import ground

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="not run: only root can prepare this place")


@pytest.fixture
def bare() -> Iterator[Path]:
    with ground() as path:
        yield path


def refused(up: Instance, within: float = 20) -> str:
    """The one line with which it refuses to start; nothing of it stays."""
    up.launch()
    assert up.ended(within) == 1, up.told
    assert up.said == ""
    assert up.left() == set()
    return one_line(up.told)


def one_line(told: str) -> str:
    lines = [line for line in told.splitlines() if not line.startswith("· ")]
    assert len(lines) == 1, told
    chinese, _, english = lines[0].partition(" / ")
    assert re.search(r"[\u4e00-\u9fff]", chinese), told
    assert re.search(r"[a-z]{3}", english), told
    assert "Traceback" not in told
    return lines[0]


def test_a_busy_port_names_a_free_one(bare: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder, instance(bare / "s", port=holder.getsockname()[1]) as up:
        line = refused(up)
    assert str(up.port) in line
    assert re.search(r"GRIDGOV_PORT=\d+ make up", line)
    assert not up.state.exists(), "a refused start leaves nothing"


def test_a_port_taken_while_it_started_is_busy_too(first_start: FirstStart) -> None:
    """Until one listens, two may claim the same port: the later one must say so as clearly."""
    with copied(first_start) as up, socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", up.port))
        up.launch()
        while "opening the event bus" not in up.told:
            assert up.process is not None
            assert up.process.poll() is None, up.told
        other.listen()
        assert up.ended(20) == 1
        assert f"port {up.port} is in use" in one_line(up.told)
        assert up.said == ""
        assert up.left() == set()


def test_a_second_instance_and_commands_that_need_the_state_say_who_has_it(first_start: FirstStart) -> None:
    with copied(first_start) as up:
        up.start()
        assert up.process is not None
        second = Instance(up.state, free_port())
        ran = second.run("up")
        assert ran.returncode == 1
        assert f"pid {up.process.pid}" in one_line(ran.stderr)
        with up.http() as client:
            assert client.get("/readyz").status_code == 200
        up.stop()


@pytest.mark.parametrize("command", [("token", "--role", "admin"), ("verify-trail",), ("replay", "--json")])
def test_commands_before_the_first_start_say_what_to_do(bare: Path, command: tuple[str, ...]) -> None:
    ran = Instance(bare / "s").run(*command)
    assert ran.returncode == 1
    assert "make up" in one_line(ran.stderr)
    assert not (bare / "s").exists()
    if command[0] == "token":
        assert ran.stdout == ""


def test_a_state_path_that_is_a_file_is_left_as_it_is(bare: Path) -> None:
    (bare / "s").write_text("letter")
    with instance(bare / "s") as up:
        assert "not a directory" in refused(up)
    assert (bare / "s").read_text() == "letter"


def test_other_peoples_directory_is_left_as_it_is(bare: Path) -> None:
    (bare / "s").mkdir()
    (bare / "s" / "letter.txt").write_text("dear")
    with instance(bare / "s") as up:
        assert "GRIDGOV_STATE" in refused(up)
    assert [entry.name for entry in (bare / "s").iterdir()] == ["letter.txt"]


def test_a_place_that_cannot_be_written_is_named(bare: Path) -> None:
    with unwritable(bare / "closed") as closed, instance(bare / "x", extra={"GRIDGOV_STATE": str(closed / "s")}) as up:
        line = refused(up)
    assert str(closed) in line
    assert "cannot write" in line


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"GRIDGOV_PORT": "eighty"}, "GRIDGOV_PORT=eighty"),
        ({"GRIDGOV_PORT": "0"}, "GRIDGOV_PORT=0"),
        ({"GRIDGOV_HOST": "192.0.2.1"}, "192.0.2.1"),
        ({"GRIDGOV_TRIAGE_THRESHOLD": "high"}, "GRIDGOV_TRIAGE_THRESHOLD"),
        ({"GRIDGOV_KAFKA": "somewhere"}, "GRIDGOV_KAFKA=somewhere"),
        ({"GRIDGOV_KAFKA_SECURITY": "tls"}, "GRIDGOV_KAFKA_SECURITY"),
        ({"GRIDGOV_KAFKA": "127.0.0.1:{free}", "GRIDGOV_KAFKA_USER": "u"}, "leave out GRIDGOV_KAFKA_USER"),
        ({"DATABASE_URL": "mysql://localhost/gridgov"}, "postgresql://"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:port/gridgov"}, "postgresql://"),
        ({"GRIDGOV_DATABASE_URL": "postgresql://127.0.0.1/gridgov"}, "there is no GRIDGOV_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:{free}/gridgov"}, "does not answer"),
    ],
    ids=lambda value: next(iter(value.items()))[1] if isinstance(value, Mapping) else "",
)
def test_settings_that_cannot_be_used_are_named(bare: Path, chosen: dict[str, str], says: str) -> None:
    chosen = {name: value.format(free=free_port()) for name, value in chosen.items()}
    with instance(bare / "s", extra=chosen) as up:
        assert says in refused(up)


def test_the_password_in_an_address_that_does_not_answer_is_not_repeated(bare: Path) -> None:
    address = f"postgresql://gridgov:s3cret@127.0.0.1:{free_port()}/gridgov"
    with instance(bare / "s", extra={"DATABASE_URL": address}) as up:
        assert "s3cret" not in refused(up)


def test_a_kafka_that_does_not_answer_is_waited_for_and_then_named(first_start: FirstStart) -> None:
    address = f"127.0.0.1:{free_port()}"
    with copied(first_start, extra={"GRIDGOV_KAFKA": address}) as up:
        line = refused(up, within=50)
        assert address in line
        assert "gridgov kafka start" in line
        assert f"waiting for Kafka at {address}" in up.told


@as_root
def test_a_disk_that_is_too_small_is_named(bare: Path) -> None:
    disk = bare / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", disk], check=False).returncode:
        pytest.skip("not run: no permission to mount a small disk here")
    try:
        disk.chmod(0o711)
        with instance(bare / "x", extra={"GRIDGOV_STATE": str(disk / "s")}) as up:
            assert "no space left" in refused(up)
    finally:
        subprocess.run(["umount", disk], check=True)


@contextmanager
def unwritable(path: Path) -> Iterator[Path]:
    """A directory that even root cannot write, where we are root (immutable, or else of the kernel's own)."""
    path.mkdir()
    if os.geteuid() != 0:
        path.chmod(0o500)
        yield path
        path.chmod(0o700)
        return
    if subprocess.run(["chattr", "+i", path], check=False, capture_output=True).returncode:
        yield Path("/proc")
        return
    try:
        yield path
    finally:
        subprocess.run(["chattr", "-i", path], check=True)
