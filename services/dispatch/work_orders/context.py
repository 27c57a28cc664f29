"""What a command may ask beside the work order: who acts, when, and the reference data of rules."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.change import Actor
from shared.units.tree import UnitTree
from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, when (with the local day), and the reference data that rules ask."""

    by: Actor
    now: datetime
    day: date
    tree: UnitTree
    calendar: Calendar
