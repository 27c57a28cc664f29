"""Backup of an installation: databases, log, photos and keys, as they were together at one instant (docs/operations.md).

One database holds all on the PostgreSQL bus, so one snapshot is consistent. With Kafka or several databases the relays
stand still for the moment in which the snapshots are taken and the ends of the topics are read: nothing passes between
services but through relays, so nothing is then under way that one side has and the other has not. Events wait in the
outboxes meanwhile; nobody's request does.
"""

import asyncio
import platform
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gridgov.local.errors import StartError, explained
from gridgov.operations.archive import pack
from gridgov.operations.local_cluster import SECRETS
from gridgov.operations.postgres_tools import dump
from gridgov.operations.reach import Installation
from gridgov.operations.topic_copies import Positions, copy_topics
from services.manifest import SERVICES, listening
from shared.bus.log import Log, Place, Span
from shared.db.outbox.relay import lock_key
from shared.db.unit_of_work import transaction
from shared.events.topics import TOPICS

FILES = "files"
"""Where photos are in an archive."""
BUS = "bus"
"""The schema of the PostgreSQL log."""
OWN_PASSWORDS = ("postgres", *SECRETS)
"""Files of passwords that belong to the private server that has them, and are no part of a backup."""


class Refused(StartError):
    """Nothing was done, because something would have been lost."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One instant of the whole: a snapshot per database, and with Kafka what the topics held."""

    snapshots: Mapping[str, str]
    spans: Mapping[Place, Span]
    committed: Positions


async def back_up(
    where: Installation, keys: Path, file: Path, *, now: datetime, files: Path | None = None
) -> dict[str, Any]:
    """Write a backup of `where`, `keys` and the directory of photos `files` (None: they are elsewhere) to `file`; its
    manifest. Works beside a running system. Raises StartError."""
    refuse_existing(file)
    with explained(file.parent), tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as made:
        folder = Path(made)
        for name in ("databases", "topics"):
            (folder / name).mkdir()
        messages = 0
        async with where.engines() as engines, where.log() as log, cut(where, engines, log) as taken:
            revisions = {service: await revision(engines[service], service) for service in SERVICES}
            schemas = {url: await _schemas(where, engines, url) for url in where.databases}
            for number, url in enumerate(where.databases):
                into = folder / "databases" / f"{number}.dump"
                await asyncio.to_thread(dump, url, schemas[url], taken.snapshots[url], into)
            if where.kafka:
                messages = await copy_topics(log, taken.spans, folder / "topics")
        _copy_keys(keys, folder / "keys")
        # After the snapshots: what a row says is ready was stored before it said so. What came since nobody misses.
        if files is not None:
            await asyncio.to_thread(copy_files, files, folder / FILES)
        facts = {
            "at": now.isoformat(),
            "host": platform.node(),
            "bus": "kafka" if where.kafka else "postgres",
            "databases": list(schemas.values()),
            "revisions": revisions,
            "messages": messages,
            "files": "directory" if files is not None else "elsewhere",
            "committed": {group: [[*place, at] for place, at in of.items()] for group, of in taken.committed.items()},
        }
        return await asyncio.to_thread(pack, folder, facts, file)


@asynccontextmanager
async def cut(where: Installation, engines: Mapping[str, AsyncEngine], log: Log) -> AsyncIterator[Cut]:
    """The instant, held until the block ends: what is dumped by its snapshots belongs together."""
    async with AsyncExitStack() as held:
        # First of all: what a group had passed by now has taken effect in every later snapshot.
        committed = {s.group: await log.committed(s.group) for s in listening().values()} if where.kafka else {}
        async with AsyncExitStack() as standing:
            if where.kafka or len(where.databases) > 1:
                for service in SERVICES:
                    await standing.enter_async_context(relay_stopped(engines[service], service))
            snapshots = {}
            for url, services in where.databases.items():
                connection = await held.enter_async_context(engines[services[0]].connect())
                snapshots[url] = await _snapshot(connection)
            spans = await log.spans([topic.name for topic in TOPICS]) if where.kafka else {}
        yield Cut(snapshots, spans, committed)


@asynccontextmanager
async def relay_stopped(engine: AsyncEngine, service: str) -> AsyncIterator[None]:
    """Holds the lock that a relay holds while it sends (shared/db/outbox/relay.py): it believes another is at work."""
    async with transaction(engine) as connection:
        await connection.execute(sa.text("SET LOCAL lock_timeout = '60s'"))
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_key(service))))
        yield


async def revision(engine: AsyncEngine, service: str) -> str | None:
    """The migration that a service's schema is at; None where there is no schema."""
    async with engine.connect() as connection:
        if not await connection.scalar(sa.select(sa.func.to_regclass(f"{service}.alembic_version").is_not(None))):
            return None
        found: str | None = await connection.scalar(sa.text(f"SELECT version_num FROM {service}.alembic_version"))
        return found


async def _snapshot(connection: AsyncConnection) -> str:
    await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    await connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    return str(await connection.scalar(sa.select(sa.func.pg_export_snapshot())))


async def _schemas(where: Installation, engines: Mapping[str, AsyncEngine], url: str) -> list[str]:
    services = where.databases[url]
    wanted = [*services, BUS] if url == where.log_url and not where.kafka else list(services)
    async with engines[services[0]].connect() as connection:
        found = await connection.execute(
            sa.text("SELECT nspname FROM pg_namespace WHERE nspname = ANY (:n)"), {"n": wanted}
        )
        there = set(found.scalars())
    if missing := set(wanted) - there:
        names = ", ".join(sorted(missing))
        raise Refused(f"数据库里还没有 {names}；请先运行 make up", f"the database lacks {names}: run make up first")
    return wanted


def refuse_existing(file: Path) -> None:
    if file.exists():
        raise Refused(f"{file} 已存在；请换一个文件名", f"{file} exists: choose another name")


def copy_files(files: Path, into: Path) -> None:
    """The photos under `files`, as links where both are on one disk: nothing is written to a photo that is there."""
    for photo in sorted(files.rglob("*.jpg")):
        copy = into / photo.relative_to(files)
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):  # taken away meanwhile, so it belonged to nothing
            try:
                copy.hardlink_to(photo)
            except OSError:
                shutil.copyfile(photo, copy)


def _copy_keys(keys: Path, into: Path) -> None:
    if keys.is_dir():
        shutil.copytree(keys, into, ignore=shutil.ignore_patterns(*OWN_PASSWORDS))
