"""People's facts as rows, and their sealing."""

import json
from collections.abc import Collection
from dataclasses import asdict

import sqlalchemy as sa

from services.registry.composition.facts import (
    FACTS_DAMAGED,
    FACTS_KEY_MISSING,
    Education,
    Facts,
    Gender,
    SealedFacts,
)
from services.registry.composition.table import person_facts
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.field_cipher import FieldCipher, KeyMissing, Unreadable


class PeopleFacts(Aggregates[SealedFacts]):
    kind = "person_facts"
    codec = RowCodec(SealedFacts, person_facts)

    async def by_person(self, persons: Collection[str]) -> dict[str, SealedFacts]:
        await self.flush()
        wanted = sa.any_(sa.literal(list(persons), sa.ARRAY(sa.Text)))
        rows = await self._uow.connection.execute(sa.select(*self.codec.columns).where(person_facts.c.person == wanted))
        return {found.person: found for found in map(self.codec.of_values, rows)}


def seal(cipher: FieldCipher, person: str, facts: Facts) -> bytes:
    return cipher.encrypt(json.dumps(asdict(facts)), _context(person))


def unseal(cipher: FieldCipher, person: str, sealed: bytes) -> Facts:
    """Raises FACTS_KEY_MISSING, FACTS_DAMAGED."""
    try:
        told = json.loads(cipher.decrypt(sealed, _context(person)))
    except KeyMissing as error:
        raise FACTS_KEY_MISSING(key_file=error.key_file) from None
    except Unreadable:
        raise FACTS_DAMAGED() from None
    gender, education = told["gender"], told["education"]
    return Facts(told["born"], Gender(gender) if gender else None, Education(education) if education else None)


def _context(person: str) -> str:
    return f"person_facts/{person}"
