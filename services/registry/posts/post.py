"""The post (任职): one person holds one role in one unit from a day to the day before another. Local days.

Pure. A person may hold several posts. A post is made once and ended once; a later beginning or end is known ahead and
told at once, for its event carries both days.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.registry.errors import (
    POST_END_OUT_OF_RANGE,
    POST_ENDED,
    POST_HELD,
    POST_PERSON_INVALID,
    POST_PREMISES_MISSING,
    POST_PREMISES_UNFIT,
    POST_ROLE_KIND_WRONG,
    POST_ROLE_UNKNOWN,
    POST_UNIT_UNKNOWN,
    POST_VALID_FROM_OUT_OF_RANGE,
    POST_VALID_TO_OUT_OF_RANGE,
)
from services.registry.posts.roles import HELD_IN, OF_PREMISES
from services.registry.units.kinds import TOP_DOWN, ZH
from services.registry.units.unit import UnitState
from shared.change import Actor, Change
from shared.events.registry.posts import PostChanged

_PERSON: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
EARLIEST: Final = date(1900, 1, 1)
AHEAD: Final = timedelta(days=366)
"""How far ahead a post may be arranged; a later day is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Post:
    """`person` is the subject that the person signs in with, never a name; `valid_to` is excluded. `premises_id`: what a
    safety manager answers for."""

    id: UUID
    person: str
    role: str
    unit: str
    valid_from: date
    valid_to: date | None
    version: int
    premises_id: UUID | None = None

    @property
    def office(self) -> tuple[str, str, str, UUID | None]:
        """What nobody holds twice at a time."""
        return self.person, self.role, self.unit, self.premises_id

    def held_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: "Post") -> bool:
        """Whether there is a day on which both are held."""
        return (other.valid_to is None or self.valid_from < other.valid_to) and (
            self.valid_to is None or other.valid_from < self.valid_to
        )


def require_held_in(role: str, unit: UnitState | None, day: date) -> UnitState:
    """The unit, where it exists on a local day and has the role. Raises Invalid."""
    if unit is None or not unit.valid_on(day):
        raise POST_UNIT_UNKNOWN()
    kinds = HELD_IN.get(role)
    if kinds is None:
        raise POST_ROLE_UNKNOWN(possible=list(HELD_IN), data={"possible": list(HELD_IN)})
    if unit.kind not in kinds:
        possible = [kind for kind in TOP_DOWN if kind in kinds]
        called = [ZH[kind] for kind in possible]
        raise POST_ROLE_KIND_WRONG(possible=possible, kinds=called, data={"possible": possible})
    return unit


def appoint(
    post: Post, unit: UnitState | None, *, by: Actor, now: datetime, today: date, why: str | None = None
) -> Change[Post]:
    """A new post (version 1). Raises Invalid; that the person holds it already is for the caller to see."""
    if not _PERSON.fullmatch(post.person):
        raise POST_PERSON_INVALID()
    unit = require_held_in(post.role, unit, today)
    if (post.premises_id is None) == (post.role in OF_PREMISES):
        raise POST_PREMISES_MISSING() if post.premises_id is None else POST_PREMISES_UNFIT()
    if not max(EARLIEST, unit.valid_from) <= post.valid_from <= today + AHEAD:
        raise POST_VALID_FROM_OUT_OF_RANGE(data={"unit_valid_from": unit.valid_from})
    if post.valid_to is not None and not post.valid_from < post.valid_to <= today + 10 * AHEAD:
        raise POST_VALID_TO_OUT_OF_RANGE()
    what = {"role": post.role, "unit": post.unit, "person": post.person}
    if post.premises_id is not None:
        what["premises_id"] = str(post.premises_id)
    return _change(post, "appoint", by, now, why, what)


def end(post: Post, on: date, *, by: Actor, now: datetime, today: date, why: str | None = None) -> Change[Post]:
    """The post, not held from `on` on. Raises Conflict when it has an end already, Invalid for an impossible day."""
    if post.valid_to is not None:
        raise POST_ENDED(data={"valid_to": post.valid_to})
    if not post.valid_from < on <= today + AHEAD:
        raise POST_END_OUT_OF_RANGE()
    ended = replace(post, valid_to=on, version=post.version + 1)
    return _change(ended, "end", by, now, why, {"valid_to": on.isoformat()})


def refuse_held(post: Post, others: Iterable[Post]) -> None:
    """Raise Conflict when one of `others`, of the same office, is held on some of these days."""
    for other in others:
        if other.overlaps(post):
            raise POST_HELD(data={"post_id": other.id, "valid_from": other.valid_from, "valid_to": other.valid_to})


def _change(post: Post, action: str, by: Actor, now: datetime, why: str | None, what: dict[str, Any]) -> Change[Post]:
    return Change(post, action=action, by=by, at=now, why=why, what=what, events=(told(post),))


def told(post: Post) -> PostChanged:
    """What everybody is told of a post."""
    return PostChanged(
        post_id=post.id,
        person=post.person,
        role=post.role,
        unit=post.unit,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
        version=post.version,
        premises_id=post.premises_id,
    )
