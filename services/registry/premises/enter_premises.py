"""A person enters premises, or states anew what is known of them. They lie in the caller's part of the tree, before and
after."""

from uuid import UUID

from services.registry.errors import PREMISES_KNOWN, PREMISES_PLACE_UNKNOWN
from services.registry.premises.premises import About, Premises, enter, known_by, state
from services.registry.premises.reading import PremisesReader
from services.registry.premises.store import Ledger
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.ids import new_id


async def enter_premises(about: About, caller: Principal, uow: UnitOfWork, *, why: str | None) -> Premises:
    """The new file. Raises Conflict, naming its number, when the place has one already; Invalid."""
    streets = await streets_of(uow, caller, [about.unit], local_day(uow.now))
    street = streets.get(about.unit)
    ledger = Ledger.of(uow)
    await _refuse_known(ledger, street, about)
    [serial] = await ledger.new_numbers(1)
    change = enter(new_id(), f"{street}-C{serial}", street, about, by=caller.actor(), now=uow.now, why=why)
    ledger.add(change)
    return change.after


async def state_premises(
    id: UUID, version: int, about: About, caller: Principal, uow: UnitOfWork, *, why: str | None
) -> Premises:
    """The file with what is stated now. Raises NotFound, Conflict and Invalid."""
    before = await PremisesReader(uow, caller).one(id)
    require_version(version, before.version)
    if about == before.about:
        return before
    streets = await streets_of(uow, caller, [about.unit], local_day(uow.now))
    street = streets.get(about.unit)
    ledger = Ledger.of(uow)
    await _refuse_known(ledger, street, about, but=id)
    change = state(before, street, about, by=caller.actor(), now=uow.now, why=why)
    ledger.put(change)
    return change.after


async def _refuse_known(ledger: Ledger, street: str | None, about: About, *, but: UUID | None = None) -> None:
    if street is None:
        raise PREMISES_PLACE_UNKNOWN()
    for one in await ledger.known(keys=[known_by(street, about)]):
        if one.id != but:
            raise PREMISES_KNOWN(data={"number": one.number})
