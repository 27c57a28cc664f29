"""A hazard was found: by an inspection, in a report, or told by somebody. Found twice by the same, it is found once."""

from uuid import UUID

from services.registry.errors import PREMISES_UNKNOWN
from services.registry.hazards.errors import (
    HAZARD_KEY_REUSED,
    HAZARD_UNIT_UNKNOWN,
)
from services.registry.hazards.finding import Found, find
from services.registry.hazards.hazard import Hazard, SourceKind
from services.registry.hazards.store import Hazards
from services.registry.premises.store import Ledger
from services.registry.schema import files
from services.registry.units.kinds import Kind
from services.registry.units.store import Units
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.files.attach import attach
from shared.files.table import Thing
from shared.ids import new_id
from shared.origin import Origin


async def find_hazard(
    uow: UnitOfWork, found: Found, *, by: Actor, id: UUID | None = None, sent: Origin | None = None
) -> Hazard:
    """The hazard, in the transaction of `uow`. With the same `id`, `sent` under the same key by the same person, or of the
    same report it is the one that was found before. Whether `by` may find it there is asked before.

    Raises Invalid for premises, units and deadlines that cannot be, Conflict for a key that was used for something else.
    """
    store, hazard_id = Hazards.of(uow), id or new_id()
    origin = _origin(found, hazard_id, sent)
    if (known := await _known(origin, sent, store)) is not None:
        return known
    premises = None if found.premises_id is None else await Ledger.of(uow).get(found.premises_id)
    if found.premises_id is not None and premises is None:
        raise PREMISES_UNKNOWN(field="premises_id")
    street = premises.street if premises else await _street_of(found.unit, uow)
    [number] = await store.new_numbers(street, local_day(uow.now))
    change = find(
        found,
        id=hazard_id,
        number=number,
        origin=origin,
        street=street,
        premises=premises,
        by=by,
        now=uow.now,
        today=local_day(uow.now),
    )
    store.add(change, body_hash=sent.body_hash if sent else None)
    if hazard_id not in await store.flush():  # it was found a moment ago
        found_before = await _known(origin, sent, store)
        assert found_before is not None  # why else was it not stored
        return found_before
    await attach(uow, files, found.photos, Thing(Hazards.kind, hazard_id, "found"), by.id)
    return change.after


async def sent_before(uow: UnitOfWork, sent: Origin) -> Hazard | None:
    """What was found under this key before: what was right then is not wrong now. Raises Conflict where that was something
    else."""
    return await _known(_of_key(sent), sent, Hazards.of(uow))


async def _known(origin: str, sent: Origin | None, store: Hazards) -> Hazard | None:
    before = await store.by_origin(origin)
    if before is None:
        return None
    known, body_hash = before
    if sent is not None and body_hash not in (None, sent.body_hash):
        raise HAZARD_KEY_REUSED(data={"id": str(known.id), "number": known.number})
    return known


def _origin(found: Found, id: UUID, sent: Origin | None) -> str:
    if found.source.kind is SourceKind.REPORT:
        return f"report:{found.source.id}"
    return _of_key(sent) if sent else f"id:{id}"


def _of_key(sent: Origin) -> str:
    return f"key:{sent.caller}:{sent.client_key}"


async def _street_of(unit: str, uow: UnitOfWork) -> str:
    line = await Units.of(uow).ancestors(unit)
    if not line:
        raise HAZARD_UNIT_UNKNOWN()
    return next((one.code for one in line if one.kind is Kind.STREET), unit)
