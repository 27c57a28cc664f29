"""Sealed fields: readable only with their key, in their own place, untouched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from shared.field_cipher import Damaged, FieldCipher, KeyMissing

TEXTS = ["王小明", "", "13900001111", "🙂 é\x00", "长" * 5000]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_what_was_sealed_opens_in_its_own_context(tmp_path: Path, text: str) -> None:
    cipher = FieldCipher(tmp_path)
    sealed = cipher.encrypt(text, "report/1/name")
    assert cipher.decrypt(sealed, "report/1/name") == text
    assert not text or text.encode() not in sealed


def test_the_same_text_is_never_sealed_the_same_way(tmp_path: Path) -> None:
    cipher = FieldCipher(tmp_path)
    assert len({cipher.encrypt("王小明", "c") for _ in range(20)}) == 20


def test_a_ciphertext_moved_to_another_row_does_not_open(tmp_path: Path) -> None:
    cipher = FieldCipher(tmp_path)
    sealed = cipher.encrypt("王小明", "report/1/name")
    for context in ("report/2/name", "report/1/phone", ""):
        with pytest.raises(Damaged):
            cipher.decrypt(sealed, context)


def test_every_changed_byte_and_every_cut_is_noticed(tmp_path: Path) -> None:
    cipher = FieldCipher(tmp_path)
    sealed = cipher.encrypt("王小明", "c")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(KeyMissing if place < 4 else Damaged):
            cipher.decrypt(bytes(changed), "c")
        with pytest.raises(Damaged):
            cipher.decrypt(sealed[:place], "c")


def add_key(keys: Path, key_id: str, seconds: int) -> Path:
    file = keys / f"field-{key_id}.key"
    file.write_bytes(os.urandom(32))
    os.utime(file, (seconds, seconds))
    return file


def test_the_newest_key_seals_and_the_old_ones_still_open(tmp_path: Path) -> None:
    add_key(tmp_path, "ffffffff", 1_000)
    old = FieldCipher(tmp_path).encrypt("old", "c")
    newest = add_key(tmp_path, "00000000", 2_000)
    cipher = FieldCipher(tmp_path)
    new = cipher.encrypt("new", "c")
    assert (old[:4].hex(), new[:4].hex()) == ("ffffffff", "00000000")
    assert (cipher.decrypt(old, "c"), cipher.decrypt(new, "c")) == ("old", "new")
    newest.unlink()
    with pytest.raises(KeyMissing, match="field-00000000"):
        FieldCipher(tmp_path).decrypt(new, "c")


def test_a_running_process_finds_the_key_that_another_brought_meanwhile(tmp_path: Path) -> None:
    running = FieldCipher(tmp_path)
    add_key(tmp_path, "00000000", 4_000_000_000)
    assert running.decrypt(FieldCipher(tmp_path).encrypt("new", "c"), "c") == "new"
    assert running.encrypt("x", "c")[:4].hex() == "00000000"


def test_a_key_that_was_put_back_badly_is_missing_is_told_once_and_found_once_it_is_whole(tmp_path: Path) -> None:
    lost = FieldCipher(tmp_path / "before").encrypt("lost", "c")
    (whole,) = (tmp_path / "before").iterdir()
    cipher = FieldCipher(tmp_path / "keys")
    fine = cipher.encrypt("fine", "c")
    (tmp_path / "keys" / "field-whatever.key").write_bytes(b"")
    put_back = tmp_path / "keys" / whole.name
    put_back.write_bytes(whole.read_bytes()[:16])
    with capture_logs() as told:
        for _ in range(3):
            with pytest.raises(KeyMissing, match=whole.name):
                cipher.decrypt(lost, "c")
        assert cipher.decrypt(fine, "c") == FieldCipher(tmp_path / "keys").decrypt(fine, "c") == "fine"
    assert [(line["event"], line["key_file"]) for line in told] == [("fields.key_missing", whole.name)]
    put_back.write_bytes(whole.read_bytes())
    assert cipher.decrypt(lost, "c") == "lost"


def test_only_the_owner_may_read_keys_and_directory(tmp_path: Path) -> None:
    keys = tmp_path / "secrets" / "fields"
    FieldCipher(keys)
    (key,) = keys.iterdir()
    assert (key.stat().st_mode & 0o777, keys.stat().st_mode & 0o777) == (0o600, 0o700)


_START = """
import sys, time
from pathlib import Path
from shared.field_cipher import FieldCipher
print("ready", flush=True)
sys.stdin.readline()
print(FieldCipher(Path(sys.argv[1])).encrypt("王小明", "c").hex(), flush=True)
"""


def test_processes_that_start_at_once_on_an_empty_directory_read_each_other(tmp_path: Path) -> None:
    """Each is held before it looks for keys, and all are let go together."""
    for turn in range(4):
        keys = tmp_path / str(turn)
        started = [
            subprocess.Popen(
                [sys.executable, "-c", _START, str(keys)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(4)
        ]
        for process in started:
            assert process.stdout.readline() == "ready\n"
        for process in started:
            process.stdin.write("\n")
            process.stdin.flush()
        sealed = [bytes.fromhex(process.communicate(timeout=30)[0]) for process in started]
        assert len([*keys.glob("field-*.key")]) == 1
        cipher = FieldCipher(keys)
        assert [cipher.decrypt(one, "c") for one in sealed] == ["王小明"] * 4


def test_without_any_key_left_a_field_is_unreadable_and_nothing_else_fails(tmp_path: Path) -> None:
    old = FieldCipher(tmp_path / "old").encrypt("old", "c")
    cipher = FieldCipher(tmp_path / "new")
    for key in (tmp_path / "new").iterdir():
        key.unlink()
    with pytest.raises(KeyMissing):
        cipher.decrypt(old, "c")
    assert cipher.decrypt(cipher.encrypt("new", "c"), "c") == "new"
