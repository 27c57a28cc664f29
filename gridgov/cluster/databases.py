"""A role and a database per service on one PostgreSQL: no service's role can read, or even enter, another's."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import asyncpg

from gridgov.local.postgres import dsn_of
from gridgov.local.postgres_place import sockets_of
from gridgov.local.state import StateDirectory
from services.manifest import SERVICES

_SQL: Final = Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "service.sql"
_COMMENT: Final = re.compile(r"^--.*$", re.MULTILINE)


def name_of(service: str) -> str:
    """The name of a service's database, and of the role that owns it."""
    return f"gridgov_{service}"


def database_url(state: StateDirectory, service: str, port: int | None = None) -> str:
    """Where a service of the local cluster finds its database, as its own role; also for commands beside it.

    With `port` it goes through what stands there before the server, which itself listens on its socket alone.
    """
    password = quote(state.secret(f"postgres-{service}"), safe="")
    sockets = quote(str(sockets_of(state)), safe="")
    name = name_of(service)
    if port:
        return f"postgresql://{name}:{password}@127.0.0.1:{port}/{name}?sslmode=disable"
    return f"postgresql://{name}:{password}@/{name}?host={sockets}&port=5432"


async def create_databases(admin_dsn: str, passwords: Mapping[str, str]) -> None:
    """Create what is missing for the services in `passwords`, which become the roles' passwords."""
    connection = await asyncpg.connect(admin_dsn)
    try:
        for service, password in passwords.items():
            for statement in statements(service, password):
                for row in await connection.fetch(statement):
                    await connection.execute(row[0])
    finally:
        await connection.close()


async def create_local(state: StateDirectory, connections: int) -> bool:
    """The same on the private server of `state`. Whether the server must be started anew to take `connections`."""
    dsn = dsn_of(state)
    await create_databases(dsn, {service: state.secret(f"postgres-{service}") for service in SERVICES})
    connection = await asyncpg.connect(dsn)
    try:
        if int(await connection.fetchval("SHOW max_connections")) >= connections:
            return False
        await connection.execute(f"ALTER SYSTEM SET max_connections = {connections}")
        return True
    finally:
        await connection.close()


def statements(service: str, password: str) -> list[str]:
    """What psql would run of `deploy/postgres/service.sql`; each yields the statements to be run."""
    text = _COMMENT.sub("", _SQL.read_text("utf-8"))
    for name, value in (("service", service), ("password", password)):
        text = text.replace(f":'{name}'", _literal(value))
    return [part.strip() for part in text.split("\\gexec") if part.strip()]


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
