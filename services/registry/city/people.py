"""The first accounts of a city: its administrator, and the people in `accounts.json` of its folder where there is one.

None has a password: each first signs in by a link.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from services.registry.accounts.account import Account
from services.registry.accounts.make_account import make_account, new_account
from services.registry.accounts.store import Accounts
from services.registry.units.store import Units
from shared.auth.principal import Principal, Role
from shared.db.unit_of_work import UnitOfWork

ADMINISTRATOR: Final = "admin"
"""User name of the administrator of the whole platform."""
_SEEDING: Final = Principal("seed", Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Person:
    """`entry` is the page (`phone`, `desk`, `board`) that fits what the person does, `does_zh` and `does_en`. One who
    belongs to the `demo` has an account where that is."""

    user: str
    person: str
    name: str
    unit: str | None
    entry: str
    does_zh: str
    does_en: str
    demo: bool = False


_ADMIN: Final = Person(ADMINISTRATOR, "admin", "管理员", None, "desk", "平台管理员", "administrator of the platform")


def people_of(folder: Path) -> Sequence[Person]:
    """The administrator, and the people of a folder. Raises KeyError, TypeError or ValueError for rows that are none."""
    file = folder / "accounts.json"
    rows: Sequence[Mapping[str, Any]] = json.loads(file.read_text("utf-8"))["accounts"] if file.exists() else ()
    return [_ADMIN, *(Person(**row) for row in rows)]


async def first_accounts(uow: UnitOfWork, folder: Path) -> None:
    """Make the first accounts where there is none; nothing otherwise. Who belongs to a unit that is not there gets none:
    the registry may have had its own city before. Raises Invalid, Conflict."""
    if await Accounts.of(uow).any():
        return
    for person in people_of(folder):
        if person.demo:
            continue
        if person.unit is None or await Units.of(uow).by_code(person.unit) is not None:
            await make_account(account_of(person), _SEEDING, uow, why="first accounts")


def account_of(person: Person) -> Account:
    """Their account, without a password, and none must be chosen: the links of a start are to be followed at once."""
    return replace(new_account(person.person, person.user, person.name, person.unit, None), must_change=False)
