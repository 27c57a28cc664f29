"""Final summaries as rows, and which periods have theirs."""

import sqlalchemy as sa

from services.registry.summary.period import Length, Period, period_of
from services.registry.summary.summary import Summary
from services.registry.summary.table import summaries
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


class Summaries(Aggregates[Summary]):
    kind = "summary"
    codec = RowCodec(Summary, summaries)
    natural = ("unit", "period")

    async def newest(self, length: Length) -> Period | None:
        """The newest period of a length that has summaries."""
        last = sa.select(sa.func.max(summaries.c.first)).where(summaries.c.length == length)
        first = await self._uow.connection.scalar(last)
        return None if first is None else period_of(length, first)
