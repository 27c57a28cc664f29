"""The posts of units that end go to who succeeds these: each ends, and goes on there from the same day. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry.posts.post import Post, told
from services.registry.posts.roles import HELD_IN
from services.registry.units.unit import UnitState
from shared.change import Actor, Change


def pass_on(
    posts: Iterable[Post],
    successors: Mapping[str, UnitState],
    held: Iterable[Post],
    day: date,
    *,
    new_id: Callable[[], UUID],
    by: Actor,
    now: datetime,
    because: Mapping[str, Any],
) -> Iterator[Change[Post]]:
    """The changes of `posts`, all held in units of `successors` on `day` or later; `held` are the posts of the successors.

    Who holds the same role in the successor already, or whose role does not exist there, gets no other post. One that
    has not begun begins there.
    """
    taken: dict[Hashable, list[Post]] = {}
    for post in held:
        taken.setdefault(post.office, []).append(post)
    for post in posts:
        successor = successors[post.unit]
        what = {"unit": [post.unit, successor.code], **because}
        new = replace(post, id=new_id(), unit=successor.code, valid_from=max(post.valid_from, day), version=1)
        others = taken.setdefault(new.office, [])
        fits = successor.kind in HELD_IN[post.role] and not any(other.overlaps(new) for other in others)
        if post.valid_from >= day:
            if fits:
                moved = replace(post, unit=successor.code, version=post.version + 1)
                others.append(moved)
                yield Change(moved, "succeed", by, now, what=what, events=(told(moved),))
            continue
        ended = replace(post, valid_to=day, version=post.version + 1)
        yield Change(ended, "end", by, now, what={"valid_to": day.isoformat(), **what}, events=(told(ended),))
        if fits:
            others.append(new)
            facts = {"role": new.role, "unit": new.unit, "person": new.person, "from_unit": post.unit, **because}
            yield Change(new, "appoint", by, now, what=facts, events=(told(new),))
