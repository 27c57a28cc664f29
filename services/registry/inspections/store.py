"""Inspections as rows: each stored once per (caller, key), and what was answered under a key before."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from services.registry.inspections.inspection import Inspection
from services.registry.inspections.table import inspections, serials
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.numbers import new_serials


@dataclass(frozen=True, slots=True)
class Known:
    """What was stored under a caller's key."""

    id: UUID
    number: str
    body_hash: bytes


class Inspections(Aggregates[Inspection]):
    """What comes again under a known (caller, key) is dropped, with its event; who send the same at once wait."""

    kind = "inspection"
    codec = RowCodec(
        Inspection,
        inspections,
        derived={"failed": lambda one: one.failed},
        beside=("caller", "client_key", "body_hash"),
    )
    natural = ("caller", "client_key")

    async def known(self, caller: str, keys: Collection[str]) -> dict[str, Known]:
        """What `caller` sent before under these keys."""
        columns = inspections.c
        rows = await self._uow.connection.execute(
            sa.select(columns.client_key, columns.id, columns.number, columns.body_hash).where(
                columns.caller == caller,
                columns.client_key == sa.any_(sa.literal(list(keys), sa.ARRAY(sa.Text))),
            )
        )
        return {row.client_key: Known(row.id, row.number, row.body_hash) for row in rows}

    async def new_serials(self, count: int) -> list[str]:
        """The running parts of `count` new numbers; never handed out again."""
        return await new_serials(self._uow.connection, serials, count, digits=7)
