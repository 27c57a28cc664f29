"""What a plan is held against: the units that it mentions with all above and below them, and others of the same names."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

import sqlalchemy as sa

from services.registry.restructuring.figures import Sum
from services.registry.units.kinds import Kind
from services.registry.units.names import parts_of
from services.registry.units.store import Units, exists_on
from services.registry.units.table import units
from services.registry.units.unit import Unit, UnitState
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import below

_AT_ONCE: Final = 2_000
"""Names looked up in one statement: each takes a turn of the index, and a statement has ten seconds."""


async def around(uow: UnitOfWork, codes: Collection[str], day: date) -> dict[str, Unit]:
    """Of the units with `codes`: they, all above and all below them, and departments that serve one of these; with all
    above them."""
    first = sa.select(units.c.code).where(units.c.code == sa.any_(_texts(codes)))
    down = first.cte("down", recursive=True)
    down = down.union(sa.select(units.c.code).join(down, units.c.parent == down.c.code).where(exists_on(units, day)))
    serving = units.c.serves.op("&&", is_comparison=True)(sa.func.array(sa.select(down.c.code).scalar_subquery()))
    wanted = units.c.code.in_(sa.select(down.c.code)) | (serving & exists_on(units, day))
    return await Units.of(uow).with_ancestors(wanted)


async def namesakes(uow: UnitOfWork, names: Collection[str], day: date) -> dict[str, UnitState]:
    """Who is called as one of `names`, or as a part of one; with all above them."""
    parts, found = sorted(parts_of(names)), dict[str, UnitState]()
    for start in range(0, len(parts), _AT_ONCE):
        some = sa.cast(_texts(parts[start : start + _AT_ONCE]), sa.ARRAY(sa.Text))
        units_so = await Units.of(uow).with_ancestors(units.c.names.overlap(some) & exists_on(units, day))
        found |= {code: unit.state for code, unit in units_so.items()}
    return found


async def sums(uow: UnitOfWork, area: str | None, day: date) -> Mapping[Kind, Sum]:
    """How many units of each kind `area` has, with their residents and households."""
    there = exists_on(units, day)
    if area is not None:
        there &= units.c.code.in_(below(units, area))
    total, known = sa.func.sum, sa.func.count
    rows = await uow.connection.execute(
        sa.select(
            units.c.kind, known(), total(units.c.residents), known(units.c.residents), total(units.c.households),
            known(units.c.households),
        )
        .where(there)
        .group_by(units.c.kind)
    )  # fmt: skip
    return {Kind(kind): Sum(*(int(number or 0) for number in numbers)) for kind, *numbers in rows}


def _texts(values: Collection[str]) -> sa.BindParameter[object]:
    return sa.literal(sorted(values), sa.ARRAY(sa.Text))
