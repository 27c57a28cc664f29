"""A hazard whose unit was succeeded by another in a restructuring goes on there, within the same limits. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from services.registry.hazards.hazard import Hazard
from services.registry.hazards.moving import facts
from shared.change import Actor, Change
from shared.events.registry.hazards import HazardMoved
from shared.limits import TimeLimit, hand_over
from shared.units.passing import Succession

SUCCEED: Final = "succeed"


def succeed(hazard: Hazard, succession: Succession, *, by: Actor, now: datetime) -> Change[Hazard]:
    """`hazard` where its unit's successor finds it, and in its hands what was in its unit's."""

    def handed(limit: TimeLimit | None) -> TimeLimit | None:
        return hand_over(limit, succession.successor) if limit is not None and limit.unit == hazard.unit else limit

    after = replace(
        hazard,
        unit=succession.successor,
        street=succession.street,
        transferred_to=succession.successor if hazard.transferred_to == hazard.unit else hazard.transferred_to,
        rectify=handed(hazard.rectify),
        recheck=handed(hazard.recheck),
        decide=handed(hazard.decide),
        moved_at=now,
        version=hazard.version + 1,
    )
    return _told(hazard, after, succession.trail(), by, now)


def succeed_police(hazard: Hazard, succession: Succession, *, by: Actor, now: datetime) -> Change[Hazard]:
    """`hazard`, which was transferred to a police station that another succeeded: that one re-checks it."""
    recheck = hazard.recheck
    after = replace(
        hazard,
        transferred_to=succession.successor,
        recheck=hand_over(recheck, succession.successor) if recheck is not None else None,
        moved_at=now,
        version=hazard.version + 1,
    )
    what = {"transferred_to": [succession.unit, succession.successor], "restructuring": succession.number}
    return _told(hazard, after, what, by, now)


def _told(before: Hazard, after: Hazard, what: dict[str, Any], by: Actor, now: datetime) -> Change[Hazard]:
    event = HazardMoved(previous=before.state, **facts(after, SUCCEED, now))
    return Change(after, SUCCEED, by, now, what=what, events=(event,))
