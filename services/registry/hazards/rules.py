"""Who may not take a step though role and place would allow it, and what the hazard lacks for it (docs/rules.md §1.5).

Asked before anything is done, and when a hazard is shown: so what is offered as possible is what is let through.
"""

from collections.abc import Callable, Mapping
from typing import Final

from services.registry.hazards.errors import (
    HAZARD_NOTHING_ASKED,
    HAZARD_OWN_REQUEST,
    HAZARD_OWN_WORK,
    HAZARD_UNFIT,
)
from services.registry.hazards.hazard import Hazard
from services.registry.hazards.lifecycle import Action
from shared.change import Actor
from shared.errors import GridGovError

_Rule = Callable[[Hazard, Actor], GridGovError | None]


def refusal(hazard: Hazard, action: Action, by: Actor) -> GridGovError | None:
    """Why it cannot be done, or not by this person; None where it can."""
    if not hazard.fits(action):
        asked = action in (Action.GRANT_EXTENSION, Action.DECLINE_EXTENSION)
        return (
            HAZARD_NOTHING_ASKED() if asked else HAZARD_UNFIT(action=action, grade=hazard.grade, listing=hazard.listing)
        )
    rule = _RULES.get(action)
    return rule(hazard, by) if rule is not None else None


def _not_own_work(hazard: Hazard, by: Actor) -> GridGovError | None:
    return HAZARD_OWN_WORK() if hazard.rectified_by == by.id else None


def _not_own_request(hazard: Hazard, by: Actor) -> GridGovError | None:
    return HAZARD_OWN_REQUEST() if hazard.asked is not None and hazard.asked.by == by.id else None


_RULES: Final[Mapping[Action, _Rule]] = {
    Action.PASS: _not_own_work,
    Action.FAIL: _not_own_work,
    Action.GRANT_EXTENSION: _not_own_request,
    Action.DECLINE_EXTENSION: _not_own_request,
}
