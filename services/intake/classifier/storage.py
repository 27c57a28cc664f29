"""Models as files: one file, a line of JSON facts with a checksum and then plain arrays. Reading runs no code of the file.

A file appears whole or not at all; a damaged or foreign one is refused.
"""

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from services.intake.classifier.categories import category_tree
from services.intake.classifier.features import Features, NGrams
from services.intake.classifier.linear import LinearClassifier
from services.intake.classifier.training import Trained, shipped_digest
from services.intake.errors import MODEL_DAMAGED, MODEL_MISSING, MODEL_OUTDATED, MODEL_UNREADABLE

_SEPARATOR = "\n"
"""Between the n-grams of a file. Cleaning removes all white space, so that no n-gram can contain it."""


def save(trained: Trained, path: Path) -> None:
    """Write the model. May raise OSError; then a file that was there before is still there, unharmed."""
    model = trained.classifier
    titles, bodies = model.features.titles, model.features.bodies
    arrays = io.BytesIO()
    np.savez_compressed(
        arrays,
        weights=model.weights,
        offsets=model.offsets,
        titles_grams=_packed(titles),
        titles_rarity=titles.rarity,
        bodies_grams=_packed(bodies),
        bodies_rarity=bodies.rarity,
    )
    payload = arrays.getvalue()
    facts = {
        **trained.facts,
        "categories": [category.code for category in model.categories],
        "sharpness": model.sharpness,
        "shipped": shipped_digest(),
    }
    line = json.dumps({"facts": facts, "sha256": _checksum(facts, payload)}, ensure_ascii=False, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".model-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(line.encode() + b"\n" + payload)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def facts_of(path: Path) -> Mapping[str, Any]:
    """What is known about a stored model. Raises as `load`."""
    return _read(path)[0]


def load(path: Path) -> LinearClassifier:
    """The stored model. Raises NotFound without a file, Invalid when it is unreadable, damaged or of another release."""
    facts, payload = _read(path)
    if facts["shipped"] != shipped_digest():
        raise MODEL_OUTDATED(file=path.name)
    categories = category_tree().by_code
    with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
        titles, bodies = (
            NGrams(bytes(arrays[f"{name}_grams"]).decode().split(_SEPARATOR), arrays[f"{name}_rarity"])
            for name in ("titles", "bodies")
        )
        return LinearClassifier(
            facts["version"],
            [categories[code] for code in facts["categories"]],
            Features(titles, bodies),
            arrays["weights"],
            arrays["offsets"],
            facts["sharpness"],
        )


def _read(path: Path) -> tuple[Mapping[str, Any], bytes]:
    try:
        line, _, payload = path.read_bytes().partition(b"\n")
    except (FileNotFoundError, NotADirectoryError):
        raise MODEL_MISSING(file=path.name) from None
    except OSError as error:
        raise MODEL_UNREADABLE(file=path.name, reason=error.strerror) from None
    try:
        head = json.loads(line)
        facts: dict[str, Any] = head["facts"]
        if head["sha256"] == _checksum(facts, payload):
            return facts, payload
    except (ValueError, KeyError, TypeError):
        pass
    raise MODEL_DAMAGED(file=path.name)


def _packed(grams: NGrams) -> Any:
    return np.frombuffer(_SEPARATOR.join(grams.grams).encode(), dtype=np.uint8)


def _checksum(facts: Mapping[str, Any], payload: bytes) -> str:
    head = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(head + b"\n" + payload).hexdigest()
