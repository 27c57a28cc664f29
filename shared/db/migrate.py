"""Bringing one service's schema to the present version, safely when several processes start at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.db.engine import open_patient_engine
from shared.db.tables import ServiceTables
from shared.errors import Conflict

SCHEMA_TOO_OLD = Conflict.row(
    "schema_too_old",
    "数据库中 {service} 的数据结构({revision})来自试用版，无法升级；请移走状态目录(或用 GRIDGOV_STATE 另选一个)，"
    "自备数据库的请用 DATABASE_URL 换一个空库，然后重新启动",
    "the schema of {service} in this database ({revision}) is of a trial version and cannot be upgraded: move the state "
    "directory away (or choose another with GRIDGOV_STATE), or name an empty database in DATABASE_URL, and start again",
)
_TRIAL_REVISIONS = frozenset({"0001", "0002"})
"""What migrations were called before they were called by their date."""


async def migrate(engine: AsyncEngine, tables: ServiceTables) -> None:
    """Create the schema when missing and run the migrations that have not run; nothing when up to date, or when a newer
    version of the program has been here, whose schema this one is made to work with. Raises SCHEMA_TOO_OLD."""
    patient = open_patient_engine(engine.url, service=tables.service)
    async with patient.connect() as connection:
        await connection.run_sync(_upgrade, tables)


def config_for(service: str, attributes: Mapping[str, Any]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "services" / service / "migrations"))
    config.attributes.update(attributes)
    return config


def revisions(service: str) -> dict[str, bool]:
    """The revisions that this program knows → whether it is the last. One it does not know is of a newer program."""
    scripts = ScriptDirectory.from_config(config_for(service, {}))
    return {script.revision: script.is_head for script in scripts.walk_revisions()}


def behind(service: str, present: str | None) -> bool:
    """Whether a schema at `present` needs this program's migrations. Raises SCHEMA_TOO_OLD where they cannot help."""
    known = revisions(service)
    if present not in known and present in _TRIAL_REVISIONS:
        raise SCHEMA_TOO_OLD(service=service, revision=present)
    return present is None or not known.get(present, True)


def _upgrade(connection: sa.Connection, tables: ServiceTables) -> None:
    # Held until this connection closes: the second starter waits here, however long, then finds nothing to do.
    connection.execute(sa.select(sa.func.pg_advisory_lock(crc32(f"gridgov.migrate.{tables.service}".encode()))))
    connection.execute(sa.schema.CreateSchema(tables.service, if_not_exists=True))
    connection.commit()
    applied = MigrationContext.configure(connection, opts={"version_table_schema": tables.service})
    present = applied.get_current_revision()
    connection.commit()
    if behind(tables.service, present):
        command.upgrade(config_for(tables.service, {"connection": connection}), "head")


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
