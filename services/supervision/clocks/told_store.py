"""How far each owner has told everything, per partition of its topic: the instants beyond which no step is taken."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Self

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.supervision.clocks.table import told
from shared.db.unit_of_work import UnitOfWork
from shared.events.limits import ToldUntil

_NOW: Final = sa.bindparam("now", type_=sa.DateTime(timezone=True))
_TICK: Final = sa.literal(timedelta(microseconds=1), sa.Interval)
HORIZONS: Final = (
    # What was promised is all before `until`; a step is due by an instant.
    sa.select(told.c.thing, sa.func.least(_NOW, sa.func.min(told.c.until) - _TICK).label("until"))
    .group_by(told.c.thing)
    .subquery("horizons")
)
"""Per kind of thing the last instant, not after `now`, by which steps may be taken: the smallest of all partitions'."""


class ToldStore:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    @classmethod
    def of(cls, uow: UnitOfWork) -> Self:
        return uow.part(cls)

    async def note(self, newest: Sequence[ToldUntil]) -> None:
        """Note one promise per partition, all of one kind of thing. What was promised before stays promised. A partition
        that was never heard of holds up all: it is there from the first promise on, with nothing told."""
        partitions = sa.bindparam("partitions", type_=sa.ARRAY(sa.Integer))
        thing = sa.bindparam("thing", type_=sa.Text)
        every = sa.func.generate_series(0, sa.bindparam("last", type_=sa.Integer)).column_valued("partition")
        # Those that are there already are left out first: the insert would wait for whoever is changing one of them.
        there = sa.select(told.c.partition).where(told.c.thing == thing, told.c.partition == every).exists()
        unheard = (
            insert(told)
            .from_select(
                ["thing", "partition", "until"],
                sa.select(thing, every, sa.func.to_timestamp(0)).where(every != sa.all_(partitions), ~there),
            )
            .on_conflict_do_nothing()
            .cte("unheard")
        )
        heard = (
            sa.func.unnest(partitions, sa.bindparam("untils", type_=sa.ARRAY(sa.DateTime(timezone=True))))
            .table_valued(sa.column("partition"), sa.column("until"), name="heard")
            .render_derived()
        )
        statement = insert(told).from_select(
            ["thing", "partition", "until"], sa.select(thing, heard.c.partition, heard.c.until)
        )
        await self._uow.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["thing", "partition"],
                set_={"until": sa.func.greatest(told.c.until, statement.excluded.until)},
            ).add_cte(unheard),
            {
                "thing": newest[0].thing,
                "partitions": [one.partition for one in newest],
                "untils": [one.until for one in newest],
                "last": newest[0].partitions - 1,
            },
        )

    async def until(self) -> Mapping[str, datetime]:
        """Per kind of thing the instant before which all is known."""
        rows = await self._uow.connection.execute(
            sa.select(told.c.thing, sa.func.min(told.c.until).label("until")).group_by(told.c.thing)
        )
        return {row.thing: row.until for row in rows}
