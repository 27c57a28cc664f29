"""People's facts of a table at once: all of it or nothing, and nothing again the second time. Each row is a PUT.

A row without a version says what is new; over what is known already it is refused, so that an old table undoes nothing.
"""

from collections.abc import Sequence
from typing import Final

from services.registry.composition.reading import PeopleReader
from services.registry.composition.sheet import body_of
from services.registry.composition.state_facts import state_facts
from services.registry.errors import PERSON_FACTS_DIFFER
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.field_cipher import FieldCipher
from shared.sheets.rows import Row
from shared.sheets.taking import Done, Taken, take_each

MOST: Final = 2_000


async def import_facts(
    rows: Sequence[Row], caller: Principal, uow: UnitOfWork, cipher: FieldCipher, *, why: str | None
) -> Taken:
    """State what the rows say: `entered` of whom nothing was known. The unit of work must not be committed where one was
    refused."""
    await alone(uow)
    reader = PeopleReader(uow, caller, cipher, None)

    async def take(row: Row) -> Done:
        person, facts, version = row.values["person"], body_of(row.values).facts(), row.values["version"]
        known = await reader.one(person)
        if known.facts == facts and known.unreadable is None:
            return "same"
        new = known.version is None
        if not new and version is None:
            raise PERSON_FACTS_DIFFER()
        await state_facts(person, version, facts, caller, uow, cipher, why=why)
        return "entered" if new else "changed"

    return await take_each(rows, take)
