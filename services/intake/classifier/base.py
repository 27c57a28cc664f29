"""Which classifier a service starts with: the one trained by command when there is one, else the base model, which is
trained from the shipped texts at first start and kept in the state directory."""

from datetime import date
from pathlib import Path

import structlog

from services.intake.classifier import storage
from services.intake.classifier.lexicon import lexicon
from services.intake.classifier.linear import LinearClassifier
from services.intake.classifier.training import Trained, train, version_of
from shared.errors import Invalid, NotFound

CURRENT = "current.model"
"""The file that `gridgov classifier train --out DIR` leaves in DIR and that a start with DIR picks up."""

MODEL_NOT_KEPT = "classifier.model_not_kept"
MODEL_REPLACED = "classifier.base_model_replaced"

_log = structlog.get_logger(__name__)


def load_or_train(state_dir: Path) -> LinearClassifier:
    """Load from `state_dir`, or train the base model (seconds) and keep it there.

    Any number of processes may start at once: files appear whole, and all train the same model. A damaged base model
    is made anew; a directory that cannot be written costs only the time to train again at the next start. A damaged or
    outdated model that somebody trained by command raises Invalid: to fall back in silence would change decisions.
    """
    try:
        return storage.load(state_dir / CURRENT)
    except NotFound:
        pass
    day = date.fromisoformat(lexicon().edition)
    path = state_dir / f"base-{version_of((), day)}.model"
    try:
        return storage.load(path)
    except NotFound:
        pass
    except Invalid as error:
        _log.warning(MODEL_REPLACED, file=path.name, reason=str(error))
    trained: Trained = train((), day)
    try:
        storage.save(trained, path)
    except OSError as error:
        _log.warning(MODEL_NOT_KEPT, file=path.name, reason=str(error))
    return trained.classifier
