"""Work orders as rows: opening, loading for a change, writing a change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.schema import work_orders
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.work_order import WorkOrder
from shared.change import Change
from shared.db.bulk import columns, insert_rows, update_rows
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry.context import Trace, bound
from shared.worktime.limits import parse_limit

_KIND = "work_order"
_FIELDS = tuple(field.name for field in fields(WorkOrder))
_CHANGING = (
    "lead_unit", "state", "accept_from", "accept_due_at", "resolve_due_at", "result", "resolved_by", "returns",
    "reworks", "closed_at", "due_at", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """A work order to be opened and the trace it goes on from."""

    change: Change[WorkOrder]
    trace: Trace | None


class WorkOrders:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._changed: dict[UUID, WorkOrder] = {}
        uow.before_commit(self._write)

    async def open(self, openings: Sequence[Opening]) -> None:
        """Store those whose report has no work order yet; the others are dropped, with their events."""
        ordered = sorted(openings, key=lambda opening: opening.change.after.report_id)
        rows = [_row(opening.change.after) for opening in ordered]
        stored = set((await self._uow.connection.execute(_OPEN, columns(work_orders, _STORED, rows))).scalars())
        for opening in openings:
            if opening.change.after.id in stored:
                with bound(opening.trace):
                    self._uow.record(_KIND, opening.change)

    async def load(self, ids: Iterable[UUID]) -> dict[UUID, WorkOrder]:
        """Work orders by id, locked until the transaction ends, always in id order (no deadlocks); what this
        transaction changed is written before."""
        await self._write()
        rows = await self._uow.connection.execute(_LOAD, {"ids": list(set(ids))})
        return {row["id"]: work_order_of(row) for row in rows.mappings()}

    def put(self, change: Change[WorkOrder]) -> None:
        """Write the new state of a loaded work order with this transaction, attributed to the present cause."""
        self._changed[change.after.id] = change.after
        self._uow.record(_KIND, change)

    async def _write(self) -> None:
        changed, self._changed = self._changed, {}
        if changed:
            rows = [_row(order) for order in changed.values()]
            await self._uow.connection.execute(_UPDATE, columns(work_orders, ("id", *_CHANGING), rows))


_STORED = (*_FIELDS, "due_at")
_OPEN = (
    insert_rows(work_orders, _STORED).on_conflict_do_nothing(index_elements=["report_id"]).returning(work_orders.c.id)
)
_LOAD = (
    sa.select(work_orders)
    .where(work_orders.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
    .order_by(work_orders.c.id)
    .with_for_update()
)
_UPDATE = update_rows(work_orders, "id", _CHANGING)


def _row(order: WorkOrder) -> dict[str, Any]:
    row = {name: getattr(order, name) for name in _FIELDS}
    row["accept_limit"] = str(order.accept_limit)
    row["resolve_limit"] = str(order.resolve_limit)
    row["due_at"] = order.due_at
    return row


def work_order_of(row: Any) -> WorkOrder:
    values = {name: row[name] for name in _FIELDS}
    values["state"] = State(row["state"])
    values["accept_limit"] = parse_limit(row["accept_limit"])
    values["resolve_limit"] = parse_limit(row["resolve_limit"])
    return WorkOrder(**values)
