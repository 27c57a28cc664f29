"""A shift (值班): when the holders of a role in a unit, or one of them, are on duty. Pure.

It comes back on weekdays or falls on single days, in local times (Asia/Shanghai). One that ends before it begins goes on
into the next day; one that ends when it begins lasts 24 hours. A shift is made once, and may be ended.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from services.registry.errors import (
    SHIFT_DAYS_OR_WEEKDAYS,
    SHIFT_END_OUT_OF_RANGE,
    SHIFT_ENDED,
    SHIFT_VALID_FROM_OUT_OF_RANGE,
    SHIFT_VALID_TO_OUT_OF_RANGE,
)
from services.registry.posts.post import Post, require_held_in
from services.registry.units.unit import UnitState
from shared.change import Actor, Change
from shared.units.passing import Succession

AROUND: Final = timedelta(days=366)
"""How far from today a shift may begin."""
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """`person` is None where it is a shift of all who hold the role. `weekdays` from Monday 1 to Sunday 7, or `days`, one
    of them empty; `begins` and `ends` such as 08:00. It holds from `valid_from` to the day before `valid_to`."""

    id: UUID
    unit: str
    role: str
    person: str | None
    weekdays: tuple[int, ...]
    days: tuple[date, ...]
    begins: str
    ends: str
    valid_from: date
    valid_to: date | None
    version: int

    @property
    def key(self) -> tuple[object, ...]:
        """By what the same shift is known again."""
        return (
            self.unit, self.role, self.person, self.weekdays, self.days, self.begins, self.ends, self.valid_from,
        )  # fmt: skip

    def is_of(self, post: Post) -> bool:
        return self.unit == post.unit and self.role == post.role and self.person in (None, post.person)

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def begins_on(self, day: date) -> bool:
        """Whether a shift begins on a local day."""
        return self.holds_on(day) and (day in self.days if self.days else day.isoweekday() in self.weekdays)

    def until(self, at: datetime) -> datetime | None:
        """When the shift that runs at `at`, an instant in the local zone, ends (UTC); None where none runs."""
        begins, ends = time.fromisoformat(self.begins), time.fromisoformat(self.ends)
        for day in (at.date(), at.date() - DAY):
            if self.begins_on(day):
                end = datetime.combine(day if begins < ends else day + DAY, ends, at.tzinfo)
                if datetime.combine(day, begins, at.tzinfo) <= at < end:
                    return end.astimezone(UTC)
        return None


def plan(
    shift: Shift, unit: UnitState | None, *, by: Actor, now: datetime, today: date, why: str | None
) -> Change[Shift]:
    """A new shift (version 1). Raises Invalid."""
    require_held_in(shift.role, unit, today)
    if bool(shift.weekdays) == bool(shift.days):
        raise SHIFT_DAYS_OR_WEEKDAYS()
    if abs(shift.valid_from - today) > AROUND:
        raise SHIFT_VALID_FROM_OUT_OF_RANGE()
    if shift.valid_to is not None and not shift.valid_from < shift.valid_to <= today + 2 * AROUND:
        raise SHIFT_VALID_TO_OUT_OF_RANGE()
    return _change(shift, "plan", by, now, why, {"unit": shift.unit, "role": shift.role, "person": shift.person})


def end(shift: Shift, on: date, *, by: Actor, now: datetime, today: date, why: str | None) -> Change[Shift]:
    """The shift, not begun any more from `on` on. Raises Conflict when it ends by then already, Invalid for the day."""
    if shift.valid_to is not None and shift.valid_to <= on:
        raise SHIFT_ENDED(data={"valid_to": shift.valid_to})
    if not shift.valid_from <= on <= today + AROUND:
        raise SHIFT_END_OUT_OF_RANGE()
    ended = replace(shift, valid_to=on, version=shift.version + 1)
    return _change(ended, "end", by, now, why, {"valid_to": on.isoformat()})


def succeed(shift: Shift, succession: Succession, *, by: Actor, now: datetime) -> Change[Shift]:
    """The shift in the unit that succeeds its own; one that held before ends there, so that the past stays known."""
    from_then = succession.effective_from
    after = replace(shift, unit=succession.successor, version=shift.version + 1)
    if shift.valid_from < from_then:
        after = replace(after, unit=shift.unit, days=_days(shift, until=from_then), valid_to=from_then)
    return Change(after, "succeed", by, now, what=succession.trail())


def go_on(shift: Shift, succession: Succession, id: UUID, *, by: Actor, now: datetime) -> Change[Shift] | None:
    """What begins at the successor of a shift that ends with its unit; None where the shift itself goes there."""
    from_then = succession.effective_from
    if shift.valid_from >= from_then:
        return None
    days = tuple(day for day in shift.days if day >= from_then)
    made = replace(
        shift, id=id, unit=succession.successor, days=days, valid_from=days[0] if days else from_then, version=1
    )
    return Change(made, "plan", by, now, what=succession.trail())


def _days(shift: Shift, *, until: date) -> tuple[date, ...]:
    return tuple(day for day in shift.days if day < until)


def spanned(shift: Shift) -> Shift:
    """A shift of single days, in order, which holds from the first to the last of them; another as it is."""
    if not shift.days:
        return replace(shift, weekdays=tuple(sorted(set(shift.weekdays))))
    days = tuple(sorted(set(shift.days)))
    return replace(shift, days=days, valid_from=days[0], valid_to=days[-1] + DAY)


def _change(
    shift: Shift, action: str, by: Actor, now: datetime, why: str | None, what: dict[str, Any]
) -> Change[Shift]:
    when = {"weekdays": list(shift.weekdays), "days": [day.isoformat() for day in shift.days]}
    return Change(shift, action, by, now, why, {**what, **when, "begins": shift.begins, "ends": shift.ends})
