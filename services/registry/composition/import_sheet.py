"""People's facts of a table at once: all of it or nothing, and nothing again the second time. Each row is a PUT.

A row without a version says what is new; over what is known already it is refused, so that an old table undoes nothing.
"""

from collections import Counter
from typing import Final

from services.registry.composition.reading import PeopleReader
from services.registry.composition.sheet import PEOPLE, body_of
from services.registry.composition.state_facts import state_facts
from services.registry.errors import IMPORT_TOO_LONG, PERSON_FACTS_DIFFER
from services.registry.units.import_sheet import RowsRefused
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.field_cipher import FieldCipher
from shared.sheets.reading import Reading

MOST: Final = 2_000


async def import_facts(
    reading: Reading, caller: Principal, uow: UnitOfWork, cipher: FieldCipher, *, why: str | None = None
) -> Counter[str]:
    """How many were `stated`, and how many `same`. Raises RowsRefused, and Invalid for too many rows; the unit of work
    must not be committed then."""
    if len(reading.rows) > MOST:
        raise IMPORT_TOO_LONG(most=MOST)
    await alone(uow)
    reader = PeopleReader(uow, caller, cipher, None)
    refusals, done = list(reading.refusals), Counter[str]()
    for row in reading.rows:
        person, facts, version = row.values["person"], body_of(row.values).facts(), row.values["version"]
        try:
            known = await reader.one(person)
            if known is not None and known.facts == facts:
                done["same"] += 1
                continue
            if known is not None and known.version is not None and version is None:
                raise PERSON_FACTS_DIFFER()
            await state_facts(person, version, facts, caller, uow, cipher, why=why)
            done["stated"] += 1
        except GridGovError as error:
            refusals.append(reading.refuse(row, PEOPLE.column(error.field), error))
    if refusals:
        raise RowsRefused(refusals)
    return done
