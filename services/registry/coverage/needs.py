"""Whom every unit of a kind, and every key premises, must have (docs/rules.md §1.1). Rows of data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.registry.units.kinds import Kind


class NeedKind(StrEnum):
    """What lacks somebody: a kind of units, or the premises that the fire brigade lists as 消防安全重点单位."""

    GRID = "grid"
    COMMUNITY = "community"
    KEY_PREMISES = "key_premises"


@dataclass(frozen=True, slots=True)
class Need:
    """Every unit of `kind` needs somebody in one of `roles`."""

    kind: Kind
    roles: tuple[str, ...]


NEEDS: Final = {
    NeedKind.GRID: Need(Kind.GRID, ("grid_worker",)),
    NeedKind.COMMUNITY: Need(Kind.COMMUNITY, ("leader", "community_secretary")),
}
OF_PREMISES: Final = ("safety_manager",)
"""A key premises in use has somebody who manages its fire safety (公安部令第61号 art. 7, 14): who holds the post, or is named
in its file."""
WORDS: Final = {NeedKind.GRID: "网格", NeedKind.COMMUNITY: "社区（村）", NeedKind.KEY_PREMISES: "消防安全重点单位"}
