"""What is known of a person is stated anew, by who keeps a post of theirs."""

from dataclasses import replace

from services.registry.composition.facts import FACTS_KEY_MISSING, Facts, SealedFacts, check, state
from services.registry.composition.reading import PeopleReader, Person
from services.registry.composition.store import PeopleFacts, seal
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.field_cipher import FieldCipher
from shared.ids import new_id


async def state_facts(
    person: str, version: int | None, facts: Facts, caller: Principal, uow: UnitOfWork, cipher: FieldCipher, *,
    why: str | None = None,
) -> Person:  # fmt: skip
    """The person with `facts`; nothing is written where they are the same. Raises NotFound, Invalid, Conflict, and
    Unavailable while a missing key hides what is known: it would be lost. What was damaged is stated anew."""
    found = await PeopleReader(uow, caller, cipher, None).one(person)
    if found.unreadable is not None and found.unreadable.code == FACTS_KEY_MISSING.code:
        raise found.unreadable
    check(facts, local_day(uow.now))
    store = PeopleFacts.of(uow)
    known = (await store.by_person([person])).get(person)
    require_version(version or 0, known.version if known else 0)
    if known and found.facts == facts and found.unreadable is None:
        return found
    before = (known, found.facts) if known else None
    after = SealedFacts(known.id if known else new_id(), person, seal(cipher, person, facts), (version or 0) + 1)
    (store.put if known else store.add)(state(before, after, facts, by=caller.actor(), now=uow.now, why=why))
    return replace(found, facts=facts, version=after.version, unreadable=None)
