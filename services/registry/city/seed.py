"""The city that an empty registry starts from: `units.json` and `posts.json` of a folder, by default of the sample city,
and the accounts with which it begins."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.registry.city.import_city import City, import_city
from services.registry.city.people import first_accounts
from services.registry.errors import CITY_UNREADABLE
from services.registry.posts.post import Post
from services.registry.units.kinds import Kind
from services.registry.units.store import Units
from services.registry.units.unit import UnitState
from services.registry.write_lock import alone
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork

DATA: Final = Path(__file__).parents[1] / "data"
SEEDING: Final = Actor(id="seed", role="service")


def read_city(folder: Path = DATA) -> City:
    """The city in a folder's files. Raises KeyError or ValueError for rows that are none; names of people are left
    where they are, the registry knows them by the subject they sign in with."""
    units = json.loads((folder / "units.json").read_text("utf-8"))["units"]
    posts = json.loads((folder / "posts.json").read_text("utf-8"))["posts"]
    return City([_state(row) for row in units], [_post(row) for row in posts])


async def seed(uow: UnitOfWork, folder: Path | None = None) -> bool:
    """Import a folder's city, or the sample, where there is no unit at all, and make the first accounts where there is
    none; nothing otherwise. Whether there was no unit. Raises Invalid."""
    # Before the look: a second process waits here, and then finds the city.
    await alone(uow)
    new = not await Units.of(uow).any()
    if new:
        why = "样例城市 · sample city" if folder is None else f"{folder} 中的城市 · the city in {folder}"
        await import_city(_readable(folder or DATA), uow, by=SEEDING, why=why)
    await first_accounts(uow, folder or DATA)
    return new


def _readable(folder: Path) -> City:
    try:
        return read_city(folder)
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise CITY_UNREADABLE(folder=folder, error=repr(error)) from error


def _state(row: Mapping[str, Any]) -> UnitState:
    return UnitState(
        code=row["code"],
        kind=Kind(row["kind"]),
        name=row["name"],
        valid_from=date.fromisoformat(row["valid_from"]),
        parent=row["parent"],
        aliases=tuple(row.get("aliases", ())),
        boundary=row.get("boundary"),
        households=row.get("households"),
        residents=row.get("residents"),
        functions=tuple(row.get("functions", ())),
        serves=tuple(row.get("serves", ())),
        valid_to=_day(row.get("valid_to")),
    )


def _post(row: Mapping[str, Any]) -> Post:
    return Post(
        id=UUID(row["post_id"]),
        person=row["person"],
        role=row["role"],
        unit=row["unit"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        version=1,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
