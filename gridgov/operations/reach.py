"""Where an installation is: its databases by service, its bus, its state directory; for commands beside it.

The embedded form has one database, found as `gridgov verify-trail` finds it (a private server that does not run is
started for the command), and so is the one of `gridgov cluster up`. Another cluster names one database per service,
`GRIDGOV_<SERVICE>_DATABASE_URL`, and GRIDGOV_KAFKA.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.local.bus import KafkaUnreachable
from gridgov.local.database import open_database, reach_database
from gridgov.local.database_url import asyncpg_dsn, sqlalchemy_url
from gridgov.local.errors import StartError
from gridgov.local.state import StateDirectory
from gridgov.operations import local_cluster
from services.manifest import SERVICES
from shared.audit.examination import Patient
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.log import KafkaLog
from shared.bus.kafka.security import PLAINTEXT, Security, security
from shared.bus.log import Log
from shared.bus.port import Bus, BusRefused, BusUnavailable
from shared.bus.postgres.bus import PostgresBus
from shared.bus.postgres.log import PostgresLog
from shared.db.engine import open_patient_engine
from shared.settings import Settings

_LACKING: Final = frozenset({"3F000", "42P01", "42703"})
"""What PostgreSQL says of a schema, a table or a column that is not there."""


class SchemaLacking(StartError):
    """The database has not, or not yet, what this version reads."""


@dataclass(frozen=True, slots=True)
class Installation:
    """`urls` (SQLAlchemy, asyncpg) by service; without `kafka` the log is in the database of registry.

    `security`: of the connections to Kafka; the brokers of a local cluster have none.
    """

    urls: Mapping[str, str]
    kafka: str | None = None
    security: Security = PLAINTEXT

    @property
    def databases(self) -> Mapping[str, tuple[str, ...]]:
        """The services of each database."""
        urls = dict.fromkeys(self.urls[service] for service in SERVICES)
        return {url: tuple(service for service in SERVICES if self.urls[service] == url) for url in urls}

    @property
    def log_url(self) -> str:
        return self.urls["registry"]

    @asynccontextmanager
    async def engines(self) -> AsyncIterator[Mapping[str, AsyncEngine]]:
        async with AsyncExitStack() as stack:
            engines: dict[str, AsyncEngine] = {}
            for url, services in self.databases.items():
                engine = open_patient_engine(url, service="operator")
                stack.push_async_callback(engine.dispose)
                engines |= dict.fromkeys(services, engine)
            yield engines

    @asynccontextmanager
    async def log(self) -> AsyncIterator[Log]:
        """The log, for reading. Raises KafkaUnreachable."""
        log: Log = (
            KafkaLog(self.kafka, security=self.security) if self.kafka else PostgresLog(asyncpg_dsn(self.log_url))
        )
        try:
            await _started(log, self.kafka)
            yield log
        finally:
            await log.close()

    def patient(
        self, engines: Mapping[str, AsyncEngine], state: Path, model: Path, now: Callable[[], datetime]
    ) -> Patient:
        """What the doctor examines, with `engines` as `engines()` gives them."""
        return Patient(engines, list(self.databases.values()), self.log, state, model, now)

    @asynccontextmanager
    async def bus(self) -> AsyncIterator[Bus]:
        """The bus, for sending. Raises KafkaUnreachable."""
        bus: Bus = (
            KafkaBus(self.kafka, security=self.security) if self.kafka else PostgresBus(asyncpg_dsn(self.log_url))
        )
        try:
            await _started(bus, self.kafka)
            yield bus
        finally:
            await bus.close()


async def _started(log: Log | Bus, kafka: str | None) -> None:
    try:
        await log.start()
    except BusRefused as refused:
        raise KafkaUnreachable(refused.zh, refused.en) from refused
    except BusUnavailable as away:
        raise KafkaUnreachable(
            f"事件总线没有应答(GRIDGOV_KAFKA={kafka or '-'})；请检查地址、GRIDGOV_KAFKA_SECURITY 以及它是否在运行",
            f"the event bus does not answer (GRIDGOV_KAFKA={kafka or '-'}): check the address, GRIDGOV_KAFKA_SECURITY, "
            "and whether it runs",
        ) from away


def named_urls(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The databases that the environment names for single services."""
    names = {service: f"GRIDGOV_{service.upper()}_DATABASE_URL" for service in SERVICES}
    return {service: sqlalchemy_url(environ[name]) for service, name in names.items() if environ.get(name)}


@asynccontextmanager
async def reach_installation(settings: Settings) -> AsyncIterator[Installation]:
    """The installation that the environment means, for as long as the block runs. Raises StartError, also where what the
    block reads is not there: a first start that was broken off, a version before this one."""
    with _told_what_is_lacking():
        async with _installation(settings) as found:
            yield found


@contextmanager
def _told_what_is_lacking() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) not in _LACKING:
            raise
        raise SchemaLacking(
            "数据库里缺少本版本所需的表；请先运行 make up，集群则运行 gridgov registry migrate 等",
            "the database lacks tables that this version needs: run make up first, or gridgov registry migrate "
            "and its like in a cluster",
        ) from error


@asynccontextmanager
async def _installation(settings: Settings) -> AsyncIterator[Installation]:
    named = named_urls()
    if len(named) == len(SERVICES):
        yield Installation(named, settings.kafka, security(settings))
    elif (brokers := local_cluster.running()) is not None:
        yield Installation(local_cluster.urls(StateDirectory.peek()), brokers)
    elif local_cluster.was_here(StateDirectory.peek()):
        async with own_installation(settings) as own:
            yield own
    else:
        async with reach_database(settings) as url:
            yield Installation(
                {service: named.get(service, url) for service in SERVICES}, settings.kafka, security(settings)
            )


@asynccontextmanager
async def own_installation(settings: Settings) -> AsyncIterator[Installation]:
    """The same for a command that must be alone, on a machine that may have none yet. Raises AlreadyRunning."""
    named = named_urls()
    if len(named) == len(SERVICES):
        yield Installation(named, settings.kafka, security(settings))
        return
    with StateDirectory.open() as state:
        if local_cluster.was_here(state):
            async with local_cluster.started(state) as brokers:
                yield Installation(local_cluster.urls(state), brokers)
            return
        async with open_database(state, settings) as url:
            yield Installation(
                {service: named.get(service, url) for service in SERVICES}, settings.kafka, security(settings)
            )
