"""A local cluster (`gridgov cluster up`) for commands: beside a running one, or with its database and brokers started
for as long as a command needs them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from gridgov.cluster.databases import database_url
from gridgov.cluster.parts import Overview
from gridgov.local.database_url import sqlalchemy_url
from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.postgres import PrivatePostgres
from gridgov.local.state import StateDirectory, state_path
from services.manifest import SERVICES

SECRETS = tuple(f"postgres-{service}" for service in SERVICES)
"""The passwords of the services' roles on the private server."""


def running() -> str | None:
    """The brokers of the cluster that runs on the state directory; None when none does."""
    overview = Overview.read(state_path())
    return overview.kafka if overview is not None and overview.running() else None


def was_here(state: StateDirectory) -> bool:
    """Whether the state directory is a cluster's."""
    return (state.path / "kafka").is_dir() and all((state.secrets / name).exists() for name in SECRETS)


def urls(state: StateDirectory) -> Mapping[str, str]:
    return {service: sqlalchemy_url(database_url(state, service)) for service in SERVICES}


@asynccontextmanager
async def started(state: StateDirectory) -> AsyncIterator[str]:
    """Start database and brokers; yields where the brokers answer. Raises StartError."""
    folder = state.path / "kafka"
    kafka = LocalKafka(folder, len(LocalKafka(folder).brokers()) or 1)
    async with PrivatePostgres(state):
        starting = asyncio.ensure_future(asyncio.to_thread(kafka.start))
        try:
            yield await asyncio.shield(starting)
        finally:
            # Once begun it runs to its end in its thread: whoever cancels us must not leave brokers behind.
            await asyncio.wait([starting])
            await asyncio.to_thread(kafka.stop)
