"""The responsibility catalogue (权责清单): which category is whose duty, how urgent, with which limits. Versioned data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shared.worktime.limits import Limit, parse_limit


class Priority(StrEnum):
    CRITICAL = "critical"
    URGENT = "urgent"
    NORMAL = "normal"
    COMPLEX = "complex"


class Tier(StrEnum):
    """Who handles it at the lowest: what the community can solve, it solves; what is above it goes up."""

    COMMUNITY = "community"
    STREET = "street"
    JOINT_MEETING = "joint_meeting"
    CONSULTATION = "consultation"


@dataclass(frozen=True, slots=True)
class Rule:
    """For one first-level category: the function that leads, the tier that handles it, priority and limits.

    `category` "*" is the rule for what no other rule names. `condition` is the filing condition (立案条件) that the
    limits belong to, `closing_condition` (结案条件) what whoever verifies must find; with `check_photo` a grid worker's
    check needs a photo.
    """

    id: str
    category: str
    function: str
    priority: Priority
    tier: Tier
    accept: Limit
    resolve: Limit
    condition: str | None = None
    closing_condition: str | None = None
    check_photo: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version, in force from a local day on until a later one takes over."""

    version: str
    effective_from: date
    rules: tuple[Rule, ...]

    def rule_for(self, category: str) -> Rule:
        """The rule of a category, else the catch-all rule (every catalogue has one)."""
        return next((r for r in self.rules if r.category == category), self.rules[-1])


def read_catalogue(data: Mapping[str, Any]) -> Catalogue:
    """A catalogue from its JSON form (`services/dispatch/data/responsibility.json` shows it).

    Raises ValueError when it has no catch-all rule at the end, or a priority, tier or limit cannot be read.
    """
    rules = tuple(
        Rule(
            id=row["id"],
            category=row["category"],
            function=row["function"],
            priority=Priority(row["priority"]),
            tier=Tier(row["tier"]),
            accept=parse_limit(row["accept"]),
            resolve=parse_limit(row["resolve"]),
            condition=row.get("condition"),
            closing_condition=row.get("closing_condition"),
            check_photo=row.get("check_photo", False),
        )
        for row in data["rules"]
    )
    if not rules or rules[-1].category != "*":
        raise ValueError("the last rule of a catalogue must be the catch-all rule, category '*'")
    return Catalogue(data["version"], date.fromisoformat(data["effective_from"]), rules)
