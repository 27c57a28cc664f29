"""Who acts on duties: who may fulfil them by hand, who decides on waivers, who changes plans."""

from typing import Annotated

from services.registry.duties.duty import LIFE, Action, State
from shared.auth.permissions import may
from shared.auth.principal import Principal, Role

Doer = Annotated[Principal, may(*LIFE.move(State.RUNNING, Action.FULFIL).roles)]
Decider = Annotated[Principal, may(*LIFE.move(State.WAIVER_ASKED, Action.GRANT_WAIVER).roles)]
Planner = Annotated[Principal, may(Role.ADMIN)]
"""Changes the plans of the own part of the tree; those that hold everywhere only without a unit."""
