"""Who changes the plans of duties."""

from typing import Annotated

from shared.auth.permissions import may
from shared.auth.principal import Principal, Role

Planner = Annotated[Principal, may(Role.ADMIN)]
"""Changes the plans of the own part of the tree; those that hold everywhere only without a unit."""
