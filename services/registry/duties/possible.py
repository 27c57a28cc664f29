"""What one person may do to a duty by hand now. Pure.

Asked before a waiver is decided, and when a duty is shown: so what is offered as possible is what is let through.
"""

from datetime import datetime
from typing import Final

from services.registry.duties.duty import LIFE, Action, Duty
from services.registry.errors import DUTY_WAIVER_NOT_ABOVE, DUTY_WAIVER_OWN
from shared.auth.principal import Principal
from shared.errors import GridGovError

_DECIDES: Final = frozenset({Action.GRANT_WAIVER, Action.DECLINE_WAIVER})


def refusal(duty: Duty, action: Action, caller: Principal) -> GridGovError | None:
    """Why somebody who sees the duty, in a role that may, may not: who asked, their unit and the one that bears the duty
    decide on no waiver."""
    if action not in _DECIDES or duty.waiver is None:
        return None
    if duty.waiver.by == caller.subject:
        return DUTY_WAIVER_OWN()
    if caller.unit is not None and caller.unit in (duty.unit, duty.waiver.unit):
        return DUTY_WAIVER_NOT_ABOVE()
    return None


def possible_for(duty: Duty, caller: Principal, now: datetime) -> list[Action]:
    """In the table's order, of a duty that the caller sees. Nobody fulfils a run that has not begun."""
    return [
        action
        for action in LIFE.possible(duty.state)
        if caller.role in LIFE.move(duty.state, action).roles
        and (action is not Action.FULFIL or duty.do.started_at <= now)
        and refusal(duty, action, caller) is None
    ]
