"""One base model per test process: training takes seconds and it never changes."""

from datetime import date

import pytest

from services.intake.classifier.base import load_or_train
from services.intake.classifier.training import train
from tests.intake.classifier.examples import GIVEN


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def base_model(model_dir):
    return load_or_train(model_dir)


@pytest.fixture(scope="session")
def a_day():
    return date(2026, 11, 18)


@pytest.fixture(scope="session")
def small_model(a_day):
    """Trained from the dozen examples beside the shipped texts."""
    return train(GIVEN, a_day)
