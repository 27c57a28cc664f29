"""Reports as rows: each stored once per (caller, key), and what was answered under a key before."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from services.intake.reports.report import Report
from services.intake.reports.table import report_serials, reports
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.origin import Origin


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
        beside=("caller", "client_key", "body_hash", "reporter", "follow_code", "claimed_by", "claimed_until"),
    )
    natural = ("caller", "client_key")

    async def serials(self, streets: Iterable[str], day: date) -> "Serials":
        """Serials for one report in each of `streets` on a local day, of which a street may come several times; nobody
        else numbers there until the transaction ends."""
        asked = Counter(streets)
        names = sorted(asked)
        given = {"streets": names, "counts": [asked[street] for street in names], "on_day": day}
        rows = list(await self._uow.connection.execute(_TAKE_SERIALS, given))
        return Serials(
            day,
            last={row.street: row.serial - asked[row.street] for row in rows},
            taken={row.street: row.serial for row in rows},
        )

    async def give_back(self, serials: "Serials") -> None:
        """What no report took is given to the next ones."""
        if serials.last == serials.taken:
            return
        given = {"streets": list(serials.last), "serials": list(serials.last.values()), "on_day": serials.day}
        await self._uow.connection.execute(_SET_SERIALS, given)

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
            KNOWN, {"callers": [caller for caller, _ in pairs], "keys": [key for _, key in pairs]}
        )
        return {
            (row.caller, row.client_key): Known(row.id, row.number, row.version, row.body_hash, row.follow_code)
            for row in rows
        }


@dataclass(frozen=True, slots=True)
class Serials:
    """The last serial of each street on a day that a report has, and the last that this transaction may give."""

    day: date
    last: dict[str, int]
    taken: dict[str, int]

    def next(self, street: str) -> int:
        return self.last[street] + 1

    def take(self, street: str) -> None:
        self.last[street] += 1


_DAY = sa.bindparam("on_day", type_=sa.Date)
_ASKED = (
    sa.func.unnest(sa.bindparam("streets", type_=sa.ARRAY(sa.Text)), sa.bindparam("counts", type_=sa.ARRAY(sa.Integer)))
    .table_valued(sa.column("street", sa.Text), sa.column("count", sa.Integer), name="asked")
    .render_derived()
)
_FRESH_SERIALS = postgresql.insert(report_serials).from_select(
    ["street", "day", "serial"], sa.select(_ASKED.c.street, _DAY, _ASKED.c.count)
)
_TAKE_SERIALS = _FRESH_SERIALS.on_conflict_do_update(
    index_elements=["street", "day"], set_={"serial": report_serials.c.serial + _FRESH_SERIALS.excluded.serial}
).returning(report_serials.c.street, report_serials.c.serial)
_KEPT = (
    sa.func.unnest(
        sa.bindparam("streets", type_=sa.ARRAY(sa.Text)), sa.bindparam("serials", type_=sa.ARRAY(sa.Integer))
    )
    .table_valued(sa.column("street", sa.Text), sa.column("serial", sa.Integer), name="kept")
    .render_derived()
)
_SET_SERIALS = (
    sa.update(report_serials)
    .where(report_serials.c.street == _KEPT.c.street, report_serials.c.day == _DAY)
    .values(serial=_KEPT.c.serial)
)
_PAIRS = (
    sa.func.unnest(sa.bindparam("callers", type_=sa.ARRAY(sa.Text)), sa.bindparam("keys", type_=sa.ARRAY(sa.Text)))
    .table_valued(sa.column("caller", sa.Text), sa.column("client_key", sa.Text), name="wanted")
    .render_derived()
)
_NOTHING = sa.literal_column("''", sa.Text)
# One look into `reports_keys` per pair, whatever the planner believes. The caller is compared as an expression, which no index
# answers: without statistics `reports_by_caller` seems as good, and all that a caller ever sent would be read for each pair.
_EARLIER = (
    sa.select(
        reports.c.caller,
        reports.c.client_key,
        reports.c.id,
        reports.c.number,
        reports.c.version,
        reports.c.body_hash,
        reports.c.follow_code,
    )
    .where(reports.c.client_key == _PAIRS.c.client_key, reports.c.caller.concat(_NOTHING) == _PAIRS.c.caller)
    .limit(sa.literal_column("1"))
    .lateral()
)
KNOWN = sa.select(_EARLIER).select_from(_PAIRS.join(_EARLIER, sa.true()))
