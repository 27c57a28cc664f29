"""The embedded form: all four services, their workers and the pages on one port, in one process.

The composition root: everything is opened here, in order, and closed in reverse by one AsyncExitStack.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gridgov.local.bus import open_bus
from gridgov.local.database import open_database
from gridgov.local.environment import with_places
from gridgov.local.state import StateDirectory
from gridgov.local.troubles import Say
from gridgov.pages.built import BuiltPages
from gridgov.pages.site import front, pages_site
from services.manifest import SERVICES
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.consumer import Halted
from shared.clock import Clock, SystemClock
from shared.db.engine import open_engine
from shared.db.migrate import migrate
from shared.db.transient import is_transient
from shared.db.unit_of_work import transaction
from shared.events.topics import TOPICS
from shared.http import problems
from shared.http.health import livez, readyz
from shared.http.server.concurrency_limit import ConcurrencyLimit
from shared.http.server.edge import EdgeMiddleware
from shared.service import Resources, Service, run_loops
from shared.settings import Settings
from shared.telemetry.logs import logger
from shared.telemetry.metrics import Metrics, metrics_endpoint

DEMO_UNFINISHED = "platform.demo_unfinished"
POOL = 6
"""Connections per service: few, because all share two cores and one small server."""
OWN_COMMITS_POLL = 0.5
"""Every commit is made in this process and wakes the relay at once, so the poll is only for what an earlier one left."""


@dataclass(frozen=True, slots=True)
class Platform:
    """The running platform: `site` answers all of HTTP, `limiters` are its services' by the first segment of the path."""

    services: Sequence[Service]
    site: ASGIApp
    limiters: Mapping[str, ConcurrencyLimit]


@asynccontextmanager
async def platform(
    state: StateDirectory, settings: Settings, stop: asyncio.Event, *, say: Say, clock: Clock | None = None
) -> AsyncIterator[Platform]:
    """Open everything and run the workers until the block ends; ready when it begins. Raises StartError."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        if settings.database_url:
            say("连接 DATABASE_URL 指定的数据库", "connecting to the database that DATABASE_URL names")
        else:
            say("启动数据库", "starting the database")
        url = await stack.enter_async_context(open_database(state, settings, say))
        say("连接事件总线", "opening the event bus")
        bus = await open_bus(settings, url, say)
        stack.push_async_callback(bus.close)
        await bus.ensure_topics(TOPICS)

        settings = with_places(settings)
        if settings.model is not None and not settings.model.exists():
            say("训练类别模型(仅首次)", "training the category model (the first time only)")
        issuer = LocalIssuer(state.secrets, clock)
        limiters: dict[str, ConcurrencyLimit] = {}
        verifier, metrics = LocalVerifier(state.secrets, clock), Metrics(CollectorRegistry())

        def resources(service: str) -> Resources:
            engine = open_engine(url, service=service, pool=POOL)
            stack.push_async_callback(engine.dispose)
            return Resources(
                settings, clock, engine, bus, verifier, metrics, state.secrets / "fields", issuer, relay_poll=OWN_COMMITS_POLL,
                crowded=lambda: any(limiter.crowded() for limiter in limiters.values()),
            )  # fmt: skip

        services = [await row.build(resources(row.name)) for row in SERVICES.values()]
        say("检查并升级数据结构", "migrating")
        for service in services:
            await migrate(service.database.engine, service.tables)
        if settings.demo:
            say("准备样例城市(首次含示例数据)", "preparing the sample city (the first time with its demo data)")
        for service in services:
            await service.seed()

        workers = await stack.enter_async_context(_workers(services, stop))
        say("载入样例城市", "reading the sample city")
        await _until_ready(services, workers)
        limiters.update({service.name: service.api.state.limiter for service in services})
        site = _site(services, metrics)
        if settings.demo and settings.city is None:
            await stack.enter_async_context(_demo_goes_on(site, issuer))
        yield Platform(services, site, limiters)


@asynccontextmanager
async def _workers(services: Sequence[Service], stop: asyncio.Event) -> AsyncIterator[asyncio.Task[None]]:
    """All loops of all services, stopped and waited for when the block ends. Registry's come first, and the others
    follow when it has published all it has: so nothing is triaged against a tree that is not there yet."""

    async def run() -> None:
        first, *others = services
        async with asyncio.TaskGroup() as group:
            group.create_task(run_loops(first.loops, stop))
            await _published(first, stop)
            for service in others:
                group.create_task(run_loops(service.loops, stop))

    task = asyncio.create_task(run(), name="workers")
    # A worker that fails ends the platform: the server sees `stop` and closes, and the error is raised below.
    task.add_done_callback(lambda _: stop.set())
    try:
        yield task
    finally:
        stop.set()
        await task


@asynccontextmanager
async def _demo_goes_on(site: ASGIApp, issuer: LocalIssuer) -> AsyncIterator[None]:
    """Beside the block: what fails of a demo is no reason for anything, and the next start tries again."""

    async def run() -> None:
        from gridgov.embedded.demo_orders import DemoOrders  # noqa: PLC0415 - nobody waits for it

        try:
            await DemoOrders(site, issuer).see_to()
        except Exception as error:  # noqa: BLE001 - the last catch
            logger("up").warning(DEMO_UNFINISHED, exc_info=error)

    task = asyncio.create_task(run(), name="demo")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _published(service: Service, stop: asyncio.Event) -> None:
    """Return when the service's outbox is empty, or when it will not become so because we are stopping."""
    waiting = sa.select(sa.exists().select_from(service.tables.outbox))
    while not stop.is_set():
        try:
            async with transaction(service.database.engine) as connection:
                if not await connection.scalar(waiting):
                    return
        except Exception as error:
            if not is_transient(error):
                raise
        await asyncio.sleep(0.05)


async def _until_ready(services: Sequence[Service], workers: asyncio.Task[None]) -> None:
    checks = [check for service in services for check in service.checks.values()]
    while not workers.done():
        try:
            for check in checks:
                with suppress(Halted):  # a person must look; until then all else goes on
                    await check()
        except Exception:  # noqa: BLE001 - not ready yet, whatever it is; a worker's failure ends the loop
            await asyncio.sleep(0.05)
        else:
            return
    await workers


def _site(services: Sequence[Service], metrics: Metrics) -> ASGIApp:
    checks = {f"{service.name}.{name}": check for service in services for name, check in service.checks.items()}
    pages = BuiltPages()
    own = Starlette(
        routes=[
            Route("/", lambda _: front(pages)),
            Route("/app", lambda _: RedirectResponse("/app/", status_code=308)),
            Route("/livez", livez),
            Route("/readyz", readyz(checks)),
            Route("/metrics", metrics_endpoint(metrics.registry)),
        ],
        exception_handlers={HTTPException: problems.handle},
    )
    limiter = ConcurrencyLimit(metrics, "site")
    outside = EdgeMiddleware(own, service="site", metrics=metrics, route_of=lambda _: None, limiter=limiter)
    return by_first_segment({**{service.name: service.api for service in services}, "app": pages_site(pages)}, outside)


def by_first_segment(mounted: Mapping[str, ASGIApp], otherwise: ASGIApp) -> ASGIApp:
    """`/<name>/…` goes to the app of that name. A Starlette `Mount` does the same behind two layers of its own that
    cost a tenth of a small request; the services bring theirs."""

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        name = path[1:].partition("/")[0]
        app = mounted.get(name)
        if app is None or len(path) <= len(name) + 1:
            await otherwise(scope, receive, send)
            return
        prefix = scope.get("root_path", "") + "/" + name
        await app({**scope, "root_path": prefix}, receive, send)

    return site
