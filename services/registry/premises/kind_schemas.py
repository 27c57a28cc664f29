"""What kinds of premises there are, and what areas count as a key unit or a small place: rows of `data/`, as hints."""

import csv
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from services.registry.premises.kinds import CATEGORIES, USES, Category, Use

_DATA: Final = Path(__file__).with_name("data")


class KindOut(BaseModel):
    code: Category
    zh: str


class UseOut(BaseModel):
    code: Use
    zh: str


class Threshold(BaseModel):
    """What `area` says of a kind of place; `threshold` is empty where its size does not matter. `certainty`: S read in
    the text of the rule, W from a web page."""

    area: str
    kind: str
    threshold: str
    source: str
    certainty: str


class KindsOut(BaseModel):
    """`key_units` and `small_places` differ by area and decide nothing: people do, and the fire brigade lists key units
    (消防法 art. 17)."""

    categories: list[KindOut]
    uses: list[UseOut]
    key_units: list[Threshold]
    small_places: list[Threshold]


def _rows(name: str) -> list[Threshold]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return [Threshold.model_validate(row) for row in csv.DictReader(file)]


KINDS: Final = KindsOut(
    categories=[KindOut(code=code, zh=zh) for code, zh in CATEGORIES.items()],
    uses=[UseOut(code=code, zh=zh) for code, zh in USES.items()],
    key_units=_rows("key_unit_thresholds.csv"),
    small_places=_rows("small_places.csv"),
)
