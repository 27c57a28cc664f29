"""The store of work orders."""

from services.dispatch.work_orders.table import work_orders
from services.dispatch.work_orders.work_order import WorkOrder
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


class WorkOrders(Aggregates[WorkOrder]):
    """What was opened for a source that has its work order already is dropped, with its events."""

    kind = "work_order"
    codec = RowCodec(
        WorkOrder,
        work_orders,
        flat=("place",),
        prefixed=("accept", "resolve"),
        derived={
            "source_kind": lambda order: order.sources[0].kind,
            "source_id": lambda order: order.sources[0].id,
            "due_at": lambda order: order.due_at,
        },
    )
    natural = ("source_kind", "source_id")
