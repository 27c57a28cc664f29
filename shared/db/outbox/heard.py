"""How far each owner of limits has told everything, as a service has heard it and applied it: per partition of its topic.

Noted in the transaction of the events before it, so it is never ahead of their effects. A partition that was never heard
of holds up all; a kind of thing that was never heard of holds up nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.batch import Batch
from shared.db.unit_of_work import UnitOfWork
from shared.events.limits import ToldUntil


async def note_until(batch: Batch[ToldUntil], uow: UnitOfWork) -> None:
    """ToldUntil → up to when nothing more will be heard of such things, whoever moves them: for who escalates."""
    await _note(batch, uow, lambda event: event.until)


async def note_own(batch: Batch[ToldUntil], uow: UnitOfWork) -> None:
    """ToldUntil → up to when nothing more will be heard of what the owner itself did to them: for who follows them with
    things of its own. With `until` two owners that follow each other would wait for each other."""
    await _note(batch, uow, lambda event: event.own)


async def heard(connection: AsyncConnection, told: sa.Table) -> Mapping[str, datetime]:
    """Per kind of thing the instant (UTC) before which all is known: the smallest of all partitions'."""
    rows = await connection.execute(
        sa.select(told.c.thing, sa.func.min(told.c.until).label("until")).group_by(told.c.thing)
    )
    return {row.thing: row.until for row in rows}


async def _note(batch: Batch[ToldUntil], uow: UnitOfWork, instant: Callable[[ToldUntil], datetime]) -> None:
    """Of each partition the newest is enough."""
    newest: dict[str, dict[int, ToldUntil]] = {}
    for event in sorted(batch.events, key=instant):
        newest.setdefault(event.thing, {})[event.partition] = event
    for thing, of_partition in newest.items():
        given = {
            "thing": thing,
            "partitions": list(of_partition),
            "untils": [instant(one) for one in of_partition.values()],
            "last": next(iter(of_partition.values())).partitions - 1,
        }
        await uow.connection.execute(_noting(uow.tables.told), given)


@cache  # making a statement anew costs more than running it
def _noting(told: sa.Table) -> Insert:
    """One promise per partition, all of one kind of thing. What was promised before stays promised; a partition that was
    never heard of is there from the first promise on, with nothing told."""
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
    noted = (
        sa.func.unnest(partitions, sa.bindparam("untils", type_=sa.ARRAY(sa.DateTime(timezone=True))))
        .table_valued(sa.column("partition"), sa.column("until"), name="noted")
        .render_derived()
    )
    statement = insert(told).from_select(
        ["thing", "partition", "until"], sa.select(thing, noted.c.partition, noted.c.until)
    )
    return statement.on_conflict_do_update(
        index_elements=["thing", "partition"],
        set_={"until": sa.func.greatest(told.c.until, statement.excluded.until)},
    ).add_cte(unheard)
