"""A person enters a hazard: at premises that they see, or in a unit of their part of the tree."""

from services.registry.hazards.errors import (
    HAZARD_PLACE_MISSING,
    HAZARD_UNIT_UNKNOWN,
)
from services.registry.hazards.find_hazard import find_hazard, sent_before
from services.registry.hazards.finding import Found
from services.registry.hazards.hazard import Hazard
from services.registry.premises.reading import PremisesReader
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.origin import Origin


async def enter_hazard(found: Found, caller: Principal, uow: UnitOfWork, *, sent: Origin) -> Hazard:
    """The hazard. Raises Invalid for a place that is not the caller's, and what `find_hazard` raises."""
    if (before := await sent_before(uow, sent)) is not None:
        return before
    if found.premises_id is not None:
        await PremisesReader(uow, caller).named(found.premises_id, "premises_id")
    elif not found.unit:
        raise HAZARD_PLACE_MISSING()
    elif found.unit not in await streets_of(uow, caller, [found.unit], local_day(uow.now)):
        raise HAZARD_UNIT_UNKNOWN()
    return await find_hazard(uow, found, by=caller.actor(), sent=sent)
