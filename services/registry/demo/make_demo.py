"""The demo, made by the handlers that people use, each at its instant of the past half year: in the order in which it
happened, for whoever it happened to. Made once and with the sample city, in one transaction: all of it or nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import shapely.geometry
import sqlalchemy as sa

from services.registry.city.people import people_of
from services.registry.demo.gatherings import OFFICE, activities, meetings
from services.registry.demo.hazards import Rounds
from services.registry.demo.inspections import Inspecting
from services.registry.demo.own_checks import own_checks
from services.registry.demo.past import WEEKS, Past
from services.registry.demo.places import Spot, premises_at
from services.registry.demo.safety_manager import safety_manager
from services.registry.demo.staff import holders_in, staff
from services.registry.demo.stories import POLICE, Who
from services.registry.duties.apply_plans import apply_plans
from services.registry.premises.import_premises import Told, import_premises
from services.registry.premises.premises import Premises
from services.registry.premises.reading import PremisesFilter, PremisesReader
from services.registry.units.kinds import Kind
from services.registry.units.reading import TreeReader
from services.registry.units.unit import UnitState
from shared.auth.principal import Principal, Role
from shared.db.unit_of_work import UnitOfWork
from shared.field_cipher import FieldCipher
from shared.files.api import Files
from shared.files.uploads import Uploads
from shared.sheets.rows import Row
from shared.worktime.calendar import Calendar

STREET: Final = "A7-QT"
ELSEWHERE: Final = ("A7-XS", "A7-LL", "A7-CL", "A1-MPL")
"""Streets of the sample city that have a few premises, too."""
LEADER: Final = Principal("P00001", Role.LEADER, STREET)
ADMIN: Final = Principal("admin", Role.ADMIN)
PEOPLE: Final = {
    Who.OFFICE: OFFICE,
    Who.STATION: Principal("P00904", Role.DEPARTMENT_HANDLER, POLICE),
    Who.LEADER: LEADER,
}
IN_STREET, IN_EACH_OTHER = 160, 10


async def make_demo(uow: UnitOfWork, folder: Path, cipher: FieldCipher, calendar: Calendar, files: Files) -> None:
    """Premises, people and half a year of work; `folder` has the sample city's files, `files` takes signatures."""
    past = Past(uow)
    holders = holders_in(folder, STREET)
    await _duties_from(WEEKS * 7, past, calendar)
    await _premises(past)
    await _analyse(uow)
    await staff(holders, STREET, LEADER, past, cipher)
    premises = await _premises_of(STREET, past)
    secretaries = [(one.unit, one.person) for one in holders if one.role == "community_secretary"]
    await activities(secretaries, premises, past, calendar)
    await meetings(LEADER, past, calendar)
    workers = {
        one.unit: Principal(one.person, Role.GRID_WORKER, one.unit) for one in holders if one.role == "grid_worker"
    }
    uploads = Uploads(past.joined, files.table, files.store, most_bytes=files.uploads.most_bytes)
    await _analyse(uow)
    inspecting = Inspecting(uploads, past, calendar)
    await Rounds(PEOPLE, workers, inspecting, past, calendar).make(premises)
    # The premises' own duties run since four weeks: of a patrol of last spring nobody would be reminded today.
    await _duties_from(28, past, calendar)
    await own_checks(LEADER, past, calendar)
    manager = next(person for person in people_of(folder) if person.demo)
    await safety_manager(manager, premises, ADMIN, past)


async def _analyse(uow: UnitOfWork) -> None:
    """Nobody else does so before the transaction ends, and what reads full tables as if they were empty takes ten times
    as long."""
    names = ", ".join(table.fullname for table in uow.tables.metadata.sorted_tables)
    await uow.connection.execute(sa.text(f"ANALYZE {names}"))


async def _duties_from(days_ago: int, past: Past, calendar: Calendar) -> None:
    """The duties of the street's units and premises, as they are so far; elsewhere they begin today."""
    async with past.uow(past.at(days_ago, 8)) as uow:
        while await apply_plans(uow, calendar, within=STREET):
            pass


async def _premises_of(street: str, past: Past) -> list[Premises]:
    async with past.uow(past.now) as uow:
        reader = PremisesReader(uow, ADMIN)
        return [one async for page in reader.bare(PremisesFilter(area=street)).whole() for one in page]


async def _premises(past: Past) -> None:
    async with past.uow(past.at(WEEKS * 7 + 3, 9)) as uow:
        spots = await _spots(uow, STREET, IN_STREET)
        for street in ELSEWHERE:
            spots += await _spots(uow, street, IN_EACH_OTHER)
        rows = [Told(Row("", line, {}), "", about) for line, about in enumerate(premises_at(spots), 1)]
        await import_premises(rows, ADMIN, uow, why="示例数据 demo")


async def _spots(uow: UnitOfWork, street: str, count: int) -> list[Spot]:
    """Spread over the grids of a street, else its communities, else the street itself."""
    tree = TreeReader(uow, None)
    communities = [unit.state for unit in await tree.below(street) if unit.state.kind is Kind.COMMUNITY]
    grids = [unit.state for one in communities for unit in await tree.below(one.code) if unit.state.kind is Kind.GRID]
    units: Sequence[UnitState] = grids or communities
    if not units:
        return []
    return [_spot(units[at * 7 % len(units)], at) for at in range(count)]


def _spot(unit: UnitState, at: int) -> Spot:
    name = unit.name.partition("第")[0].removesuffix("社区").removesuffix("村")
    if unit.boundary is None:
        return Spot(unit.code, name, None)
    inside = shapely.geometry.shape(unit.boundary).representative_point()
    # A little aside, so that two of a grid are two on the map; grids are some 300 m wide.
    aside = (at % 5 - 2) * 0.0002
    return Spot(unit.code, name, (round(inside.x + aside, 6), round(inside.y - aside, 6)))
