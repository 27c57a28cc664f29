"""`gridgov classifier` as people and scripts use it."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridgov.cli.classifier import app
from services.intake.classifier.base import load_or_train
from tests.intake.classifier.examples import GIVEN, HEADER, sheet_rows

ROOT = Path(__file__).parents[3]


@pytest.fixture
def files(tmp_path):
    paths = tmp_path / "train.csv", tmp_path / "test.csv"
    for path, rows in zip(paths, (sheet_rows(GIVEN[::2]), sheet_rows(GIVEN[1::2])), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
    return [str(path) for path in paths]


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_evaluate_ends_with_one_json_object(files):
    result = run("evaluate", "--train", files[0], "--test", files[1], "--json")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output.splitlines()[-1])
    assert figures["macro_f1"] == figures["accuracy"] == figures["top3"] == 1.0
    assert figures["messages"] == 6
    assert figures["messages_per_second"] > 0


def test_evaluate_shows_a_person_every_category(files):
    result = run("evaluate", "--train", files[0], "--test", files[1])
    assert result.exit_code == 0, result.output
    assert "交通运输" in result.output
    assert "卫生计生" in result.output
    assert "macro-F1 1.0000" in result.output


def test_a_test_category_that_was_not_trained_counts_as_missed(files, tmp_path):
    path = tmp_path / "other.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, ["1", "U", "低保被取消", "", "民政局停了低保", "民政"]])
    result = run("evaluate", "--train", files[0], "--test", str(path), "--json")
    assert json.loads(result.output.splitlines()[-1])["accuracy"] == 0


def test_train_leaves_a_versioned_model_that_a_service_and_show_pick_up(files, tmp_path):
    out = tmp_path / "models"
    trained = run("train", "--data", files[0], "--out", str(out), "--json")
    assert trained.exit_code == 0, trained.output
    facts = json.loads(trained.output.splitlines()[-1])
    assert sorted(file.name for file in out.iterdir()) == sorted([f"{facts['version']}.model", "current.model"])
    assert load_or_train(out).version == facts["version"]
    shown = json.loads(run("show", "--dir", str(out), "--json").output.splitlines()[-1])
    assert shown["version"] == facts["version"]
    assert shown["given_messages"] == 6


def test_show_tells_of_the_base_model_that_a_start_has_kept(base_model, model_dir):
    shown = json.loads(run("show", "--dir", str(model_dir), "--json").output.splitlines()[-1])
    assert shown["version"] == base_model.version
    assert shown["given_messages"] == 0


def test_show_without_a_model_tells_of_the_built_in_one():
    result = run("show", "--json")
    assert len(json.loads(result.output)["categories"]) == 15


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "--train", "none.xlsx", "--test", "none.xlsx"],
        ["train", "--data", "none.csv", "--out", "models"],
        ["show", "--dir", "none.model"],
        ["show", "--dir", "."],
        ["show", "--dir", __file__],
    ],
)
def test_a_bad_file_gives_one_line_in_two_languages_and_exit_code_2(arguments, tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "gridgov.cli.classifier", *arguments],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert " / " in line
    assert "Traceback" not in line


def test_a_directory_that_cannot_be_written_is_said_plainly(files, tmp_path):
    (tmp_path / "file").write_text("")
    result = run("train", "--data", files[0], "--out", str(tmp_path / "file" / "models"))
    assert result.exit_code == 2
    assert not isinstance(result.exception, OSError)
