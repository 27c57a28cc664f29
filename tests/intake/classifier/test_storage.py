"""A model file comes back as it was written, or is refused."""

import json

import pytest

from services.intake.classifier import storage
from services.intake.classifier.port import Text
from services.intake.classifier.training import own_texts
from shared.errors import Invalid, NotFound

TEXTS = [Text(row.title, row.body) for row in own_texts()[::5]]


@pytest.fixture
def file(small_model, tmp_path):
    path = tmp_path / "deep" / "a.model"
    storage.save(small_model, path)
    return path


def test_a_stored_model_answers_as_before(small_model, file):
    assert storage.load(file).suggest(TEXTS) == small_model.classifier.suggest(TEXTS)
    assert storage.facts_of(file)["version"] == small_model.classifier.version
    assert [found.name for found in file.parent.iterdir()] == ["a.model"]


@pytest.mark.parametrize("place", [5, 200, -10, -2000])
def test_one_changed_byte_is_refused(file, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    _refused(file, "classifier_model_damaged")


@pytest.mark.parametrize("keep", [0, 1, 100, 5000])
def test_a_cut_file_is_refused(file, keep):
    file.write_bytes(file.read_bytes()[:keep])
    _refused(file, "classifier_model_damaged")


@pytest.mark.parametrize("content", [b"[]\n", b"null\nx", b"\x80\x04pickle", b'{"facts": 1, "sha256": "x"}\n'])
def test_a_foreign_file_is_refused(tmp_path, content):
    path = tmp_path / "foreign.model"
    path.write_bytes(content)
    _refused(path, "classifier_model_damaged")


def test_a_model_of_another_release_is_refused(small_model, file, monkeypatch):
    monkeypatch.setattr(storage, "shipped_digest", lambda: "another")
    _refused(file, "classifier_model_outdated")


def test_a_missing_model_says_how_to_get_one(tmp_path):
    with pytest.raises(NotFound) as error:
        storage.load(tmp_path / "none.model")
    assert "classifier train" in error.value.zh


def test_a_failed_write_leaves_the_old_file_and_no_debris(small_model, file, monkeypatch):
    before = file.read_bytes()

    def no_space(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        storage.save(small_model, file)
    assert file.read_bytes() == before
    assert len(list(file.parent.iterdir())) == 1


def test_the_facts_are_readable_without_this_program(file):
    line = file.read_bytes().split(b"\n", 1)[0]
    assert json.loads(line)["facts"]["own_texts"] == len(own_texts())


def _refused(path, code):
    with pytest.raises(Invalid) as error:
        storage.load(path)
    assert error.value.code == code
