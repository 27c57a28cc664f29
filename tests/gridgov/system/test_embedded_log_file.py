"""The log file of the embedded form stays bounded, and no trouble with it reaches who writes to it."""

import shutil
from pathlib import Path

from gridgov.local.log_file import KEPT, LogFile


def test_it_turns_over_at_its_size_and_keeps_a_few(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "log", largest=100)
    for number in range(60):
        log.write(f"line {number:03}\n")
    log.close()
    assert {file.name for file in tmp_path.iterdir()} == {"log", *(f"log.{number}" for number in range(1, KEPT + 1))}
    assert all(file.stat().st_size <= 100 for file in tmp_path.iterdir())
    assert (tmp_path / "log").read_text().endswith("line 059\n")
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


def test_a_later_start_goes_on_where_the_earlier_one_ended(tmp_path: Path) -> None:
    for word in ("first\n", "second\n"):
        log = LogFile(tmp_path / "log")
        log.write(word)
        log.close()
    assert (tmp_path / "log").read_text() == "first\nsecond\n"


def test_a_line_that_cannot_be_written_is_lost_and_nothing_else(tmp_path: Path) -> None:
    full = LogFile(Path("/dev/full"))
    assert full.write("no room\n") == 8
    full.close()
    (tmp_path / "logs").mkdir()
    gone = LogFile(tmp_path / "logs" / "log", largest=10)
    gone.write("123456789\n")
    shutil.rmtree(tmp_path / "logs")
    gone.write("next\n")
    (tmp_path / "logs").mkdir()
    gone.write("after\n")
    gone.close()
    assert (tmp_path / "logs" / "log").read_text() == "after\n"
