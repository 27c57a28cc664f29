"""Hazards of a table at once: all of it or nothing, and nothing again the second time.

A row without a number enters a hazard; what is open already with the same words at the same place is the same. A row with
a number was exported: it is passed over. Reach and rules are those of a form.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.registry.hazards.errors import (
    HAZARD_NOT_FOUND,
    HAZARD_PLACE_MISSING,
    HAZARD_PREMISES_UNKNOWN,
    HAZARD_UNIT_UNKNOWN,
)
from services.registry.hazards.finding import Found, find
from services.registry.hazards.hazard import Criteria, Source, SourceKind
from services.registry.hazards.items import Item
from services.registry.hazards.store import Hazards
from services.registry.premises.premises import Premises
from services.registry.premises.store import Ledger
from services.registry.units.streets import streets_of
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError, Invalid, NotFound
from shared.ids import new_id
from shared.sheets.rows import Row
from shared.sheets.taking import Taken

MOST: Final = 50_000
"""Rows of one import."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row, the numbers that it names of a hazard and of premises ("" for none), and what was found."""

    row: Row
    number: str
    premises: str
    found: Found


async def import_hazards(rows: Sequence[Row], caller: Principal, uow: UnitOfWork, *, why: str | None) -> Taken:
    """Enter what the rows say. The unit of work must not be committed where one was refused."""
    all_told = [_told(row) for row in rows]
    store, day = Hazards.of(uow), local_day(uow.now)
    places = {
        one.number: one for one in await Ledger.of(uow).known(numbers={t.premises for t in all_told if t.premises})
    }
    units = {told.found.unit for told in all_told} | {one.about.unit for one in places.values()}
    streets = await streets_of(uow, caller, units, day)
    known = await store.numbered({told.number for told in all_told if told.number})
    present = {(h.premises_id, h.unit, h.item, h.text) for h in await store.told_with({t.found.text for t in all_told})}
    done, refused = Counter[str](), list[tuple[Row, GridGovError]]()
    new = defaultdict[str, list[tuple[Told, Found, Premises | None]]](list)
    for told in all_told:
        try:
            premises, found = _placed(told, places, streets, known)
        except GridGovError as error:
            refused.append((told.row, error))
            continue
        key = (found.premises_id, found.unit, found.item, found.text)
        if told.number or key in present:
            done["same"] += 1
            continue
        present.add(key)
        new[streets[found.unit]].append((told, found, premises))
    for street, several in new.items():
        numbers = await store.new_numbers(street, day, len(several))
        for number, (told, found, premises) in zip(numbers, several, strict=True):
            hazard_id = new_id()
            try:
                change = find(
                    found, id=hazard_id, number=number, origin=f"id:{hazard_id}", street=street, premises=premises,
                    by=caller.actor(), now=uow.now, today=day,
                )  # fmt: skip
                store.add(replace(change, why=why))
                done["entered"] += 1
            except (Invalid, NotFound) as error:
                refused.append((told.row, error))
    return Taken(done["entered"], 0, done["same"], refused)


def _told(row: Row) -> Told:
    values = row.values
    criteria = Criteria(values["edition"], values["element"]) if values["edition"] else None
    found = Found(
        premises_id=None,
        unit=values["unit"],
        item=Item(values["item"]),
        text=values["text"],
        source=Source(SourceKind.TOLD),
        fixed_on_spot=values["fixed_on_spot"] == "yes",
        rectify_by=values["rectify_by"],
        criteria=criteria,
    )
    return Told(row, values["number"], values["premises"], found)


def _placed(
    told: Told, places: Mapping[str, Premises], streets: Mapping[str, str], known: set[str]
) -> tuple[Premises | None, Found]:
    """What was found, and where. Raises what a form would."""
    if told.number and told.number not in known:
        raise HAZARD_NOT_FOUND(field="number")
    if told.premises:
        premises = places.get(told.premises)
        if premises is None or premises.about.unit not in streets:
            raise HAZARD_PREMISES_UNKNOWN(field="premises")
        return premises, replace(told.found, premises_id=premises.id, unit=premises.about.unit)
    if not told.found.unit:
        raise HAZARD_PLACE_MISSING()
    if told.found.unit not in streets:
        raise HAZARD_UNIT_UNKNOWN()
    return None, told.found
