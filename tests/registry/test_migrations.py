"""The migrations make exactly the tables that the code describes."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from services.registry.schema import tables

pytestmark = pytest.mark.anyio


def _differences(connection: sa.Connection) -> list[object]:
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


async def test_the_migrations_and_the_tables_agree(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
