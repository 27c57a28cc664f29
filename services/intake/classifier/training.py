"""Training: labelled messages and the shipped texts in, a `LinearClassifier` out. The only module that needs scikit-learn.

The same messages, in any order, with the same shipped data and settings give the same version and the same weights.
scikit-learn is imported where it is called: a start that only loads a model does not wait a second for it.
"""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.intake.classifier.categories import DATA, category_tree
from services.intake.classifier.features import (
    LEXICON_BODY_LIMIT,
    LEXICON_TITLE_WEIGHT,
    LEXICON_WEIGHT,
    Features,
    Rows,
)
from services.intake.classifier.linear import LinearClassifier, softmax
from services.intake.classifier.port import Text

SETTINGS: Mapping[str, float] = {
    "format": 3,
    "penalty": 0.5,
    "own_text_weight": 0.5,
    "lexicon_weight": LEXICON_WEIGHT,
    "lexicon_title_weight": LEXICON_TITLE_WEIGHT,
    "lexicon_body_limit": LEXICON_BODY_LIMIT,
    "caution": 0.8,
}
"""What shapes a model besides its data. A change of code that changes models raises `format`.

`caution` lowers the fitted sharpness of confidences: the lexicon and the shipped texts were written by somebody who knew
messages like the ones it is fitted on, so that unseen messages are a little harder than the fit believes.
"""

SHARPNESS = np.geomspace(0.5, 12, 60)
CALIBRATION_FOLDS = 5
CALIBRATION_MINIMUM = 100
"""With fewer given messages than this the confidence is fitted on the shipped texts too."""


@dataclass(frozen=True, slots=True, order=True)
class Labelled:
    """A message and the code of the category that a person gave it."""

    code: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with what one wants to know about it later."""

    classifier: LinearClassifier
    facts: Mapping[str, Any]


@cache
def own_texts() -> tuple[Labelled, ...]:
    """The messages written for this project: every category has some, so that a fresh machine can suggest at once."""
    with (DATA / "training.csv").open(encoding="utf-8", newline="") as file:
        return tuple(sorted(Labelled(row["category"], row["title"], row["body"]) for row in csv.DictReader(file)))


@cache
def shipped_digest() -> str:
    """Changes whenever the shipped texts, the lexicon, the tree or the settings do."""
    digest = hashlib.sha256(json.dumps(SETTINGS, sort_keys=True).encode())
    for name in ("training.csv", "lexicon.json", "categories.json"):
        digest.update((DATA / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def version_of(given: Sequence[Labelled], day: date) -> str:
    """`<day>-<12 hex digits of the given messages, the shipped data and the settings>`."""
    rows = json.dumps([(row.code, row.title, row.body) for row in sorted(given)], ensure_ascii=False)
    digest = hashlib.sha256((shipped_digest() + rows).encode("utf-8", "surrogatepass"))
    return f"{day.isoformat()}-{digest.hexdigest()[:12]}"


def train(given: Sequence[Labelled], day: date) -> Trained:
    """A model of all categories from the given messages (possibly none) and the shipped texts. `day` is for its name."""
    rows = [*sorted(given), *own_texts()]
    own_weight = SETTINGS["own_text_weight"] if given else 1.0
    importance = np.array([1.0] * len(given) + [own_weight] * len(own_texts()))
    texts = [Text(row.title, row.body) for row in rows]
    categories = category_tree().categories
    place = {category.code: index for index, category in enumerate(categories)}
    labels = np.array([place[row.code] for row in rows])
    features = Features.of(texts)
    matrix = _matrix(features.rows(texts), features.size)

    margins = _held_out_margins(matrix, labels, importance)
    judged = np.arange(len(given)) if len(given) >= CALIBRATION_MINIMUM else np.arange(len(rows))
    sharpness = SETTINGS["caution"] * _sharpness(margins[judged], labels[judged])
    model = _fit(matrix, labels, importance)
    classifier = LinearClassifier(
        version_of(given, day), categories, features, model.coef_.T, model.intercept_, sharpness
    )
    return Trained(
        classifier,
        {
            "version": classifier.version,
            "given_messages": len(given),
            "given_by_category": dict(sorted(Counter(row.code for row in given).items())),
            "own_texts": len(own_texts()),
            "held_out_accuracy": round(float((margins[judged].argmax(axis=1) == labels[judged]).mean()), 4),
            "sharpness": round(sharpness, 4),
            "settings": dict(SETTINGS),
        },
    )


def _matrix(rows: Rows, width: int) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - only to train: seconds and 100 MB

    return csr_matrix((rows.values.astype(np.float64), rows.indices, rows.starts), shape=(len(rows.starts) - 1, width))


def _fit(matrix: Any, labels: NDArray[Any], importance: NDArray[Any]) -> Any:
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - only to train: seconds and 100 MB

    model = LinearSVC(C=SETTINGS["penalty"], class_weight="balanced", random_state=0, max_iter=5000)
    return model.fit(matrix, labels, sample_weight=importance)


def _held_out_margins(matrix: Any, labels: NDArray[Any], importance: NDArray[Any]) -> NDArray[np.float64]:
    """The margins each text gets from models that have not seen it: the honest basis for a confidence."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415 - only to train: seconds and 100 MB

    margins = np.empty((len(labels), len(category_tree().categories)))
    folds = StratifiedKFold(CALIBRATION_FOLDS, shuffle=True, random_state=0)
    for seen, unseen in folds.split(labels, labels):
        margins[unseen] = _fit(matrix[seen], labels[seen], importance[seen]).decision_function(matrix[unseen])
    return margins


def _sharpness(margins: NDArray[np.float64], labels: NDArray[Any]) -> float:
    """The factor under which the softmax of the margins is most truthful (least log loss)."""
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(margins, value)[rows, labels] + 1e-12).mean() for value in SHARPNESS]
    return float(SHARPNESS[int(np.argmin(losses))])
