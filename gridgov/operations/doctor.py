"""The doctor: every question about an installation that is not one service's own, and the round of all of them.

A question that cannot be answered is a bad finding of its own and keeps none of the others from being asked.
"""

import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from importlib.metadata import version

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.operations.backup import revision
from gridgov.operations.dead_letters import pending
from services.manifest import SERVICES, listening
from services.registry.units.table import units as registry_units
from shared.audit.examination import ATTENTION, BAD, OK, Finding, Patient, Question, graded
from shared.db.migrate import config_for

OLDEST_POSTGRES = 15
SKEW_SECONDS = (1.0, 60.0)
FREE_BYTES = (2_000_000_000, 300_000_000)
LAG_MESSAGES = (1_000, 1_000_000)
OUTBOX_SECONDS = (60.0, 3_600.0)


async def examine(patient: Patient) -> list[Finding]:
    """All findings: the general ones, then each service's own."""
    findings: list[Finding] = []
    own = [asked for row in SERVICES.values() for asked in row.questions.items()]
    for about, question in (*QUESTIONS.items(), *own):
        try:
            findings += [finding async for finding in question(patient)]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            why = " ".join(str(error).split())[:200] or type(error).__name__
            zh, en = "该项无法检查；请先解决左侧的问题", "this could not be examined: mend what is named first"
            findings.append(Finding(about, BAD, f"{type(error).__name__}: {why}", zh, en))
    return findings


async def _versions(patient: Patient) -> AsyncIterator[Finding]:
    yield Finding("versions", OK, f"gridgov {version('gridgov')}, Python {sys.version.split()[0]}")
    for services in patient.databases:
        async with patient.engines[services[0]].connect() as connection:
            said = str(await connection.scalar(sa.text("SHOW server_version")))
        old = int(said.split(".", maxsplit=1)[0].split(maxsplit=1)[0]) < OLDEST_POSTGRES
        yield Finding(
            "versions", BAD if old else OK, f"PostgreSQL {said} ({', '.join(services)})",
            f"请升级到 {OLDEST_POSTGRES} 或更高版本", f"upgrade to {OLDEST_POSTGRES} or newer",
        )  # fmt: skip


async def _clock(patient: Patient) -> AsyncIterator[Finding]:
    for services in patient.databases:
        async with patient.engines[services[0]].connect() as connection:
            await connection.scalar(sa.select(1))  # connecting is slow, and no part of the difference
            before = patient.now()
            there: datetime = await connection.scalar(sa.text("SELECT clock_timestamp()")) or before
            skew = abs((there - (before + (patient.now() - before) / 2)).total_seconds())
        yield Finding(
            "clock", graded(skew, SKEW_SECONDS), f"{skew:.3f} s from the database of {', '.join(services)}",
            "请在两台机器上启用时间同步(chrony 或 ntpd)", "switch on time synchronisation on both machines (chrony, ntpd)",
        )  # fmt: skip


async def _disk(patient: Patient) -> AsyncIterator[Finding]:
    place = next(path for path in (patient.state, *patient.state.parents) if path.exists())
    free = shutil.disk_usage(place).free
    yield Finding(
        "disk", graded(free, FREE_BYTES, low=True), f"{free / 1e9:.1f} GB free for {patient.state}",
        "请清理磁盘，或把状态目录移到更大的磁盘", "free some space, or move the state directory to a larger disk",
    )  # fmt: skip


async def _migrations(patient: Patient) -> AsyncIterator[Finding]:
    for service in SERVICES:
        head = ScriptDirectory.from_config(config_for(service, {})).get_current_head()
        at = await revision(patient.engines[service], service)
        yield Finding(
            "migrations", OK if at == head else BAD, f"{service} at {at or 'nothing'}, head {head}",
            f"运行 make up，或 gridgov {service} migrate", f"run make up, or gridgov {service} migrate",
        )  # fmt: skip


async def _bus(patient: Patient) -> AsyncIterator[Finding]:
    async with patient.log() as log:
        yield Finding("bus", OK, await log.describe())
        for service, subscriptions in listening().items():
            committed = await log.committed(subscriptions.group)
            spans = await log.spans(subscriptions.topics)
            lag = sum(span.next - max(span.first, committed.get(place, 0)) for place, span in spans.items())
            yield Finding(
                "lag", graded(lag, LAG_MESSAGES), f"{service} {lag:,} messages behind",
                f"查看 {service} 的 worker 是否在运行及其日志；持续积压时增加 worker",
                f"see whether the worker of {service} runs, and its log; add workers when it stays behind",
            )  # fmt: skip


async def _outbox(patient: Patient) -> AsyncIterator[Finding]:
    for service, row in SERVICES.items():
        outbox = row.tables.outbox
        async with patient.engines[service].connect() as connection:
            count, oldest = (await connection.execute(sa.select(sa.func.count(), sa.func.min(outbox.c.at)))).one()
        age = (patient.now() - oldest).total_seconds() if oldest is not None else 0.0
        yield Finding(
            "outbox", graded(age, OUTBOX_SECONDS), f"{service} {count:,} waiting, oldest {age:.0f} s",
            f"没有发出的事件不会丢失；查看 {service} 的 relay 日志和事件总线",
            f"nothing of it is lost; see the log of the relay of {service}, and the bus",
        )  # fmt: skip


async def _dead_letters(patient: Patient) -> AsyncIterator[Finding]:
    async with patient.log() as log:
        for service in SERVICES:
            count = len([letter async for letter in pending(log, [service])])
            yield Finding(
                "dead letters", ATTENTION if count else OK, f"{service} {count}",
                f"gridgov dlq list --service {service}：修复原因后 replay，或 discard",
                f"gridgov dlq list --service {service}: mend the cause and replay, or discard",
            )  # fmt: skip


async def _projections(patient: Patient) -> AsyncIterator[Finding]:
    known = await _units(patient.engines["registry"], registry_units)
    for service, row in SERVICES.items():
        if (projection := row.units) is None:
            continue
        kept = await _units(patient.engines[service], projection)
        wrong = sum(kept.get(code) != at for code, at in known.items()) + len(kept.keys() - known.keys())
        yield Finding(
            "units", ATTENTION if wrong else OK, f"{service} {len(kept):,} units, {wrong} other than registry's",
            f"稍等片刻再查；若不消失，查看 {service} 的积压和死信",
            f"look again shortly; if it stays, see lag and dead letters of {service}",
        )  # fmt: skip


async def _units(engine: AsyncEngine, table: sa.Table) -> dict[str, int]:
    async with engine.connect() as connection:
        rows = await connection.execute(sa.select(table.c.code, table.c.version))
        return {row.code: row.version for row in rows}


QUESTIONS: Mapping[str, Question] = {
    "versions": _versions,
    "clock": _clock,
    "disk": _disk,
    "migrations": _migrations,
    "bus": _bus,
    "outbox": _outbox,
    "dead letters": _dead_letters,
    "units": _projections,
}
