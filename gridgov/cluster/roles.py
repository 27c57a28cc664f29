"""The three roles of a service: `api` answers HTTP, `worker` moves its events, `migrate` prepares and ends.

Any number of each may run. An api needs its database only; a worker needs the bus too, and is ready when it has once
read everything that was published before.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp

from gridgov.cluster.api_bus import ApiBus
from gridgov.cluster.parts import API_POOL, WORKER_POOL
from gridgov.cluster.process import Process, run_process
from gridgov.cluster.schema import check_migrated, check_units, prepare
from gridgov.cluster.site import api_site, own_site
from gridgov.cluster.waiting import SHORT_PAUSE, NotYet, say
from gridgov.local.database_url import sqlalchemy_url
from gridgov.local.environment import keys_of, read_settings, with_places
from gridgov.local.errors import StartError
from gridgov.local.ports import http_port
from services.manifest import SERVICES
from shared.auth.keys import holds_keys, signing, verifying
from shared.auth.tokens import LocalVerifier, TokenSigner
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.security import security
from shared.bus.port import Bus
from shared.clock import SystemClock
from shared.db.engine import open_engine
from shared.db.unit_of_work import transaction
from shared.http.health import Check
from shared.service import Resources, Service, run_loops

_GIVE_WAY = 10
"""Nice. Where a worker shares a machine with apis and both want all of it, it gets a tenth of what they do: somebody waits
for a request's answer, and an event is as safe later."""
_AUTOGROUP = Path("/proc/self/autogroup")


class Role(StrEnum):
    API = "api"
    WORKER = "worker"
    MIGRATE = "migrate"


class SettingMissing(StartError):
    """A variable that this role cannot do without is not set."""


def run_role(service: str, role: Role, port: int | None = None) -> None:
    """Run one service in one role until a signal (`migrate`: until it is done). Raises StartError."""
    settings = with_places(read_settings())
    if "member" not in settings.model_fields_set:
        settings = settings.model_copy(update={"member": f"{socket.gethostname()}-{os.getpid()}"})
    _needs("DATABASE_URL", settings.database_url, service)
    if role is not Role.API:
        _needs("GRIDGOV_KAFKA", settings.kafka, service)
    work = {Role.API: _api, Role.WORKER: _worker, Role.MIGRATE: _migrate}[role]
    run_process(service, role, settings, None if role is Role.MIGRATE else port or http_port(), work)


@asynccontextmanager
async def _api(process: Process) -> AsyncIterator[ASGIApp]:
    async with AsyncExitStack() as stack:
        service, engine = process.service, _engine(process, stack, API_POOL)
        directory = keys_of(process.settings)
        # Registry's signs too, for those who sign in.
        needed = [verifying(directory), *([signing(directory)] if service == "registry" else [])]
        keys = partial(_check_keys, needed)
        row = SERVICES[service]
        built = await row.build(_resources(process, engine, ApiBus()), reacts=False)
        units = row.units

        async def complete() -> None:
            await check_migrated(engine, service)
            await check_units(engine, units)

        await _database_answers(process, engine)
        await process.waiting.patiently(complete, "数据结构和单位数据", "the schema and the units", longest=SHORT_PAUSE)
        await process.waiting.patiently(keys, "令牌密钥", "the keys of tokens")
        checks: dict[str, Check] = {"database": built.checks["database"], "keys": keys}
        if units is not None:
            checks["units"] = lambda: check_units(engine, units)
        await stack.enter_async_context(_watched(process, checks))
        own = own_site(process.metrics, checks)
        process.limiters[service] = built.api.state.limiter
        yield api_site(service, built.api, own)


async def _check_keys(directories: Sequence[Path]) -> None:
    """Return when each holds a key. Raises NotYet while one holds none: every token would be refused, and nobody would
    know why."""
    for directory in directories:
        if not holds_keys(directory):
            raise NotYet(
                f"{directory} 里没有密钥；请运行 gridgov cluster keys，或设置 GRIDGOV_KEYS",
                f"there is none in {directory}: run gridgov cluster keys, or set GRIDGOV_KEYS",
            )


async def _give_way() -> None:
    """Let the apis of this machine go first.

    Where Linux groups sessions (sched_autogroup, on by default), it shares a CPU among them first, and `nice` counts only
    within one. Each part of a cluster is a session, so the session has to give way too; one that is not ours alone
    (somebody's terminal) stays as it is.
    """
    os.nice(_GIVE_WAY)
    if os.getsid(0) != os.getpid():
        return
    for _ in range(20):
        try:
            _AUTOGROUP.write_text(str(_GIVE_WAY))  # noqa: ASYNC240 - no disk
        except BlockingIOError:  # the kernel takes one such order in 100 ms from all of a machine who are not root
            await asyncio.sleep(0.1)
        except OSError:  # no such kernel, or not ours to say: a container's CPU group has no autogroup, and needs none
            return
        else:
            return


@asynccontextmanager
async def _worker(process: Process) -> AsyncIterator[ASGIApp]:
    await _give_way()
    async with AsyncExitStack() as stack:
        engine = _engine(process, stack, WORKER_POOL)
        bus = await _kafka(process, stack)
        built = await SERVICES[process.service].build(_resources(process, engine, bus))
        await _prepare(process, built, engine, bus)
        working = asyncio.create_task(run_loops(built.loops, process.stop), name="loops")
        working.add_done_callback(lambda _: process.stop.set())
        try:
            await _caught_up(process, built, working)
            await stack.enter_async_context(_watched(process, built.checks))
            yield own_site(process.metrics, built.checks)
        finally:
            process.stop.set()
            await working


@asynccontextmanager
async def _migrate(process: Process) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        engine = _engine(process, stack, WORKER_POOL)
        bus = await _kafka(process, stack)
        built = await SERVICES[process.service].build(_resources(process, engine, bus), reacts=False)
        await _prepare(process, built, engine, bus)
        say(f"{process.service} 的数据结构、主题和初始数据已就绪", "schema, topics and first data are in place")
        yield None


@asynccontextmanager
async def _watched(process: Process, checks: Mapping[str, Check]) -> AsyncIterator[None]:
    """Readiness as a metric for as long as the block runs."""
    watching = asyncio.create_task(process.ready.watch(checks, process.stop), name="ready")
    try:
        yield
    finally:
        process.stop.set()
        await watching


def _engine(process: Process, stack: AsyncExitStack, pool: int) -> AsyncEngine:
    url = sqlalchemy_url(process.settings.database_url or "")
    engine = open_engine(url, service=f"{process.service}-{process.role}", pool=process.settings.pool or pool)
    stack.push_async_callback(engine.dispose)
    return engine


async def _kafka(process: Process, stack: AsyncExitStack) -> Bus:
    settings = process.settings
    bus = KafkaBus(settings.kafka or "", "gridgov", security=security(settings), session=settings.kafka_session)
    stack.push_async_callback(bus.close)
    await process.waiting.patiently(bus.start, f" Kafka({settings.kafka})", f"Kafka at {settings.kafka}")
    return bus


def _resources(process: Process, engine: AsyncEngine, bus: Bus) -> Resources:
    keys, clock = keys_of(process.settings), SystemClock()
    verifier = LocalVerifier(keys, clock)
    return Resources(
        process.settings, clock, engine, bus, verifier, process.metrics, keys / "fields", TokenSigner(keys, clock),
        behind_proxy=True,
    )  # fmt: skip


async def _database_answers(process: Process, engine: AsyncEngine) -> None:
    async def answers() -> None:
        async with transaction(engine) as connection:
            await connection.execute(sa.select(1))

    url = make_url(engine.url)
    where = f"{url.host or 'socket'}/{url.database}"
    await process.waiting.patiently(answers, f"数据库({where})", f"the database {where}")


async def _prepare(process: Process, built: Service, engine: AsyncEngine, bus: Bus) -> None:
    await _database_answers(process, engine)
    await process.waiting.patiently(
        lambda: prepare(engine, built.tables, bus, built.seed), "数据结构升级", "the migration of the schema"
    )


async def _caught_up(process: Process, built: Service, working: "asyncio.Task[None]") -> None:
    """Until the consumer has read what was there; a service that listens to nothing first publishes what it has."""
    outbox = built.tables.outbox

    async def done() -> None:
        if working.done():  # its error is raised below; here it might look like one that waiting helps
            return
        if built.consumer is not None and not (built.consumer.caught_up or built.consumer.halted):
            raise NotYet("正在读取已发布的事件", "still reading what was published before")
        if built.consumer is None:
            async with transaction(built.database.engine) as connection:
                if await connection.scalar(sa.select(sa.exists().select_from(outbox))):
                    raise NotYet("正在发布已有的事件", "still publishing what was committed before")

    await process.waiting.patiently(done, "事件", "the events published before", longest=SHORT_PAUSE)
    if working.done():
        await working


def _needs(name: str, value: object, service: str) -> None:
    if not value:
        raise SettingMissing(
            f"缺少环境变量 {name}；{service} 单独运行时必须设置，参见 deploy/example.env",
            f"the environment variable {name} is missing: {service} needs it to run by itself, see deploy/example.env",
        )
