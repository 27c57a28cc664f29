"""The checklists of `data/checklists.json`: every version, the newest ones, and those that fit."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.registry.inspections.checklists import Checklist, Inspector, Lists, checklist_of, read
from services.registry.premises.kinds import Category

_DATA: Final = Path(__file__).parents[1] / "data" / "checklists.json"
_ROWS: Final = json.loads(_DATA.read_text("utf-8"))
VERSIONS: Final[Lists] = {(row["code"], row["version"]): checklist_of(row) for row in _ROWS}
"""Every version that an inspection may name."""
NEWEST: Final[Mapping[str, Checklist]] = read(_ROWS)

SEVEN_ITEMS: Final = "seven_items"
"""The list that asks nothing but the seven items: what past inspections are entered by."""


def offered(*, category: Category | None, inspector: Inspector | None) -> list[Checklist]:
    """The newest lists: all, or those for premises of `category` and of one kind of `inspector` where named."""
    return [
        one
        for one in NEWEST.values()
        if (category is None or one.fits(category)) and (inspector is None or inspector in one.inspectors)
    ]
