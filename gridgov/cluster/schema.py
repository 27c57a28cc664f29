"""Bringing a service's database up: its schema, its topics, what it starts from; by one process at a time."""

from collections.abc import Awaitable, Callable
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.cluster.waiting import NotYet
from shared.bus.port import Bus
from shared.db.engine import open_patient_engine
from shared.db.migrate import behind, migrate
from shared.db.tables import ServiceTables
from shared.db.unit_of_work import transaction
from shared.events.topics import TOPICS

_MISSING = ("42P01", "3F000")
"""No such table, no such schema."""


async def prepare(engine: AsyncEngine, tables: ServiceTables, bus: Bus, seed: Callable[[], Awaitable[None]]) -> None:
    """Migrate, make the topics, put in what the service starts from. Nothing changes the second time; of several that
    start at once one does it, and the others find it done."""
    patient = open_patient_engine(engine.url, service=tables.service)
    key = crc32(f"gridgov.prepare.{tables.service}".encode())
    async with patient.connect() as connection:
        # Without a transaction: none may stay open for as long as a migration takes.
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.select(sa.func.pg_advisory_lock(key)))
        await migrate(engine, tables)
        await bus.ensure_topics(TOPICS)
        await seed()


async def check_migrated(engine: AsyncEngine, service: str) -> None:
    """Return when the schema is of this program's version or a newer one. Raises NotYet while it is not, and
    SCHEMA_TOO_OLD where it never will be."""
    try:
        async with transaction(engine) as connection:
            found = await connection.scalar(sa.text(f'SELECT version_num FROM "{service}".alembic_version'))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _MISSING:
            raise
        found = None
    if behind(service, found):
        raise NotYet(
            f"数据结构尚未升级，由 {service} worker 或 migrate 完成",
            f"the schema is not migrated yet; {service} worker or {service} migrate does it",
        )


async def check_units(engine: AsyncEngine, units: sa.Table | None) -> None:
    """Return when the service has units to work with. Raises NotYet."""
    if units is None:
        return
    async with transaction(engine) as connection:
        if not await connection.scalar(sa.select(sa.exists().select_from(units))):
            raise NotYet("单位数据尚未从登记服务到达", "no units have come from registry yet")
