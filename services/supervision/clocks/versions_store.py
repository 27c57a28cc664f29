"""How far the events of each thing have been applied: what makes stale and repeated events harmless."""

from collections.abc import Mapping
from typing import Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.supervision.clocks.table import things
from shared.db.unit_of_work import UnitOfWork


class Versions:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    @classmethod
    def of(cls, uow: UnitOfWork) -> Self:
        return uow.part(cls)

    async def advance(self, versions: Mapping[UUID, int]) -> dict[UUID, int]:
        """Note that events up to these versions are applied; the versions applied before, 0 for unknown things.

        Locks the rows until the transaction ends, in id order: two readers of one partition cannot both apply.
        """
        ids = sorted(versions)
        noted = (
            sa.func.unnest(
                sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)), sa.bindparam("versions", type_=sa.ARRAY(sa.Integer))
            )
            .table_valued(sa.column("id", sa.Uuid), sa.column("version", sa.Integer), name="noted")
            .render_derived()
        )
        statement = insert(things).from_select(
            ["id", "version", "before"], sa.select(noted.c.id, noted.c.version, sa.literal(0))
        )
        rows = await self._uow.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["id"],
                set_={
                    "version": sa.func.greatest(things.c.version, statement.excluded.version),
                    "before": things.c.version,
                },
            ).returning(things.c.id, things.c.before),
            {"ids": ids, "versions": [versions[thing] for thing in ids]},
        )
        return {row.id: row.before for row in rows}
