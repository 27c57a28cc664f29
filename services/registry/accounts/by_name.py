"""What a table means that names units, premises and people: by code, number or subject, or by a name that only one has."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from services.registry.accounts.table import accounts
from services.registry.errors import PERSON_NAME_SHARED
from services.registry.posts.table import posts
from services.registry.premises.directory import premises_named
from services.registry.units.directory import directory
from services.registry.units.names import folded
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.columns import Called, Kind, Naming
from shared.units.scope import Scope

_TOLD: Final = 5


async def by_name(uow: UnitOfWork, caller: Principal, kinds: Collection[Kind]) -> Called:
    """What is called so, for those `kinds` of columns that hold ids and may tell names."""
    found: dict[Kind, Naming] = {}
    if {"unit", "units"} & set(kinds):
        found["unit"] = (await directory(uow, caller)).code
    if "person" in kinds:
        found["person"] = await _people(uow, caller)
    if "premises" in kinds:
        found["premises"] = await premises_named(uow, caller)
    return found


async def _people(uow: UnitOfWork, caller: Principal) -> Naming:
    """The subject of who is called so among those who hold or held a post in the caller's part of the tree. What is
    nobody's name stays as it is told. Raises Invalid where several are called so."""
    query = Scope(units, caller, served=True).select(posts, accounts.c.name, accounts.c.person).distinct()
    query = query.join(accounts, accounts.c.person == posts.c.person)
    found = defaultdict[str, list[str]](list)
    for row in await uow.connection.execute(query):
        found[folded(row.name)].append(row.person)

    def subject(told: str) -> str:
        people = found.get(folded(told), [])
        if len(people) > 1 and told not in people:
            raise PERSON_NAME_SHARED(name=told, people=sorted(people)[:_TOLD])
        return told if told in people or not people else people[0]

    return subject
