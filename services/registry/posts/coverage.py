"""Coverage (岗位覆盖): whom every unit of a kind must have (docs/rules.md §1.1). Rows of data; the store finds what is missing.

Premises and their safety managers join when the fire ledgers do.
"""

from dataclasses import dataclass
from typing import Final

from services.registry.units.kinds import Kind


@dataclass(frozen=True, slots=True)
class Need:
    """Every unit of `kind` needs somebody in one of `roles`."""

    kind: Kind
    roles: tuple[str, ...]


NEEDS: Final = (
    Need(Kind.GRID, ("grid_worker",)),
    Need(Kind.COMMUNITY, ("leader", "community_secretary")),
)
