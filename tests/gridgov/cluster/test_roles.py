"""What a role does with what it lacks: waits for what may come, stops for what will not, and never outlives its loops."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from gridgov.cluster import roles, waiting
from gridgov.cluster.roles import Role, SettingMissing, run_role
from gridgov.cluster.schema import check_migrated, check_units
from gridgov.cluster.waiting import NotYet, Waiting, may_pass
from services.dispatch.schema import units
from shared.bus.port import BusUnavailable, UnknownTopic
from shared.db.engine import open_engine


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        BusUnavailable("away"),
        UnknownTopic("t"),
        NotYet("未到", "not yet"),
        asyncpg.InvalidPasswordError("x"),
        asyncpg.InvalidCatalogNameError("x"),
        asyncpg.CannotConnectNowError("x"),
        ExceptionGroup("both", [ConnectionResetError(), TimeoutError()]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_may_come_is_waited_for(error: Exception) -> None:
    assert may_pass(error)


@pytest.mark.parametrize(
    "error",
    [ValueError("x"), asyncpg.UndefinedColumnError("x"), ExceptionGroup("one", [TimeoutError(), KeyError("x")])],
    ids=lambda error: type(error).__name__,
)
def test_a_defect_is_not_waited_out(error: Exception) -> None:
    assert not may_pass(error)


async def test_waiting_is_told_once_and_ends_with_the_outcome(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "FIRST_PAUSE", 0.001)
    tries = 0

    async def step() -> int:
        nonlocal tries
        tries += 1
        if tries < 5:
            raise ConnectionRefusedError
        return tries

    state = Waiting()
    assert await state.patiently(step, "数据库", "the database", longest=0.002) == 5
    assert state.en == "the database"
    said = capsys.readouterr().err
    assert said.count("waiting for the database (ConnectionRefusedError)") == 1 and "等待数据库" in said


async def test_a_defect_ends_the_wait_at_once() -> None:
    async def step() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await Waiting().patiently(step, "", "")


@pytest.mark.parametrize(
    "role, given, missing",
    [
        (Role.API, {}, "DATABASE_URL"),
        (Role.WORKER, {"DATABASE_URL": "postgresql://a@b/c"}, "GRIDGOV_KAFKA"),
        (Role.MIGRATE, {"DATABASE_URL": "postgresql://a@b/c"}, "GRIDGOV_KAFKA"),
    ],
)
def test_a_setting_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, role: Role, given: dict[str, str], missing: str
) -> None:
    for name in ("DATABASE_URL", "GRIDGOV_KAFKA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingMissing, match=missing):
        run_role("intake", role, 1)


async def test_a_schema_is_waited_for_until_it_is_there_and_units_until_one_is(
    migrated_server, database_url: str, database_name: str
) -> None:
    engine = open_engine(database_url, service="test")
    empty = open_engine(migrated_server.url_of("postgres"), service="test")
    try:
        await check_migrated(engine, "dispatch")
        with pytest.raises(NotYet, match="dispatch migrate"):
            await check_migrated(empty, "dispatch")
        with pytest.raises(NotYet, match="no units"):
            await check_units(engine, units.units)
        await check_units(engine, None)
        async with engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE dispatch.alembic_version SET version_num = '0001_older'")
        await check_migrated(engine, "dispatch")  # a newer program's version, which this one does not know
    finally:
        await engine.dispose()
        await empty.dispose()


async def test_a_lost_server_while_asking_for_the_schema_is_not_a_missing_schema() -> None:
    gone = open_engine("postgresql+asyncpg://a:b@127.0.0.1:9/c", service="test")
    with pytest.raises((OSError, DBAPIError)) as caught:
        await check_migrated(gone, "dispatch")
    assert may_pass(caught.value)
    await gone.dispose()


async def test_loops_that_end_while_the_past_is_read_end_the_process_whatever_they_died_of() -> None:
    """Also of what would be waited out elsewhere: nothing is left that could get better."""
    process = SimpleNamespace(waiting=Waiting())
    built = SimpleNamespace(
        tables=SimpleNamespace(outbox=None), consumer=SimpleNamespace(caught_up=False, halted=False)
    )

    async def loops() -> None:
        await asyncio.sleep(0.05)
        raise ExceptionGroup("loops", [UnknownTopic("t")])

    async with asyncio.timeout(10):
        with pytest.raises(ExceptionGroup):
            await roles._caught_up(cast("Any", process), cast("Any", built), asyncio.create_task(loops()))
