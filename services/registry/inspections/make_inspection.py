"""A person sends an inspection: stored once, with its signatures and photos, a hazard for each finding, and what it counts
for as a duty; all of it or nothing."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.registry.duties.count_for import Done, count_for
from services.registry.duties.count_for import Thing as Kept
from services.registry.duties.kinds import Act
from services.registry.hazards.find_hazard import find_hazard
from services.registry.hazards.finding import Found
from services.registry.hazards.hazard import Criteria, Source, SourceKind
from services.registry.inspections.checklist_store import versions_of
from services.registry.inspections.checklists import PATROL
from services.registry.inspections.errors import (
    INSPECTION_KEY_REUSED,
    INSPECTION_PLACE_UNKNOWN,
    INSPECTION_SELF_ONLY,
)
from services.registry.inspections.inspection import Finding, Inspection, Kind, Told, Where, make
from services.registry.inspections.store import Inspections, Known
from services.registry.premises.reading import PremisesReader
from services.registry.schema import files
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal, Role
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.files.attach import attach
from shared.files.table import Thing
from shared.ids import new_id
from shared.origin import Origin
from shared.worktime.calendar import Calendar

INSPECTOR_SIGNATURE: Final = "inspector_signature"
INSPECTED_SIGNATURE: Final = "inspected_signature"
PHOTO: Final = "inspection"

_COUNTS_AS: Final = {Kind.SPOT_CHECK: Act.SPOT_CHECK, Kind.SELF: Act.SELF_CHECK}
"""All others count as an inspection; a self check by the list of the patrol as a patrol alone."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one request asks: at which premises or in which unit, what was told, and the files that come with it."""

    premises_id: UUID | None
    unit: str | None
    told: Told
    photos: tuple[UUID, ...] = ()
    inspector_signature: UUID | None = None
    inspected_signature: UUID | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`repeated` when this caller had sent the same under the same key before."""

    id: UUID
    number: str
    version: int
    repeated: bool


async def make_inspection(
    sent: Sent, origin: Origin, caller: Principal, uow: UnitOfWork, *, calendar: Calendar
) -> Receipt:
    """The receipt, the same one whenever the same comes again. Raises Invalid, NotFound, Forbidden; a key that was used
    for something else is refused."""
    if caller.role is Role.SAFETY_MANAGER and sent.told.kind is not Kind.SELF:
        raise INSPECTION_SELF_ONLY()
    store, by = Inspections.of(uow), caller.actor()
    if earlier := (await store.known(origin.caller, [origin.client_key])).get(origin.client_key):
        return _again(earlier, origin)
    where = await _where(sent, caller, uow)
    signed = [
        (use, file)
        for use, file in (
            (INSPECTOR_SIGNATURE, sent.inspector_signature),
            (INSPECTED_SIGNATURE, sent.inspected_signature),
        )
        if file is not None
    ]
    [serial] = await store.new_serials(1)
    told, number = sent.told, number_of(where, serial)
    wanted = (told.checklist, told.checklist_version)
    checklist = (await versions_of(uow, [wanted])).get(wanted)
    change = make(new_id(), number, where, told, checklist, signatures=len(signed), by=by, now=uow.now)
    made = change.after
    store.add(change, caller=origin.caller, client_key=origin.client_key, body_hash=origin.body_hash)
    if made.id not in await store.flush():  # the same came twice at once
        return _again((await store.known(origin.caller, [origin.client_key]))[origin.client_key], origin)
    for use, file in signed:
        await attach(uow, files, [file], Thing(store.kind, made.id, use), caller.subject)
    await attach(uow, files, sent.photos, Thing(store.kind, made.id, PHOTO), caller.subject)
    await what_follows(made, uow, by=by, calendar=calendar)
    return Receipt(made.id, made.number, made.version, repeated=False)


async def what_follows(made: Inspection, uow: UnitOfWork, *, by: Actor, calendar: Calendar) -> None:
    """Open a hazard for each finding, and let the inspection count for the duties that it fulfils."""
    for finding in made.told.findings:
        await find_hazard(uow, _found(made, finding), by=by, id=finding.hazard_id)
    unit = None if made.told.kind is Kind.SELF else made.by_unit or made.where.unit
    act = Act.PATROL if made.told.checklist == PATROL else _COUNTS_AS.get(made.told.kind, Act.INSPECTION)
    done = Done(
        act, unit, made.where.premises_id, made.made_at,
        Kept(Inspections.kind, made.id, made.number),
    )  # fmt: skip
    await count_for(uow, done, by=by, calendar=calendar)


def number_of(where: Where, serial: str) -> str:
    """`<street code>-J<serial>`."""
    return f"{where.street}-J{serial}"


def _found(made: Inspection, finding: Finding) -> Found:
    return Found(
        premises_id=made.where.premises_id, unit=made.where.unit, item=finding.item, text=finding.text,
        grade=finding.grade, photos=finding.photos, fixed_on_spot=finding.fixed_on_spot,
        source=Source(SourceKind.INSPECTION, made.id, made.number),
        criteria=Criteria(finding.edition, finding.element) if finding.edition else None,
        # What came days later may have a deadline that has passed: then it ends today.
        rectify_by=max(finding.rectify_by, local_day(made.sent_at)) if finding.rectify_by else None,
    )  # fmt: skip


async def _where(sent: Sent, caller: Principal, uow: UnitOfWork) -> Where:
    if sent.premises_id is not None:
        premises = await PremisesReader(uow, caller).named(sent.premises_id, "premises_id")
        return Where(premises.id, premises.about.unit, premises.street, premises.about.category)
    unit = sent.unit or ""
    street = (await streets_of(uow, caller, [unit], local_day(uow.now))).get(unit)
    if street is None:
        raise INSPECTION_PLACE_UNKNOWN()
    return Where(None, unit, street)


def _again(earlier: Known, origin: Origin) -> Receipt:
    if earlier.body_hash != origin.body_hash:
        raise INSPECTION_KEY_REUSED(data={"id": str(earlier.id), "number": earlier.number})
    return Receipt(earlier.id, earlier.number, 1, repeated=True)
