"""Versions of the responsibility catalogue, and the one in force, read again only when a version was added."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dispatch.catalogue.catalogue import Catalogue, in_force, read_catalogue
from services.dispatch.schema import catalogues
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Unavailable


class CatalogueShelf:
    """All versions, cached by their count: versions are only ever added."""

    def __init__(self) -> None:
        self._versions: tuple[Catalogue, ...] = ()

    async def in_force(self, connection: AsyncConnection, day: date) -> Catalogue:
        """The catalogue of a local day. Raises Unavailable while none was published."""
        count = await connection.scalar(sa.select(sa.func.count()).select_from(catalogues)) or 0
        if count != len(self._versions):
            rows = await connection.execute(sa.select(catalogues.c.data).order_by(catalogues.c.effective_from))
            self._versions = tuple(read_catalogue(data) for data in rows.scalars())
        if not self._versions:
            raise Unavailable(
                "no_catalogue",
                "尚未发布权责清单，请管理员先发布。",
                "No responsibility catalogue is published yet; an administrator must publish one.",
            )
        return in_force(self._versions, day)


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
