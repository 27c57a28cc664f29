"""Bringing one service's schema to the present version, safely when several processes start at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.db.tables import ServiceTables


async def migrate(engine: AsyncEngine, tables: ServiceTables) -> None:
    """Create the schema when missing and run the migrations that have not run; nothing when up to date."""
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade, tables)


def config_for(service: str, attributes: Mapping[str, Any]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "services" / service / "migrations"))
    config.attributes.update(attributes)
    return config


def _upgrade(connection: sa.Connection, tables: ServiceTables) -> None:
    # Held to the end of the migration on this connection: the second starter waits here, then finds nothing to do.
    connection.execute(sa.select(sa.func.pg_advisory_lock(crc32(f"gridgov.migrate.{tables.service}".encode()))))
    connection.execute(sa.text("SET statement_timeout = 0"))
    connection.execute(sa.text("SET lock_timeout = 0"))
    connection.execute(sa.schema.CreateSchema(tables.service, if_not_exists=True))
    connection.commit()
    command.upgrade(config_for(tables.service, {"connection": connection}), "head")
    # The connection goes back to the pool: its lock and settings must not.
    connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))
    connection.execute(sa.text("RESET statement_timeout"))
    connection.execute(sa.text("RESET lock_timeout"))
    connection.commit()


def run_environment(tables: ServiceTables) -> None:
    """What a service's `migrations/env.py` calls: run with the connection that `migrate` opened."""
    connection: sa.Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=tables.metadata,
        version_table_schema=tables.service,
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name == tables.service,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
