"""The hazard (隐患): one thing that is wrong, where, how bad, until when it must be put right, and who said it was. Pure.

A hazard has up to three limits: `rectify` from its finding, `recheck` (weekly) once it was transferred, `listing` once it
was reported in writing. The table in `lifecycle.py` says what each action does to them, and nothing else moves them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registry.hazards.items import Item
from services.registry.hazards.lifecycle import LIFE, Action, Listing, State
from shared.limits import TimeLimit


class Grade(StrEnum):
    """Major (重大火灾隐患) is what an element of the criteria (GB 35181) makes it."""

    GENERAL = "general"
    MAJOR = "major"


class SourceKind(StrEnum):
    """`told`: somebody entered it; all others name what it came from."""

    INSPECTION = "inspection"
    REPORT = "report"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Source:
    kind: SourceKind
    id: UUID | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which edition of the criteria, such as `GB 35181-2025`, and which of its elements made the hazard a major one."""

    edition: str
    element: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rectification sheet (整改单, 公安部令第61号 art. 32–33). Its first and third field, what is wrong and until when,
    are the hazard's own. `funds` in words; `signed_by` is who is responsible or manages and confirmed it; `signature` is
    the file of what they drew."""

    measures: str
    department: str = ""
    person: str = ""
    funds: str = ""
    interim: str = ""
    signed_by: str = ""
    signature: UUID | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """More time that was asked for (延期) and not decided: until the end of a local day."""

    by: str
    at: datetime
    until: date
    why: str


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard and where it stands. `version` counts its changes and equals the length of its trail.

    `origin` is what it was found by, once; `unit` the unit it lies in, `premises_id` the place, None outside of any.
    `rectified_by` is who said last that it was put right, `failed` how many re-inspections failed, the last at `failed_version`.
    `order_number` is its work order's, followed up to `order_version`. `moved_at` is the instant of its newest version.
    `report_photos` are photos at intake, of the report that it was made of. People are subjects.
    """

    id: UUID
    number: str
    origin: str
    street: str
    unit: str
    premises_id: UUID | None
    source: Source
    item: Item
    text: str
    grade: Grade
    criteria: Criteria | None
    found_by: str
    found_on: date
    found_at: datetime
    state: State
    rectify: TimeLimit | None
    moved_at: datetime
    version: int
    recheck: TimeLimit | None = None
    decide: TimeLimit | None = None
    sheet: Sheet | None = None
    asked: Extension | None = None
    extensions: int = 0
    rectified_by: str | None = None
    result: str | None = None
    failed: int = 0
    failed_why: str | None = None
    failed_version: int = 0
    transferred_to: str | None = None
    rechecks: int = 0
    listing: Listing = Listing.NONE
    reported_to: str | None = None
    document: str | None = None
    listed_until: date | None = None
    order_number: str | None = None
    order_version: int = 0
    closed_at: datetime | None = None
    report_photos: tuple[UUID, ...] = ()

    @property
    def limits(self) -> Mapping[str, TimeLimit]:
        """Those it has, by name; `listing` is the time in which the government decides."""
        named = {"rectify": self.rectify, "recheck": self.recheck, "listing": self.decide}
        return {name: limit for name, limit in named.items() if limit is not None}

    @property
    def recheck_by(self) -> datetime | None:
        """By when the police re-check it next; None where that is not owed."""
        return self.recheck.due_at if self.recheck is not None and self.recheck.running else None

    @property
    def due_at(self) -> datetime | None:
        """What is due next; None when no time runs."""
        return min((limit.due_at for limit in self.limits.values() if limit.running), default=None)

    @property
    def possible(self) -> tuple[Action, ...]:
        """The actions that the table has for its state, and that fit grade, listing and what is asked for."""
        return tuple(action for action in LIFE.possible(self.state) if self.fits(action))

    def fits(self, action: Action) -> bool:
        """Whether grade, listing and what is asked for are as `action` needs them."""
        return action not in _NEEDS or _NEEDS[action](self)


_NEEDS: Final[Mapping[Action, Callable[[Hazard], bool]]] = {
    Action.ASK_EXTENSION: lambda hazard: hazard.asked is None,
    Action.GRANT_EXTENSION: lambda hazard: hazard.asked is not None,
    Action.DECLINE_EXTENSION: lambda hazard: hazard.asked is not None,
    Action.JUDGE_MAJOR: lambda hazard: hazard.grade is Grade.GENERAL,
    Action.REPORT: lambda hazard: hazard.grade is Grade.MAJOR and hazard.listing is Listing.NONE,
    Action.LIST: lambda hazard: hazard.listing is Listing.REPORTED,
    Action.DECLINE_LISTING: lambda hazard: hazard.listing is Listing.REPORTED,
    Action.DELIST: lambda hazard: hazard.listing is Listing.LISTED,
}


def standing(hazard: Hazard, now: datetime) -> State:
    """Where a hazard stands that is not rectified."""
    if hazard.transferred_to is not None:
        return State.TRANSFERRED
    return State.OVERDUE if hazard.rectify is not None and hazard.rectify.due_at <= now else State.RECTIFYING
