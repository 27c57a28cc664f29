"""Reports as rows: adding, loading for a change, saving a change, reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.intake.reports.lifecycle import Status
from services.intake.reports.report import Category, Channel, Contents, Placing, Report, ReviewReason
from services.intake.schema import report_serial, reports
from shared.change import Change
from shared.db.bulk import columns, insert_rows, update_rows
from shared.db.unit_of_work import UnitOfWork
from shared.telemetry.context import Trace, bound

_KIND = "report"


@dataclass(frozen=True, slots=True)
class Origin:
    """What identifies a submission: the caller, the caller's own key, and a hash of the body sent under it."""

    caller: str
    client_key: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class NewReport:
    """A submission ready to be stored. `reporter` is already encrypted; `trace` is of the request it came with."""

    change: Change[Report]
    origin: Origin
    reporter: bytes | None
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier submission with the same caller and key was answered."""

    id: UUID
    number: str
    body_hash: bytes


class Reports:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._changed: dict[UUID, Report] = {}
        uow.before_commit(self._write)

    async def serials(self, count: int) -> list[int]:
        """`count` new serials. They leave gaps when a transaction fails; numbers stay unique all the same."""
        return list((await self._uow.connection.execute(_SERIALS, {"count": count})).scalars())

    async def add(self, new: Sequence[NewReport]) -> set[UUID]:
        """Store those whose (caller, key) is not known yet and return their ids.

        Waits for a concurrent transaction that is storing the same key, so both callers get the same report.
        """
        # In key order: two groups that hold the same keys must not wait for each other in a circle.
        ordered = sorted(new, key=lambda n: (n.origin.caller, n.origin.client_key))
        rows = [_new_row(submission) for submission in ordered]
        stored = set((await self._uow.connection.execute(_ADD, columns(reports, _NEW, rows))).scalars())
        for submission in new:
            if submission.change.after.id in stored:
                with bound(submission.trace):
                    self._uow.record(_KIND, submission.change)
        return stored

    async def known(self, origins: Iterable[Origin]) -> dict[tuple[str, str], Known]:
        """Earlier answers by (caller, key)."""
        pairs = sorted({(origin.caller, origin.client_key) for origin in origins})
        rows = await self._uow.connection.execute(
            _KNOWN, {"callers": [caller for caller, _ in pairs], "keys": [key for _, key in pairs]}
        )
        return {(row.caller, row.client_key): Known(row.id, row.number, row.body_hash) for row in rows}

    async def load(self, ids: Iterable[UUID]) -> dict[UUID, Report]:
        """Reports by id, locked until the transaction ends, always in id order (no deadlocks).

        What this transaction changed is written before: one batch calls several handlers, and a load never reads
        behind them.
        """
        await self._write()
        rows = await self._uow.connection.execute(_LOAD, {"ids": list(set(ids))})
        return {row["id"]: _report(row) for row in rows.mappings()}

    def put(self, change: Change[Report]) -> None:
        """Write the new state of a loaded report with this transaction, attributed to the present cause."""
        self._changed[change.after.id] = change.after
        self._uow.record(_KIND, change)

    async def _write(self) -> None:
        changed, self._changed = self._changed, {}
        if changed:
            rows = [_changed_row(report) for report in changed.values()]
            await self._uow.connection.execute(_UPDATE, columns(reports, ("id", *_CHANGING), rows))


_CHANGING = (
    "status", "unit", "place_method", "place_confidence", "category", "category_confidence", "category_model",
    "review_reasons", "triaged_at", "work_order", "work_order_version", "version",
)  # fmt: skip


_NEW = (
    "id", "number", "caller", "client_key", "body_hash", "home", "status", "channel", "title", "text", "told_category",
    "longitude", "latitude", "declared_point", "address", "occurred_at", "recorded_at", "reporter", "review_reasons",
    "submitted_at", "version",
)  # fmt: skip

_SERIALS = sa.select(report_serial.next_value()).select_from(
    sa.func.generate_series(1, sa.bindparam("count", type_=sa.Integer)).table_valued()
)
_ADD = (
    insert_rows(reports, _NEW).on_conflict_do_nothing(index_elements=["caller", "client_key"]).returning(reports.c.id)
)
_LOAD = (
    sa.select(reports)
    .where(reports.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
    .order_by(reports.c.id)
    .with_for_update()
)
_UPDATE = update_rows(reports, "id", _CHANGING)
_PAIRS = (
    sa.func.unnest(sa.bindparam("callers", type_=sa.ARRAY(sa.Text)), sa.bindparam("keys", type_=sa.ARRAY(sa.Text)))
    .table_valued(sa.column("caller", sa.Text), sa.column("client_key", sa.Text), name="wanted")
    .render_derived()
)
_KNOWN = sa.select(reports.c.caller, reports.c.client_key, reports.c.id, reports.c.number, reports.c.body_hash).join(
    _PAIRS, (reports.c.caller == _PAIRS.c.caller) & (reports.c.client_key == _PAIRS.c.client_key)
)


def _new_row(new: NewReport) -> dict[str, Any]:
    report = new.change.after
    told = report.contents
    return {
        "id": report.id,
        "number": report.number,
        "caller": new.origin.caller,
        "client_key": new.origin.client_key,
        "body_hash": new.origin.body_hash,
        "home": report.home,
        "status": report.status,
        "channel": told.channel,
        "title": told.title,
        "text": told.text,
        "told_category": told.category,
        "longitude": told.longitude,
        "latitude": told.latitude,
        "declared_point": told.declared_point,
        "address": told.address,
        "occurred_at": told.occurred_at,
        "recorded_at": told.recorded_at,
        "reporter": new.reporter,
        "review_reasons": [],
        "submitted_at": report.submitted_at,
        "version": report.version,
    }


def _changed_row(report: Report) -> dict[str, Any]:
    placing, category = report.placing, report.category
    return {
        "id": report.id,
        "status": report.status,
        "unit": placing.unit if placing else None,
        "place_method": placing.method if placing else None,
        "place_confidence": placing.confidence if placing else None,
        "category": category.name if category else None,
        "category_confidence": category.confidence if category else None,
        "category_model": category.model if category else None,
        "review_reasons": list(report.review_reasons),
        "triaged_at": report.triaged_at,
        "work_order": report.work_order,
        "work_order_version": report.work_order_version,
        "version": report.version,
    }


def _report(row: Any) -> Report:
    return Report(
        id=row["id"],
        number=row["number"],
        contents=Contents(
            channel=Channel(row["channel"]),
            text=row["text"],
            title=row["title"],
            category=row["told_category"],
            longitude=row["longitude"],
            latitude=row["latitude"],
            declared_point=row["declared_point"],
            address=row["address"],
            occurred_at=row["occurred_at"],
            recorded_at=row["recorded_at"],
        ),
        home=row["home"],
        status=Status(row["status"]),
        submitted_at=row["submitted_at"],
        version=row["version"],
        placing=Placing(row["unit"], row["place_method"], row["place_confidence"]) if row["place_method"] else None,
        category=Category(row["category"], row["category_confidence"], row["category_model"])
        if row["category"]
        else None,
        review_reasons=tuple(ReviewReason(reason) for reason in row["review_reasons"]),
        triaged_at=row["triaged_at"],
        work_order=row["work_order"],
        work_order_version=row["work_order_version"],
    )
