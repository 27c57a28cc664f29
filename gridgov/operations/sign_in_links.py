"""Links that sign somebody in once, made by who runs the platform: for the first sign-in, and when nobody can."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from gridgov.local.state import StateDirectory
from gridgov.operations import local_cluster
from gridgov.operations.reach import Installation, reach_installation
from services.registry.accounts.make_account import link_for
from services.registry.accounts.store import Accounts
from services.registry.city.people import Person, people_of
from services.registry.city.seed import DATA
from services.registry.schema import tables
from shared.change import Actor
from shared.clock import SystemClock
from shared.db.unit_of_work import Database, UnitOfWork
from shared.errors import GridGovError, NotFound
from shared.settings import Settings

OPERATOR = Actor(id="operator", role="operator")

ACCOUNT_UNKNOWN = NotFound.row(
    "account_unknown",
    "没有用户 {user}；可在 设置 → 账号 中查看用户名",
    "there is no user {user}; see the accounts under settings",
)


class Link(NamedTuple):
    person: Person
    path: str
    """Path and fragment, without the address: a fragment is sent to no server and stands in no log."""


def first_people(city: Path | None) -> Sequence[Person]:
    """Whom a start greets with a link: of a city of one's own only the administrator."""
    people = people_of(city or DATA)
    return people if city is None else people[:1]


async def links_for(people: Iterable[Person], database: Database) -> Sequence[Link]:
    """A new link for each, but for those whose account is locked or gone."""
    links = []
    for person in people:
        try:
            links.append(Link(person, await link_of(person.user, person.entry, database)))
        except GridGovError:
            continue
    return links


async def link_of(user: str, entry: str, database: Database) -> str:
    """Path and fragment of a new link for `user`. Raises NotFound, and Forbidden when the account is locked."""
    async with UnitOfWork(database) as uow:
        account = await Accounts.of(uow).named(user)
        if account is None:
            raise ACCOUNT_UNKNOWN(user=user)
        _, code = await link_for(account.id, uow, by=OPERATOR)
    return f"/app/{entry}/sign-in#code={code}"


@asynccontextmanager
async def local_database(directory: Path) -> AsyncIterator[Database]:
    """Registry's database of the local cluster that runs in `directory`."""
    async with Installation(local_cluster.urls(StateDirectory.peek(directory))).engines() as engines:
        yield Database(engines["registry"], tables, SystemClock())


@asynccontextmanager
async def registry_database(settings: Settings) -> AsyncIterator[Database]:
    """Registry's database of the installation that the environment means. Raises StartError."""
    async with reach_installation(settings) as installation, installation.engines() as engines:
        yield Database(engines["registry"], tables, SystemClock())
