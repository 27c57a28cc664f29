"""The seven items of a fire-safety inspection (docs/rules.md §1.5): what is looked at, and where a hazard lies."""

from collections.abc import Mapping
from typing import Final

from shared.events.registry.hazards import Item

__all__ = ["ITEMS", "ITEM_WORDS", "Item"]

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
ITEM_WORDS: Final[Mapping[str, Item]] = {
    "疏散通道": Item.EVACUATION,
    "安全出口": Item.EVACUATION,
    "消火栓": Item.FACILITIES,
    "灭火器材": Item.EXTINGUISHERS,
    "电气": Item.ELECTRICITY,
    "电气线路": Item.ELECTRICITY,
    "燃气": Item.GAS,
}
"""Other words of tables for them."""
