"""The store of hazards, and their numbers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.registry.hazards.hazard import Hazard
from services.registry.hazards.items import Item
from services.registry.hazards.lifecycle import State
from services.registry.hazards.table import hazard_serials, hazards
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


class Known(NamedTuple):
    """By what a table tells a hazard again: where it is, and what is wrong there in the same words."""

    premises_id: UUID | None
    unit: str
    item: Item
    text: str


class Hazards(Aggregates[Hazard]):
    """What was found by the same origin before is dropped, with its events."""

    kind = "hazard"
    codec = RowCodec(Hazard, hazards, derived={"due_at": lambda hazard: hazard.due_at}, beside=("body_hash",))
    natural = ("origin",)

    async def by_origin(self, origin: str) -> tuple[Hazard, bytes | None] | None:
        """The one that was found by this, and the hash of the body that was sent for it, where one was."""
        await self.flush()
        query = sa.select(hazards).where(hazards.c.origin == origin)
        row = (await self._uow.connection.execute(query)).mappings().one_or_none()
        return None if row is None else (self.codec.of(row), row["body_hash"])

    async def present(self, told: Collection[Known]) -> set[Known]:
        """Which of these are there, open or fixed on the spot: what a table tells again."""
        if not told:
            return set()
        wanted = _told([list(values) for values in zip(*told, strict=True)])
        place = sa.or_(
            hazards.c.premises_id == wanted.c.premises_id,
            hazards.c.premises_id.is_(None) & wanted.c.premises_id.is_(None) & (hazards.c.unit == wanted.c.unit),
        )
        same = (hazards.c.text == wanted.c.text) & (hazards.c.item == wanted.c.item) & place
        stands = hazards.c.closed_at.is_(None) | (hazards.c.state == State.FIXED_ON_SPOT)
        rows = await self._uow.connection.execute(sa.select(*wanted.c).where(sa.exists().where(same, stands)))
        return {Known(row.premises_id, row.unit, Item(row.item), row.text) for row in rows}

    async def new_numbers(self, street: str, day: date, count: int = 1) -> list[str]:
        """`YH-<street>-<yyyymmdd>-<serial>`; nobody else numbers in that street until the transaction ends."""
        statement = insert(hazard_serials).values(street=street, day=day, serial=count)
        counted = statement.on_conflict_do_update(
            index_elements=["street", "day"], set_={"serial": hazard_serials.c.serial + count}
        ).returning(hazard_serials.c.serial)
        last = (await self._uow.connection.execute(counted)).scalar_one()
        return [f"YH-{street}-{day:%Y%m%d}-{serial % 1_000_000:06d}" for serial in range(last - count + 1, last + 1)]


def _told(columns: Sequence[list[Any]]) -> sa.TableValuedAlias:
    """Several `Known` as rows, from what each of its fields is in all of them."""
    types: dict[str, Any] = {"premises_id": sa.Uuid, "unit": sa.Text, "item": sa.Text, "text": sa.Text}
    arrays = [sa.literal(values, sa.ARRAY(of)) for values, of in zip(columns, types.values(), strict=True)]
    named = [sa.column(name, of) for name, of in types.items()]
    return sa.func.unnest(*arrays).table_valued(*named, name="told").render_derived()
