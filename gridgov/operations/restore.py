"""Restore of a backup: databases, keys and, with Kafka, topics become what they were together at one instant (F27).

On the PostgreSQL bus the log is in the same snapshot as what was made of it, so both agree. On Kafka the topics are
emptied and filled with what they held then, and every group goes on where it was: what it takes a second time is in the
processed_events that came back with the effects.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from gridgov.local.errors import explained
from gridgov.operations.archive import ArchiveRefused, unpack
from gridgov.operations.backup import BUS, FILES, OWN_PASSWORDS, Refused, copy_files, revision
from gridgov.operations.postgres_tools import load
from gridgov.operations.reach import Installation
from gridgov.operations.topic_copies import refill
from services.manifest import SERVICES, listening
from shared.bus.kafka.log import KafkaLog
from shared.bus.log import Place
from shared.db.migrate import config_for
from shared.events.topics import TOPICS


async def bring_back(
    where: Installation, keys: Path, file: Path, *, now: datetime, replace: bool, files: Path | None = None
) -> dict[str, Any]:
    """Make `where`, `keys` and the directory of photos `files` what `file` holds; its manifest. Nothing may run on them. Raises StartError, and has then
    changed nothing unless the database, the keys or Kafka failed in the middle: do it again."""
    with explained(keys.parent), _beside(keys) as made:
        folder = Path(made)
        manifest = await asyncio.to_thread(unpack, file, folder)
        databases = _matching(manifest, where)
        await _refuse_what_runs(where)
        if not replace:
            await _refuse_what_is_there(where)
        for number, url in enumerate(where.databases):
            await asyncio.to_thread(load, url, databases[number], folder / "databases" / f"{number}.dump")
        _put_keys(folder / "keys", keys, now)
        if files is not None and (folder / FILES).is_dir():
            # Beside what is there: a photo never changes, and what no row knows goes by itself after a day.
            await asyncio.to_thread(copy_files, folder / FILES, files)
        if where.kafka:
            await _put_topics(where, folder / "topics", manifest["committed"])
        return manifest


def _beside(keys: Path) -> tempfile.TemporaryDirectory[str]:
    """Where only who may read the keys can look."""
    keys.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.TemporaryDirectory(dir=keys.parent, prefix=".restore-")


def _matching(manifest: Mapping[str, Any], where: Installation) -> list[list[str]]:
    """The schemas by database, when this installation can take the backup."""
    bus = "kafka" if where.kafka else "postgres"
    here = [sorted(services) for services in where.databases.values()]
    if manifest["bus"] != bus or [sorted(set(names) - {BUS}) for names in manifest["databases"]] != here:
        raise ArchiveRefused(
            f"备份来自另一种部署({manifest['bus']} 总线，{len(manifest['databases'])} 个库)，与这里({bus}，{len(here)} 个库)不同",
            f"the backup is of another form ({manifest['bus']} bus, {len(manifest['databases'])} databases) than this "
            f"installation ({bus}, {len(here)}): restore it where the forms are alike",
        )
    for service, at in manifest["revisions"].items():
        known = {script.revision for script in ScriptDirectory.from_config(config_for(service, {})).walk_revisions()}
        if at is not None and at not in known:
            raise ArchiveRefused(
                f"备份由本程序不认识的版本写入({service} {at})；请先升级程序，或用写入它的版本恢复",
                f"the backup was written by a version that this one does not know ({service} is at {at}): upgrade the "
                "program first, or restore with the version that wrote it",
            )
    databases: list[list[str]] = manifest["databases"]
    return databases


_RUNNING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'gridgov-%' AND application_name <> 'gridgov-operator'
"""


async def _refuse_what_runs(where: Installation) -> None:
    async with where.engines() as engines, where.log() as log:
        running = 0
        for services in where.databases.values():
            async with engines[services[0]].connect() as connection:
                running += await connection.scalar(sa.text(_RUNNING)) or 0
        if isinstance(log, KafkaLog):
            for subscriptions in listening().values():
                running += await log.members(subscriptions.group)
    if running:
        raise Refused("网格通正在运行；请先停止它再恢复", "GridGov runs on this installation: stop it first")


async def _refuse_what_is_there(where: Installation) -> None:
    async with where.engines() as engines, where.log() as log:
        there = [service for service in SERVICES if await revision(engines[service], service)]
        held = any(s.next > s.first for s in (await log.spans([topic.name for topic in TOPICS])).values())
    if there or held:
        raise Refused(
            "这里已有数据；确认不要现有数据时加 --replace(恢复前请先备份)",
            "there are data here already: add --replace if they may go (make a backup of them first)",
        )


def _put_keys(new: Path, keys: Path, now: datetime) -> None:
    """The keys there were are kept beside the directory: without them nobody reads what was encrypted with them."""
    if not new.is_dir():
        return
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = keys.with_name(f"{keys.name}.replaced-{now:%Y%m%dT%H%M%S}")
    for old in sorted(keys.iterdir()):
        if old.name not in OWN_PASSWORDS:
            aside.mkdir(exist_ok=True, mode=0o700)
            shutil.move(old, aside / old.name)
    for path in sorted(new.iterdir()):
        shutil.move(path, keys / path.name)


async def _put_topics(where: Installation, folder: Path, told: Mapping[str, list[tuple[str, int, int]]]) -> None:
    """Kafka holds again what it held then, and every group goes on where it was."""
    committed = {group: {Place(topic, part): at for topic, part, at in of} for group, of in told.items()}
    async with where.log() as log, where.bus() as bus:
        assert isinstance(log, KafkaLog)
        await log.make_empty(TOPICS)
        for group, at in (await refill(bus, folder, committed)).items():
            await log.move(group, at)
