"""The store of work orders."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.work_orders.table import work_orders
from services.dispatch.work_orders.work_order import SourceKind, WorkOrder
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


class WorkOrders(Aggregates[WorkOrder]):
    """What was opened for a source that has its work order already is dropped, with its events."""

    kind = "work_order"
    codec = RowCodec(
        WorkOrder,
        work_orders,
        derived={
            "source_kind": lambda order: order.sources[0].kind,
            "source_id": lambda order: order.sources[0].id,
            "hazard_id": lambda order: order.hazard and order.hazard.id,
            "hazard_number": lambda order: order.hazard and order.hazard.number,
            "due_at": lambda order: order.due_at,
        },
    )
    natural = ("source_kind", "source_id")

    async def of_reports(self, reports: Sequence[UUID]) -> list[WorkOrder]:
        """The work orders that these reports opened, locked until the transaction ends, in id order."""
        await self.flush()
        rows = await self._uow.connection.execute(_OF_REPORTS, {"ids": list(set(reports))})
        return [self.codec.of_values(row) for row in rows]

    async def of_hazards(self, hazards: Sequence[UUID]) -> dict[UUID, WorkOrder]:
        """The work orders that have these hazards among their sources, by hazard, locked until the transaction ends."""
        await self.flush()
        rows = await self._uow.connection.execute(_OF_HAZARDS, {"ids": list(set(hazards))})
        return {order.hazard.id: order for order in map(self.codec.of_values, rows) if order.hazard is not None}

    async def joined(self, others: Mapping[UUID, int]) -> None:
        """Keep how many others reported the same, by the report that opened the work order; a number never goes down."""
        given = {"ids": list(others), "counts": list(others.values())}
        await self._uow.connection.execute(_JOINED, given)


_OTHERS = (
    sa.func.unnest(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)), sa.bindparam("counts", type_=sa.ARRAY(sa.Integer)))
    .table_valued(sa.column("id", sa.Uuid), sa.column("joined", sa.Integer), name="others")
    .render_derived()
)
_JOINED = (
    sa.update(work_orders)
    .where(
        work_orders.c.source_kind == SourceKind.REPORT,
        work_orders.c.source_id == _OTHERS.c.id,
        work_orders.c.joined < _OTHERS.c.joined,
    )
    .values(joined=_OTHERS.c.joined)
)
_OF_REPORTS = (
    sa.select(*WorkOrders.codec.columns)
    .where(
        work_orders.c.source_kind == SourceKind.REPORT,
        work_orders.c.source_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))),
    )
    .order_by(work_orders.c.id)
    .with_for_update()
)
_OF_HAZARDS = (
    sa.select(*WorkOrders.codec.columns)
    .where(work_orders.c.hazard_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
    .order_by(work_orders.c.id)
    .with_for_update()
)
