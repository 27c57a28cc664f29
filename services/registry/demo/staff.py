"""The people of the demo's street: accounts with their names, what is known of them, leave and shifts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from services.registry.accounts.account import register
from services.registry.accounts.make_account import new_account
from services.registry.accounts.names_reading import names_of
from services.registry.accounts.store import Accounts
from services.registry.availability.ask_leave import Wanted, ask_leave, decide_leave, withdraw_leave
from services.registry.availability.leave import Action, Kind
from services.registry.availability.plan_shift import plan_shift
from services.registry.availability.shift import Shift
from services.registry.composition.facts import Education, Facts, Gender, SealedFacts, state
from services.registry.composition.store import PeopleFacts, seal
from services.registry.demo.past import Past
from shared.auth.principal import Principal, Role
from shared.field_cipher import FieldCipher
from shared.ids import new_id

EDUCATIONS: Final = (Education.COLLEGE, Education.SECONDARY, Education.BACHELOR, Education.COLLEGE, Education.JUNIOR)
LEAVES: Final = (
    (140, 2, Kind.PERSONAL, "家中有事"), (96, 5, Kind.ANNUAL, "年休假"), (61, 3, Kind.SICK, "感冒发烧"),
    (33, 5, Kind.TRAINING, "参加网格员培训"), (12, 1, Kind.BUSINESS, "到区里开会"), (1, 4, Kind.ANNUAL, "年休假"),
    (0, 2, Kind.SICK, "住院检查"), (-5, 3, Kind.ANNUAL, "回乡探亲"),
)  # fmt: skip
"""How many days ago leave begins, how many days it lasts, its kind and reason."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A post of the sample city, with the name of who holds it."""

    person: str
    name: str
    role: str
    unit: str


def holders_in(folder: Path, street: str) -> Sequence[Holder]:
    """The posts in a street and below it, as the sample city's file has them."""
    rows = json.loads((folder / "posts.json").read_text("utf-8"))["posts"]
    return [
        Holder(row["person"], row["name"], row["role"], row["unit"])
        for row in rows
        if row["unit"] == street or row["unit"].startswith(f"{street}-")
    ]


async def staff(holders: Sequence[Holder], street: str, leader: Principal, past: Past, cipher: FieldCipher) -> None:
    """Accounts that nobody can sign in with yet, facts, leave and shifts of the street's people."""
    await _accounts(holders, street, past)
    await _facts(holders, leader, past, cipher)
    await _leave(holders, past)
    await _shifts(holders, leader, past)


async def _accounts(holders: Sequence[Holder], street: str, past: Past) -> None:
    people = {one.person: one.name for one in holders}
    by = Principal("admin", Role.ADMIN).actor()
    async with past.uow(past.at(180, 9)) as uow:
        known = await names_of(uow, list(people))
        new = [new_account(one, one.lower(), name, street, None) for one, name in people.items() if one not in known]
        # All in one statement, as the city they are of was imported.
        Accounts.of(uow).add(*(register(account, by=by, now=uow.now, why="示例数据 demo") for account in new))


async def _facts(holders: Sequence[Holder], leader: Principal, past: Past, cipher: FieldCipher) -> None:
    year = past.now.year
    async with past.uow(past.at(170, 10)) as uow:
        for at, person in enumerate(dict.fromkeys(one.person for one in holders)):
            if at % 12 == 11:  # a few are still to be filled in
                continue
            born = f"{year - 24 - at * 7 % 35}-{at % 12 + 1:02}"
            gender = Gender.FEMALE if at % 5 < 3 else Gender.MALE
            facts = Facts(born, gender, EDUCATIONS[at % len(EDUCATIONS)])
            sealed = SealedFacts(new_id(), person, seal(cipher, person, facts), 1)
            PeopleFacts.of(uow).add(state(None, sealed, facts, by=leader.actor(), now=uow.now, why=None))


async def _leave(holders: Sequence[Holder], past: Past) -> None:
    """Of grid workers, granted by the secretary of their community; the last ones still to be granted."""
    secretaries = {one.unit: one.person for one in holders if one.role == "community_secretary"}
    # Not the first grid: its worker is who the newcomer is.
    workers = [one for one in holders if one.role == "grid_worker" and not one.unit.endswith("-01-001")]
    for at, (ago, days, kind, reason) in enumerate(LEAVES):
        for worker in workers[at * 5 :: 60]:
            community = worker.unit.rpartition("-")[0]
            asked = past.at(max(ago + 3, 0), 9, at * 5)
            starts = past.at(ago, 0)
            async with past.uow(asked) as uow:
                wanted = Wanted(worker.person, starts, starts + timedelta(days=days), kind, reason)
                made = await ask_leave(wanted, Principal(worker.person, Role.GRID_WORKER, worker.unit), uow)
            if ago < 0 or (person := secretaries.get(community)) is None:
                continue
            secretary = Principal(person, Role.LEADER, community)
            async with past.uow(asked + timedelta(hours=2)) as uow:
                action = Action.DECLINE if kind is Kind.PERSONAL and at % 2 == 0 else Action.GRANT
                decided = await decide_leave(made.id, made.version, action, None, secretary, uow)
            if kind is Kind.TRAINING and action is Action.GRANT:
                async with past.uow(starts + timedelta(days=days - 1)) as uow:
                    await withdraw_leave(made.id, decided.version, "提前返岗", secretary, uow)


async def _shifts(holders: Sequence[Holder], leader: Principal, past: Past) -> None:
    """Of two communities: by day on weekdays, and one of their grids at night; the clerk's window has office hours."""
    workers: Mapping[str, Holder] = {one.unit: one for one in holders if one.role == "grid_worker"}
    begins = past.at(150, 9)
    planned = Shift(new_id(), "", "grid_worker", None, (1, 2, 3, 4, 5), (), "08:00", "20:00", begins.date(), None, 1)
    async with past.uow(begins) as uow:
        for at, (unit, worker) in enumerate(sorted(workers.items())):
            if 1 <= at < 12:
                await plan_shift(replace(planned, id=new_id(), unit=unit, person=worker.person), leader, uow)
            if at in (3, 9):
                night = replace(planned, id=new_id(), unit=unit, begins="20:00", ends="08:00", weekdays=(6, 7))
                await plan_shift(night, leader, uow)
        window = replace(planned, unit=leader.unit or "", role="intake_clerk", begins="09:00", ends="17:30")
        await plan_shift(window, leader, uow)
    async with past.uow(past.at(2, 9)) as uow:
        festival: tuple[date, ...] = tuple((past.at(-ago, 0)).date() for ago in (5, 6, 12))
        duty = replace(planned, id=new_id(), unit=leader.unit or "", role="leader", weekdays=(), days=festival)
        await plan_shift(duty, leader, uow, why="节假日领导带班")
