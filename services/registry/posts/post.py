"""The post (任职): one person holds one role in one unit from a day to the day before another. Local days.

Pure. A person may hold several posts. A post is made once and ended once; a later beginning or end is known ahead and
told at once, for its event carries both days.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.registry.posts.roles import HELD_IN
from services.registry.units.unit import Facts
from shared.change import Actor, Change
from shared.errors import Conflict, Invalid
from shared.events.registry.posts import PostChanged

_PERSON: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
EARLIEST: Final = date(1900, 1, 1)
AHEAD: Final = timedelta(days=366)
"""How far ahead a post may be arranged; a later day is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Post:
    """`person` is the subject that the person signs in with, never a name; `valid_to` is excluded."""

    id: UUID
    person: str
    role: str
    unit: str
    valid_from: date
    valid_to: date | None
    version: int

    def held_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: "Post") -> bool:
        """Whether there is a day on which both are held."""
        return (other.valid_to is None or self.valid_from < other.valid_to) and (
            self.valid_to is None or other.valid_from < self.valid_to
        )


def appoint(
    post: Post, unit: Facts | None, *, by: Actor, now: datetime, today: date, why: str | None = None
) -> Change[Post]:
    """A new post (version 1). Raises Invalid; that the person holds it already is for the caller to see."""
    if not _PERSON.fullmatch(post.person):
        raise Invalid(
            "post_person",
            "请填写人员的登录标识（字母、数字和 . _ @ -），不要填姓名",
            "give the subject the person signs in with (letters, digits, . _ @ -), not a name",
            field="person",
        )
    if unit is None or not unit.valid_on(today):
        raise Invalid(
            "post_unit_unknown", "没有这个单位，请从单位树中选择。", "There is no such unit; choose one from the unit tree.",
            field="unit",
        )  # fmt: skip
    kinds = HELD_IN.get(post.role)
    if kinds is None:
        raise Invalid(
            "post_role",
            "没有这种岗位，可选：" + "、".join(HELD_IN),
            "there is no such role; possible are " + ", ".join(HELD_IN),
            field="role",
            data={"possible": list(HELD_IN)},
        )
    if unit.kind not in kinds:
        possible = sorted(kind.value for kind in kinds)
        raise Invalid(
            "post_role_kind",
            f"该岗位只能设在：{'、'.join(possible)}",
            f"this role is held in: {', '.join(possible)}",
            field="role",
            data={"possible": possible},
        )
    _check_dates(post, unit, today)
    return _change(post, "appoint", by, now, why, {"role": post.role, "unit": post.unit, "person": post.person})


def end(post: Post, on: date, *, by: Actor, now: datetime, today: date, why: str | None = None) -> Change[Post]:
    """The post, not held from `on` on. Raises Conflict when it has an end already, Invalid for an impossible day."""
    if post.valid_to is not None:
        raise Conflict(
            "post_ended",
            "该任职已有结束日期",
            "this post has an end already",
            data={"valid_to": post.valid_to},
        )
    if not post.valid_from < on <= today + AHEAD:
        raise Invalid(
            "post_end",
            "结束日期应晚于开始日期，且不超过一年以后",
            "a post ends after it began, and within a year from now",
            field="on",
        )
    ended = replace(post, valid_to=on, version=post.version + 1)
    return _change(ended, "end", by, now, why, {"valid_to": on.isoformat()})


def already_held(other: Post) -> Conflict:
    """The person holds this very post on some of these days."""
    return Conflict(
        "post_held",
        "此人在该单位已任此岗位，请先结束原任职",
        "this person holds this role in this unit already; end that post first",
        data={"post_id": other.id, "valid_from": other.valid_from, "valid_to": other.valid_to},
    )


def _check_dates(post: Post, unit: Facts, today: date) -> None:
    if not max(EARLIEST, unit.valid_from) <= post.valid_from <= today + AHEAD:
        raise Invalid(
            "post_valid_from",
            "任职应在单位设立之后、一年以内开始",
            "a post begins after its unit did, and within a year from now",
            field="valid_from",
            data={"unit_valid_from": unit.valid_from},
        )
    if post.valid_to is not None and not post.valid_from < post.valid_to <= today + 10 * AHEAD:
        raise Invalid(
            "post_valid_to",
            "任职结束日期应晚于开始日期，且不超过十年以后",
            "a post ends after it began, and within ten years",
            field="valid_to",
        )


def _change(post: Post, action: str, by: Actor, now: datetime, why: str | None, what: dict[str, Any]) -> Change[Post]:
    told = PostChanged(
        post_id=post.id,
        person=post.person,
        role=post.role,
        unit=post.unit,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
        version=post.version,
    )
    return Change(post, action=action, by=by, at=now, why=why, what=what, events=(told,))
