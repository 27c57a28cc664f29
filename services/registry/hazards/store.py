"""The store of hazards, and their numbers."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.registry.hazards.hazard import Hazard
from services.registry.hazards.lifecycle import State
from services.registry.hazards.table import hazard_serials, hazards
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


class Hazards(Aggregates[Hazard]):
    """What was found by the same origin before is dropped, with its events."""

    kind = "hazard"
    codec = RowCodec(
        Hazard,
        hazards,
        prefixed=("source", "rectify", "recheck", "decide"),
        derived={"due_at": lambda hazard: hazard.due_at},
    )
    natural = ("origin",)

    async def by_origin(self, origins: Collection[str]) -> dict[str, Hazard]:
        """Those that were found by these origins."""
        await self.flush()
        wanted = hazards.c.origin == sa.any_(sa.literal(list(origins), sa.ARRAY(sa.Text)))
        rows = await self._uow.connection.execute(sa.select(*self.codec.columns).where(wanted))
        return {found.origin: found for found in map(self.codec.of_values, rows)}

    async def told_with(self, texts: Collection[str]) -> list[Hazard]:
        """Those that are open, or were fixed on the spot, with one of these texts: what a table tells again."""
        same = hazards.c.text == sa.any_(sa.literal(list(texts), sa.ARRAY(sa.Text)))
        rows = await self._uow.connection.execute(
            sa.select(*self.codec.columns).where(
                same, hazards.c.closed_at.is_(None) | (hazards.c.state == State.FIXED_ON_SPOT)
            )
        )
        return [self.codec.of_values(row) for row in rows]

    async def numbered(self, numbers: Collection[str]) -> set[str]:
        """Those of `numbers` that are there."""
        wanted = hazards.c.number == sa.any_(sa.literal(list(numbers), sa.ARRAY(sa.Text)))
        return set(await self._uow.connection.scalars(sa.select(hazards.c.number).where(wanted)))

    async def new_numbers(self, street: str, day: date, count: int = 1) -> list[str]:
        """`YH-<street>-<yyyymmdd>-<serial>`; nobody else numbers in that street until the transaction ends."""
        statement = insert(hazard_serials).values(street=street, day=day, serial=count)
        counted = statement.on_conflict_do_update(
            index_elements=["street", "day"], set_={"serial": hazard_serials.c.serial + count}
        ).returning(hazard_serials.c.serial)
        last = (await self._uow.connection.execute(counted)).scalar_one()
        return [f"YH-{street}-{day:%Y%m%d}-{serial % 1_000_000:06d}" for serial in range(last - count + 1, last + 1)]
