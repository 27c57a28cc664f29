"""Up to which instant an owner of limits has told everything: each transaction shows its instant while it is open.

What must stay true: the `now` of a unit of work is not before what it shows, nor before any instant that a relay read
before that was shown. So what a relay does not see in the outbox, after it has read, happened at that instant or later.
Shown by shared advisory locks: they go with the transaction, after its rows have become visible, however it ends.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zlib import crc32

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Bus, Message
from shared.clock import Clock
from shared.db.tables import ServiceTables
from shared.events.codec import headers_of, value_of

_START = datetime(2020, 1, 1, tzinfo=UTC)
"""Seconds are counted from here: those of a lock are 32 bits."""

# CASE, because nothing else promises that the lock is there before the server looks at its clock.
_SHOW = "SELECT CASE WHEN pg_advisory_xact_lock_shared($1, $2) IS NOT NULL THEN clock_timestamp() END"

# The time at which the statement came, which is before it looks at the locks.
_OLDEST = """
    SELECT pg_try_advisory_xact_lock($1) AS mine, statement_timestamp() AS server, (
        SELECT min(objid::bigint) FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 2 AND classid = $2
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS oldest
"""


async def show_now(connection: AsyncConnection, service: str, clock: Clock) -> datetime:
    """The instant of this transaction (UTC), shown until it ends; the first thing it does."""
    bound = clock.now()
    seconds = max(0, int((bound - _START).total_seconds()))
    shown = await connection.exec_driver_sql(_SHOW, (_class(service), seconds))
    return max(bound, clock.now(), clock.agreed(shown.scalar_one()))


async def told_until(connection: AsyncConnection, service: str, clock: Clock, lock: int) -> datetime | None:
    """The instant before which all that ever happens is in the outbox or was sent, for who then reads the outbox; None
    for who does not get the relay's `lock`."""
    row = (await connection.exec_driver_sql(_OLDEST, (lock, _class(service)))).one()
    if not row.mine:
        return None
    now = clock.agreed(row.server)
    return now if row.oldest is None else min(now, _START + timedelta(seconds=row.oldest))


async def told_messages(tables: ServiceTables, bus: Bus, own: datetime, heard: Mapping[str, datetime]) -> list[Message]:
    """One for each partition of the topics of `tables`' service in which things with limits are told of. All of its own was
    told until `own`; `heard` is how far it had applied what other owners do (`heard.py`), before it read the outbox."""
    messages = []
    for kind in tables.tells:
        count = await bus.partitions(kind.topic)
        until = min(own, heard.get(kind.moved_with or kind.thing, own))
        for partition in range(count):
            told = kind(partition=partition, partitions=count, own=own, until=until)
            headers = headers_of(told, source=tables.service, at=own, trace=None)
            messages.append(Message(told.topic, told.key, value_of(told), headers, partition))
    return messages


def _class(service: str) -> int:
    return crc32(f"gridgov.told.{service}".encode()) & 0x7FFFFFFF
