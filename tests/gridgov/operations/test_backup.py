"""A backup made under load comes back as one consistent whole (F27); what would lose something is refused untouched."""

import asyncio
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from gridgov.local.errors import StartError
from gridgov.local.postgres import BlockingPostgres
from gridgov.operations.archive import ArchiveRefused
from gridgov.operations.backup import Refused, back_up, relay_stopped
from gridgov.operations.invariants import audit
from gridgov.operations.reach import Installation
from gridgov.operations.restore import bring_back
from shared.audit.evidence import Acked
from shared.bus.postgres.bus import PostgresBus
from tests.gridgov.operations.installation import LATER, evidence, installation, running
from tests.support.city import INSIDE
from tests.support.gridgov import GridGov


@asynccontextmanager
async def alive(where: Installation, server: BlockingPostgres, name: str, directory: Path) -> AsyncIterator[GridGov]:
    bus = PostgresBus(server.dsn_of(name))
    await bus.start()
    try:
        async with running(where, bus, directory, at=LATER) as platform:
            yield platform
    finally:
        await bus.close()


async def report(platform: GridGov, key: str) -> Acked:
    answer = (await platform.report("路边井盖不见了", key, point=INSIDE)).json()
    return Acked(key, UUID(answer["id"]), answer["number"])


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    keys = tmp_path / "secrets"
    (keys / "fields").mkdir(parents=True)
    (keys / "fields" / "key-1").write_text("first")
    (keys / "postgres").write_text("of this server")
    return keys


async def test_a_backup_under_load_comes_back_whole_and_makes_no_second_work_order(
    where: Installation, migrated_server: BlockingPostgres, copied: str, keys: Path, tmp_path: Path
) -> None:
    before: list[Acked] = []
    file, enough = tmp_path / "b.tar", asyncio.Event()

    async def load(platform: GridGov, start: int) -> list[Acked]:
        sent = []
        while not enough.is_set():
            sent.append(await report(platform, f"load-{start + len(sent)}"))
            await asyncio.gather(*(service.relay.send_batch() for service in platform.services.values()))
            await asyncio.gather(*(consumer.step(wait=0.01) for consumer in platform.consumers))
        return sent

    async with alive(where, migrated_server, copied, tmp_path / "k") as platform:
        before = [await report(platform, f"before-{n}") for n in range(5)]
        loading = asyncio.create_task(load(platform, 0))
        await back_up(where, keys, file, now=LATER)
        during = len(loading.get_coro().cr_frame.f_locals["sent"])
        enough.set()
        lost = await loading
        lost += [await report(platform, f"after-{n}") for n in range(5)]
        await platform.drain()
    assert during > 0

    await bring_back(where, keys, file, now=LATER, replace=True)
    async with alive(where, migrated_server, copied, tmp_path / "k") as platform:
        await platform.drain()
        async with evidence(where, acked=before) as e:
            assert await audit(e) == []
            assert 0 < e.checked["reports"] - 5 < len(before) + len(lost)
        again = [await report(platform, acked.key or "") for acked in before + lost[-5:]]
        assert [(a.id, a.number) for a in again[:5]] == [(a.id, a.number) for a in before]
        await platform.drain()
        async with evidence(where, acked=again) as e:
            assert await audit(e) == []


async def test_keys_come_back_and_those_there_were_are_kept(where: Installation, keys: Path, tmp_path: Path) -> None:
    await back_up(where, keys, tmp_path / "b.tar", now=LATER)
    (keys / "fields" / "key-1").write_text("second")
    (keys / "postgres").write_text("of another server")
    await bring_back(where, keys, tmp_path / "b.tar", now=LATER, replace=True)
    assert (keys / "fields" / "key-1").read_text() == "first"
    assert (keys / "postgres").read_text() == "of another server"
    (aside,) = tmp_path.glob("secrets.replaced-*")
    assert (aside / "fields" / "key-1").read_text() == "second"
    assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0


async def test_it_comes_back_on_an_empty_server(
    where: Installation, postgres_server: BlockingPostgres, keys: Path, tmp_path: Path
) -> None:
    await back_up(where, keys, tmp_path / "b.tar", now=LATER)
    connection = await asyncpg.connect(postgres_server.dsn_of("postgres"))
    await connection.execute("CREATE DATABASE another")
    try:
        another = installation(postgres_server, "another")
        await bring_back(another, tmp_path / "new" / "secrets", tmp_path / "b.tar", now=LATER, replace=False)
        assert (tmp_path / "new" / "secrets" / "fields" / "key-1").read_text() == "first"
        async with evidence(another) as e:
            assert await audit(e) == []
            assert e.checked["work_orders"] == 4
    finally:
        await connection.execute("DROP DATABASE another WITH (FORCE)")
        await connection.close()


@pytest.mark.parametrize("damage", ["a byte", "the end", "a member", "outside", "a link", "not there", "another file"])
async def test_a_damaged_backup_is_refused_and_changes_nothing(
    where: Installation, sql: asyncpg.Connection, keys: Path, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "b.tar"
    await back_up(where, keys, file, now=LATER)
    contents = bytearray(file.read_bytes())
    match damage:
        case "a byte":
            contents[len(contents) // 2] ^= 1
            file.write_bytes(contents)
        case "the end":
            file.write_bytes(contents[: len(contents) // 2])
        case "a member":
            with tarfile.open(file, "a") as tar:
                tar.add(keys / "postgres", "keys/stowaway")
        case "outside":
            with tarfile.open(file, "a") as tar:
                tar.add(keys / "postgres", "../../outside")
        case "a link":
            link = tarfile.TarInfo("keys/link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc"
            with tarfile.open(file, "a") as tar:
                tar.addfile(link)
        case "not there":
            file.unlink()
        case _:
            file.write_bytes(b"hello")
    await sql.execute("UPDATE intake.reports SET address = 'as it was'")
    with pytest.raises(ArchiveRefused):
        await bring_back(where, keys, file, now=LATER, replace=True)
    assert not list(tmp_path.rglob("outside"))
    assert await sql.fetchval("SELECT DISTINCT address FROM intake.reports") == "as it was"


async def test_what_is_there_is_replaced_only_when_asked(where: Installation, keys: Path, tmp_path: Path) -> None:
    await back_up(where, keys, tmp_path / "b.tar", now=LATER)
    with pytest.raises(Refused, match="--replace"):
        await bring_back(where, keys, tmp_path / "b.tar", now=LATER, replace=False)
    with pytest.raises(Refused, match="exists"):
        await back_up(where, keys, tmp_path / "b.tar", now=LATER)


async def test_nothing_is_restored_under_a_running_system(
    where: Installation, migrated_server: BlockingPostgres, copied: str, keys: Path, tmp_path: Path
) -> None:
    await back_up(where, keys, tmp_path / "b.tar", now=LATER)
    async with alive(where, migrated_server, copied, tmp_path / "k"):
        with pytest.raises(Refused, match="stop it first"):
            await bring_back(where, keys, tmp_path / "b.tar", now=LATER, replace=True)


async def test_a_backup_of_a_newer_version_or_another_form_is_refused(
    where: Installation, sql: asyncpg.Connection, keys: Path, tmp_path: Path
) -> None:
    await back_up(where, keys, tmp_path / "b.tar", now=LATER)
    with pytest.raises(ArchiveRefused, match="another form"):
        await bring_back(Installation(where.urls, "127.0.0.1:9"), keys, tmp_path / "b.tar", now=LATER, replace=True)
    await sql.execute("UPDATE intake.alembic_version SET version_num = '9999'")
    await back_up(where, keys, tmp_path / "newer.tar", now=LATER)
    with pytest.raises(ArchiveRefused, match="does not know"):
        await bring_back(where, keys, tmp_path / "newer.tar", now=LATER, replace=True)


async def test_a_relay_stands_still_while_a_cut_is_made(
    where: Installation, migrated_server: BlockingPostgres, copied: str, tmp_path: Path
) -> None:
    async with alive(where, migrated_server, copied, tmp_path / "k") as platform, where.engines() as engines:
        await report(platform, "k-9")
        relay = platform.services["intake"].relay
        async with relay_stopped(engines["intake"], "intake"):
            assert await relay.send_batch() == 0
        assert await relay.send_batch() == 1


async def test_a_database_without_gridgov_is_not_backed_up(
    postgres_server: BlockingPostgres, keys: Path, tmp_path: Path
) -> None:
    with pytest.raises(StartError, match="make up"):
        await back_up(installation(postgres_server, "postgres"), keys, tmp_path / "b.tar", now=LATER)
    assert not (tmp_path / "b.tar").exists()
