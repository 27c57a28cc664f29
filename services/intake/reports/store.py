"""Reports as rows: each stored once per (caller, key), and what was answered under a key before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.intake.reports.report import Report
from services.intake.reports.table import report_serial, reports
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


@dataclass(frozen=True, slots=True)
class Origin:
    """What identifies a submission: the caller, the caller's own key, and a hash of the body sent under it."""

    caller: str
    client_key: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier submission with the same caller and key was answered."""

    id: UUID
    number: str
    version: int
    body_hash: bytes
    follow_code: bytes | None


class Reports(Aggregates[Report]):
    """What comes again under a known (caller, key) is dropped, with its events. Concurrent transactions with the same
    key wait for each other, so all callers get the same report."""

    kind = "report"
    codec = RowCodec(
        Report,
        reports,
        flat=("contents",),
        prefixed=("place", "category"),
        beside=("caller", "client_key", "body_hash", "reporter", "follow_code", "claimed_by", "claimed_until"),
    )
    natural = ("caller", "client_key")

    async def serials(self, count: int) -> list[int]:
        """`count` new serials. They leave gaps when a transaction fails; numbers stay unique all the same."""
        return list((await self._uow.connection.execute(_SERIALS, {"count": count})).scalars())

    async def claim(self, report_id: UUID, subject: str, until: datetime) -> bool:
        """Note that `subject` is looking at a report until then; False where somebody else is."""
        free = sa.or_(
            reports.c.claimed_until.is_(None), reports.c.claimed_until <= self._uow.now, reports.c.claimed_by == subject
        )
        statement = sa.update(reports).where(reports.c.id == report_id, free)
        result = await self._uow.connection.execute(statement.values(claimed_by=subject, claimed_until=until))
        return result.rowcount == 1

    async def release(self, report_id: UUID, subject: str) -> None:
        """Take back the claim of `subject`, if it is theirs."""
        mine = sa.update(reports).where(reports.c.id == report_id, reports.c.claimed_by == subject)
        await self._uow.connection.execute(mine.values(claimed_by=None, claimed_until=None))

    async def known(self, origins: Iterable[Origin]) -> dict[tuple[str, str], Known]:
        """Earlier answers by (caller, key)."""
        pairs = sorted({(origin.caller, origin.client_key) for origin in origins})
        rows = await self._uow.connection.execute(
            _KNOWN, {"callers": [caller for caller, _ in pairs], "keys": [key for _, key in pairs]}
        )
        return {
            (row.caller, row.client_key): Known(row.id, row.number, row.version, row.body_hash, row.follow_code)
            for row in rows
        }


_SERIALS = sa.select(report_serial.next_value()).select_from(
    sa.func.generate_series(1, sa.bindparam("count", type_=sa.Integer)).table_valued()
)
_PAIRS = (
    sa.func.unnest(sa.bindparam("callers", type_=sa.ARRAY(sa.Text)), sa.bindparam("keys", type_=sa.ARRAY(sa.Text)))
    .table_valued(sa.column("caller", sa.Text), sa.column("client_key", sa.Text), name="wanted")
    .render_derived()
)
_KNOWN = sa.select(
    reports.c.caller,
    reports.c.client_key,
    reports.c.id,
    reports.c.number,
    reports.c.version,
    reports.c.body_hash,
    reports.c.follow_code,
).join(_PAIRS, (reports.c.caller == _PAIRS.c.caller) & (reports.c.client_key == _PAIRS.c.client_key))
