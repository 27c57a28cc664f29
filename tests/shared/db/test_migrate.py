"""Migrations on starting: by several processes at once, again, and after one that failed."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.cluster.schema import check_migrated
from gridgov.local.postgres import BlockingPostgres
from services.dispatch.schema import tables
from services.registry.schema import tables as registry_tables
from shared.db import migrate as module
from shared.db.engine import open_engine, open_patient_engine
from shared.db.migrate import migrate
from shared.errors import Conflict

pytestmark = pytest.mark.anyio


@pytest.fixture
def empty(migrated_server: BlockingPostgres) -> Iterator[str]:
    """A database with nothing in it."""

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(migrated_server.dsn_of("postgres"))
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run("CREATE DATABASE empty"))
    yield migrated_server.url_of("empty")
    asyncio.run(run("DROP DATABASE empty WITH (FORCE)"))


async def table_names(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return await connection.run_sync(lambda c: set(sa.inspect(c).get_table_names("dispatch")))


async def test_several_that_start_at_once_migrate_once(empty: str) -> None:
    engines = [open_engine(empty, service="test") for _ in range(3)]
    await asyncio.gather(*(migrate(engine, tables) for engine in engines))
    assert {"work_orders", "outbox", "trail", "alembic_version"} <= await table_names(engines[0])
    await migrate(engines[0], tables)
    for engine in engines:
        await engine.dispose()


async def test_a_schema_of_a_newer_program_is_left_as_it_is(empty: str) -> None:
    """So that the version before can be started again after a bad deploy."""
    engine = open_engine(empty, service="test")
    await migrate(engine, tables)
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE dispatch.alembic_version SET version_num = '9999_newer'"))
    await migrate(engine, tables)
    async with engine.connect() as connection:
        found = await connection.scalar(sa.text("SELECT version_num FROM dispatch.alembic_version"))
    assert found == "9999_newer"
    await engine.dispose()


async def test_a_schema_of_a_trial_version_is_refused_at_once_and_says_what_to_do(empty: str) -> None:
    """Its revision is unknown too, but of no newer program: nothing here can work with it."""
    engine = open_engine(empty, service="test")
    async with engine.begin() as connection:
        await connection.execute(sa.text("CREATE SCHEMA registry CREATE TABLE alembic_version (version_num text)"))
        await connection.execute(sa.text("INSERT INTO registry.alembic_version VALUES ('0002')"))
    for refusing in (migrate(engine, registry_tables), check_migrated(engine, "registry")):
        with pytest.raises(Conflict) as refused:
            await refusing
        assert refused.value.code == "schema_too_old"
        assert "0002" in refused.value.zh
        assert "状态目录" in refused.value.zh
        assert "DATABASE_URL" in refused.value.en
    async with engine.connect() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM pg_tables WHERE schemaname = 'registry'")) == 1
    await engine.dispose()


async def test_a_migration_that_fails_changes_nothing_and_blocks_nobody(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(empty, service="test")
    with monkeypatch.context() as patched:

        def run_and_fail(*arguments: object) -> None:
            upgrade(*arguments)
            raise RuntimeError("the power went")

        upgrade = module.context.run_migrations
        patched.setattr(module.context, "run_migrations", run_and_fail)
        with pytest.raises(RuntimeError, match="the power went"):
            await migrate(engine, tables)
    assert await table_names(engine) == set()
    async with asyncio.timeout(20):
        await migrate(engine, tables)
    assert "work_orders" in await table_names(engine)
    await engine.dispose()


async def test_a_pool_bounds_every_wait_and_a_patient_engine_none(empty: str) -> None:
    for engine, limits in (
        (open_engine(empty, service="test"), ("10s", "5s", "1min")),
        (open_patient_engine(empty, service="test"), ("0", "0", "0")),
    ):
        async with engine.connect() as connection:
            shown = [
                await connection.scalar(sa.text(f"SHOW {name}"))
                for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            ]
        assert tuple(shown) == limits
        await engine.dispose()
