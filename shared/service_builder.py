"""What every service has in common, wired once: database, relay, consumer, housekeeping, readiness, API."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter

from shared.auth.ended_sessions import SessionVerifier
from shared.bus.consumer import EventConsumer
from shared.bus.subscriptions import Subscriptions
from shared.db.housekeeping import Housekeeping
from shared.db.outbox.relay import Relay
from shared.db.tables import ServiceTables
from shared.db.unit_of_work import Database, UnitOfWork, transaction
from shared.files.api import Files
from shared.files.attach import Owner
from shared.files.store import open_store
from shared.files.tidy import FilesHousekeeping
from shared.files.uploads import Uploads
from shared.http.app import create_api
from shared.http.health import Check
from shared.live import api as changes
from shared.live.hub import Hub
from shared.live.tail import Tail
from shared.service import Loop, Resources, Service
from shared.telemetry.metrics import ConsumerMetrics, Metrics
from shared.units.scope import Scope


async def _nothing() -> None:
    """A service with no data of its own to start from."""


@dataclass(frozen=True, slots=True)
class ServiceBuilder:
    resources: Resources
    tables: ServiceTables
    database: Database
    relay: Relay

    def consumer(self, subscriptions: Subscriptions, uow: Callable[[], Any]) -> EventConsumer:
        """This process's member of the service's group."""
        resources = self.resources
        return EventConsumer(
            resources.bus,
            subscriptions,
            uow,
            member=f"{self.tables.service}-{resources.settings.member}",
            metrics=ConsumerMetrics(resources.metrics, subscriptions.group),
            crowded=resources.crowded,
        )

    def files(
        self, table: sa.Table, owners: Mapping[str, Owner], units: sa.Table, *, served: bool = False
    ) -> tuple[Files, Mapping[str, Loop]]:
        """What a service that takes photos needs: for its endpoints, and the loop that keeps them tidy. `served`: whether
        departments see photos of the areas they serve (`Scope`)."""
        settings, name = self.resources.settings, self.tables.service
        store = open_store(settings.files, name)

        def uow() -> UnitOfWork:
            return UnitOfWork(self.database)

        files = Files(
            uow,
            table,
            store,
            Uploads(uow, table, store, most_bytes=settings.file_bytes),
            lambda caller: Scope(units, caller, served=served),
            owners,
        )
        return files, {f"{name}.files": FilesHousekeeping(uow, table, store).run}

    def live(
        self,
        units: sa.Table,
        owned: Mapping[str, sa.Table] = MappingProxyType({}),
        served: Collection[str] = (),
    ) -> Hub:
        """What tells watchers of changes; `owned`: the table of each kind of thing that somebody owns, or that is of one
        premises; `served`: the kinds that departments see in the areas they serve."""
        tail = Tail(self.database.engine, self.tables, units, owned, served)
        return Hub(tail, self.resources.metrics, self.tables.service)

    def service(
        self,
        *,
        title: str,
        routers: Sequence[APIRouter],
        state: Mapping[str, Any],
        live: Hub,
        consumer: EventConsumer | None = None,
        loops: Mapping[str, Loop] | None = None,
        checks: Mapping[str, Check] | None = None,
        seed: Callable[[], Awaitable[None]] = _nothing,
    ) -> Service:
        """The service with its own routers, reactions and loops on what all have in common.

        `seed` puts in what the service cannot start without; it runs after each migration and must change nothing the
        second time.
        """
        resources, name = self.resources, self.tables.service
        own: dict[str, Loop] = {
            f"{name}.relay": self.relay.run,
            f"{name}.housekeeping": Housekeeping(self.database, resources.metrics).run,
            **(loops or {}),
        }
        ready: dict[str, Check] = {"database": self._database_answers, "bus": resources.bus.ping, **(checks or {})}
        if consumer is not None:
            own[f"{name}.consumer"] = consumer.run
            ready["events"] = consumer.ready
        api = create_api(
            title,
            [*routers, changes.routes],
            service=name,
            verifier=SessionVerifier(resources.verifier, resources.engine, self.tables.ended_sessions, resources.clock),
            metrics=resources.metrics,
            clock=resources.clock,
            checks=ready,
            state={**state, "live": live},
        )
        return Service(self.tables, api, self.database, self.relay, consumer, own, ready, seed)

    async def _database_answers(self) -> None:
        async with asyncio.timeout(2), transaction(self.database.engine) as connection:
            await connection.execute(sa.select(1))


def service_builder(resources: Resources, tables: ServiceTables) -> ServiceBuilder:
    relay = Relay(
        resources.engine,
        tables,
        resources.bus,
        resources.clock,
        idle_poll=resources.relay_poll,
        metrics=resources.metrics,
    )
    database = Database(
        resources.engine, tables, resources.clock, relay.wake, _observer(resources.metrics, tables.service)
    )
    return ServiceBuilder(resources, tables, database, relay)


def _observer(metrics: Metrics, service: str) -> Callable[[str, float], None]:
    seconds = metrics.uow_seconds.labels(service)
    outcomes = {outcome: metrics.uow_commits.labels(service, outcome) for outcome in ("committed", "rolled_back")}

    def observe(outcome: str, took: float) -> None:
        seconds.observe(took)
        outcomes[outcome].inc()

    return observe
