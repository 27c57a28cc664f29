"""Whether the holder of a post is on duty at an instant. Pure.

On leave nobody is. Else a shift says so; a post for which none is planned is on duty round the clock, for whoever has a
grid has it at night too.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from services.registry.availability.leave import Leave
from services.registry.availability.shift import Shift
from services.registry.posts.post import Post
from services.registry.units.kinds import Kind


class Why(StrEnum):
    SHIFT = "shift"
    """On duty: a shift of theirs runs."""
    NO_PLAN = "no_plan"
    """On duty: no shift is planned for the post."""
    LEAVE = "leave"
    OFF_SHIFT = "off_shift"


@dataclass(frozen=True, slots=True)
class Presence:
    """One post at an instant; `until` is when the shift or the leave ends, where one runs."""

    post: Post
    why: Why
    until: datetime | None = None

    @property
    def on_duty(self) -> bool:
        return self.why in {Why.SHIFT, Why.NO_PLAN}


ANSWERS_FOR: Final[dict[Kind, frozenset[str]]] = {
    Kind.GRID: frozenset({"grid_worker"}),
    Kind.SPECIAL_GRID: frozenset({"grid_worker"}),
    Kind.MICRO_GRID: frozenset({"grid_worker"}),
    Kind.COMMUNITY: frozenset({"leader", "community_secretary"}),
}
"""Whose presence makes that somebody answers for a unit; of other kinds anybody's with a post there."""


def presence(post: Post, shifts: Iterable[Shift], leave: Iterable[Leave], at: datetime) -> Presence:
    """`at` is an instant in the local zone (Asia/Shanghai); `shifts` and `leave` may be those of others too."""
    for away in leave:
        if away.person == post.person and away.away_at(at):
            return Presence(post, Why.LEAVE, away.ends_at)
    planned = [shift for shift in shifts if shift.is_of(post)]
    # Also a night shift that began yesterday, the last on which it held.
    if ends := [until for shift in planned if (until := shift.until(at)) is not None]:
        return Presence(post, Why.SHIFT, max(ends))
    return Presence(post, Why.OFF_SHIFT if any(shift.holds_on(at.date()) for shift in planned) else Why.NO_PLAN)


def answering(kind: Kind, present: Collection[Presence]) -> list[Presence]:
    """Those on duty who answer for a unit of `kind`."""
    roles = ANSWERS_FOR.get(kind)
    return [one for one in present if one.on_duty and (roles is None or one.post.role in roles)]


def nobody_because(kind: Kind, present: Collection[Presence]) -> str:
    """Why nobody answers for the unit: `no_post`, `leave` where all are away, else `off_shift`."""
    roles = ANSWERS_FOR.get(kind)
    why = {one.why for one in present if roles is None or one.post.role in roles}
    if not why:
        return "no_post"
    return "leave" if why == {Why.LEAVE} else "off_shift"
