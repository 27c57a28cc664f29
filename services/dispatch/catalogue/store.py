"""Versions of the responsibility catalogue, and the one in force. Nothing is cached: one row is read, by its day."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.dispatch.catalogue.catalogue import Catalogue, read_catalogue
from services.dispatch.catalogue.table import catalogues
from services.dispatch.errors import CATALOGUE_MISSING
from shared.db.unit_of_work import UnitOfWork

_since, _day = catalogues.c.effective_from, sa.bindparam("day", type_=sa.Date)
_IN_FORCE = (
    sa.select(catalogues.c.data)
    .order_by((_since <= _day).desc(), sa.func.abs(_since - _day), catalogues.c.version.desc())
    .limit(1)
)


async def in_force(uow: UnitOfWork, day: date) -> Catalogue:
    """The catalogue whose effective date is the latest not after a local day, else the earliest of those to come; of
    two from one date the later named. Raises Unavailable while none was published."""
    data = await uow.connection.scalar(_IN_FORCE, {"day": day})
    if data is None:
        raise CATALOGUE_MISSING()
    return read_catalogue(data)


async def publish(data: dict[str, Any], uow: UnitOfWork) -> bool:
    """Add a version; False when it is there already (a version never changes). Raises ValueError when unreadable."""
    catalogue = read_catalogue(data)
    statement = insert(catalogues).on_conflict_do_nothing().returning(catalogues.c.version)
    added = await uow.connection.scalar(
        statement,
        {
            "version": catalogue.version,
            "effective_from": catalogue.effective_from,
            "data": data,
            "published_at": uow.now,
        },
    )
    return added is not None
