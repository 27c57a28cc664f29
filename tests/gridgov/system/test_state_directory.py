"""The state directory: private, for one instance at a time, and refused with one clear line when it cannot be used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gridgov.local.errors import AlreadyRunning, StateBroken, StateUnwritable
from gridgov.local.state import FORMAT, StateDirectory, state_path


def test_a_new_one_is_for_its_owner_only_and_keeps_its_secrets(tmp_path: Path) -> None:
    with StateDirectory.open(tmp_path / "state") as state:
        first = state.secret("token")
        assert state.path.stat().st_mode & 0o777 == 0o700
        assert state.secrets.stat().st_mode & 0o777 == 0o700
        assert (state.secrets / "token").stat().st_mode & 0o777 == 0o600
    with StateDirectory.open(tmp_path / "state") as again:
        assert again.secret("token") == first
        assert again.secret("other") != first
        assert again.identity == state.identity


def test_a_second_instance_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    code = "from pathlib import Path; from gridgov.local.state import StateDirectory; import sys\n"
    code += "state = StateDirectory.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "state")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(AlreadyRunning) as refused:
            StateDirectory.open(tmp_path / "state")
        assert f"pid {holder.pid}" in refused.value.zh
        assert f"pid {holder.pid}" in refused.value.en
        assert "\n" not in refused.value.line
        assert StateDirectory.peek(tmp_path / "state").identity
        holder.kill()
    StateDirectory.open(tmp_path / "state").close()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 1}', '{"format": "x", "id": "a"}', '{"format":0,"id":"a"}']
)
def test_a_broken_version_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(StateBroken, match=r"state\.json"):
        StateDirectory.open(tmp_path)
    (tmp_path / "state.json").unlink()
    StateDirectory.open(tmp_path).close()


def test_a_newer_format_asks_for_a_newer_program(tmp_path: Path) -> None:
    StateDirectory.open(tmp_path / "state").close()
    file = tmp_path / "state" / "state.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": FORMAT + 1}))
    with pytest.raises(StateBroken, match="upgrade"):
        StateDirectory.open(tmp_path / "state")


def test_a_directory_with_other_peoples_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    tmp_path.chmod(0o755)
    with pytest.raises(StateBroken, match="GRIDGOV_STATE"):
        StateDirectory.open(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_creation_cut_short_is_taken_up_again(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("")
    (tmp_path / "state.json.new").write_text("{")
    StateDirectory.open(tmp_path).close()


def test_a_file_in_its_place_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StateUnwritable, match="not a directory"):
        StateDirectory.open(tmp_path / "state")


def test_a_place_that_cannot_be_written_is_one_clear_line() -> None:
    with pytest.raises(StateUnwritable, match="cannot write"):
        StateDirectory.open(Path("/proc/gridgov-state"))


def test_looking_before_the_first_start_says_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(StateBroken, match="make up"):
        StateDirectory.peek(tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_the_environment_chooses_the_path(tmp_path: Path) -> None:
    assert state_path({"GRIDGOV_STATE": str(tmp_path)}) == tmp_path
    assert state_path({}) == Path(__file__).resolve().parents[3] / ".state"
    assert state_path({"GRIDGOV_STATE": ""}).name == ".state"
    assert state_path({"GRIDGOV_STATE": "there"}) == Path.cwd() / "there"
