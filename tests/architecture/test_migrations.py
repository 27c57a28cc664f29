"""Each service's migrations make exactly the tables that its code describes, and can be taken back."""

import re
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine

from services.manifest import SERVICES
from shared.db.migrate import config_for, migrate
from shared.db.tables import ServiceTables

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("service", SERVICES)]


def tables_of(service: str) -> ServiceTables:
    return import_module(f"services.{service}.app").tables  # with the tables of all slices


def differences(connection: sa.Connection, tables: ServiceTables) -> list[object]:
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == tables.service,
            "version_table_schema": tables.service,
            "compare_type": True,
        },
    )
    return list(compare_metadata(context, tables.metadata))


def left_over(connection: sa.Connection, schema: str) -> list[str]:
    """Relations, functions and types in the schema, but for alembic's own."""
    query = sa.text(
        """SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relname NOT LIKE 'alembic%'
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace(:schema)"""
    )
    return list(connection.execute(query, {"schema": schema}).scalars())


async def test_migrations_and_tables_agree(engine: AsyncEngine, service: str) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(differences, tables_of(service)) == []


async def test_every_migration_can_be_taken_back_and_made_again(engine: AsyncEngine, service: str) -> None:
    tables = tables_of(service)

    def take_back(connection: sa.Connection) -> None:
        command.downgrade(config_for(service, {"connection": connection}), "base")
        assert left_over(connection, service) == []

    async with engine.connect() as connection:
        await connection.run_sync(take_back)
    await migrate(engine, tables)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences, tables) == []


async def test_migrations_are_one_line_without_branches(service: str) -> None:
    assert len(ScriptDirectory.from_config(config_for(service, {})).get_heads()) == 1


async def test_migrations_are_called_by_their_date_and_slice(service: str) -> None:
    """`yyyymmdd_hhmm_<slice>_<what>`: two branches that add one cannot take the same name. Alembic keeps 32 characters."""
    for script in ScriptDirectory.from_config(config_for(service, {})).walk_revisions():
        assert re.fullmatch(r"\d{8}_\d{4}(_[a-z0-9]+){2,}", script.revision)
        datetime.strptime(script.revision[:13], "%Y%m%d_%H%M")
        assert Path(script.path).stem == script.revision
        assert len(script.revision) <= 32, f"{script.revision} has {len(script.revision)} characters: at most 32"
