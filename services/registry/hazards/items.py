"""The seven items of a fire-safety inspection (docs/rules.md §1.5): what is looked at, and where a hazard lies."""

from collections.abc import Mapping
from typing import Final

from shared.events.registry.hazards import Item

__all__ = ["ITEMS", "Item"]

ITEMS: Final[Mapping[Item, tuple[str, str]]] = {
    Item.EVACUATION: ("疏散", "evacuation"),
    Item.FACILITIES: ("消防设施", "fire facilities"),
    Item.EXTINGUISHERS: ("灭火器", "extinguishers"),
    Item.FIRE_USE: ("用火", "use of fire"),
    Item.ELECTRICITY: ("用电", "electricity"),
    Item.GAS: ("用气", "gas"),
    Item.OIL: ("用油", "oil"),
}
"""In Chinese and English."""
