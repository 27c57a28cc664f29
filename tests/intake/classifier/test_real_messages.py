"""The bar on real labelled messages, where they lie beside the repository."""

import os
from pathlib import Path

import pytest

from services.intake.classifier.evaluation import evaluate
from services.intake.classifier.labelled_file import read_labelled
from services.intake.classifier.training import train

BESIDE = Path(__file__).parents[4] / "shared" / "data" / "messages"


@pytest.fixture(scope="module")
def labelled():
    path = Path(os.environ.get("GRIDGOV_DATA", BESIDE)) / "labelled.xlsx"
    if not path.exists():
        pytest.skip("not run: the real messages (labelled.xlsx) are not beside the repository")
    return read_labelled(path)


@pytest.mark.realdata
def test_what_is_learned_from_a_half_holds_on_the_other_half(labelled, a_day):
    """Every second message: exact duplicates across the halves are left out."""
    train_rows = labelled[::2]
    known = {row.title for row in train_rows}
    test_rows = [row for row in labelled[1::2] if row.title not in known]
    model = train(train_rows, a_day).classifier.only({row.code for row in train_rows})
    result = evaluate(model, test_rows)
    assert result.macro_f1 >= 0.84
    assert result.top3 >= 0.97


@pytest.mark.realdata
def test_the_base_model_knows_real_messages_it_has_never_learned_from(labelled, base_model):
    result = evaluate(base_model.only({row.code for row in labelled}), labelled)
    assert result.macro_f1 >= 0.84
    assert result.top3 >= 0.97
