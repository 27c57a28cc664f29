"""What a table means that names units, premises and people: by code, number or subject, or by a name that only one has.

A table is read in a thread. Premises and people are only looked up where a row has a name of one: a street has 50,000.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Coroutine
from typing import Any, Final, TypeVar

from services.registry.accounts.errors import PERSON_NAME_SHARED
from services.registry.accounts.table import accounts
from services.registry.posts.table import posts
from services.registry.premises.by_name_reading import premises_named
from services.registry.units.by_name_reading import directory
from services.registry.units.names import folded
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.columns import Called, Kind, Naming
from shared.units.scope import Scope

_SUBJECT: Final = re.compile(r"[A-Za-z0-9._@-]*")
_FILE: Final = re.compile(r"[A-Za-z0-9-]+-C[0-9]{3,}")
"""What a subject and the number of a file look like, and no name does: it is taken as it is told."""
_TOLD: Final = 5
T = TypeVar("T")
Find = Callable[[UnitOfWork, Principal], Awaitable[T]]


async def by_name(open_: Callable[[], UnitOfWork], caller: Principal, kinds: Collection[Kind]) -> Called:
    """What is called so, for those `kinds` of columns that hold ids and may tell names. Raises Invalid when it is asked
    for what nothing or several are called."""

    async def load(find: Find[T]) -> T:
        async with open_() as uow:
            return await find(uow, caller)

    found: dict[Kind, Naming] = {
        "person": _Lazily(_SUBJECT, lambda: load(_people)),
        "premises": _Lazily(_FILE, lambda: load(premises_named)),
    }
    if {"unit", "units", "unit_lines"} & set(kinds):
        found["unit"] = (await load(directory)).code
    return found


class _Lazily:
    """A naming that is loaded when the first name is asked for, from a thread; what is `plain` is no name."""

    def __init__(self, plain: re.Pattern[str], load: Callable[[], Coroutine[Any, Any, Naming]]) -> None:
        self._plain, self._load, self._loop = plain, load, asyncio.get_running_loop()
        self._naming: Naming | None = None

    def __call__(self, told: str) -> str:
        if self._plain.fullmatch(told):
            return told
        if self._naming is None:
            self._naming = asyncio.run_coroutine_threadsafe(self._load(), self._loop).result()
        return self._naming(told)


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
        if len(people) > 1:
            raise PERSON_NAME_SHARED(name=told, people=sorted(people)[:_TOLD])
        return people[0] if people else told

    return subject
