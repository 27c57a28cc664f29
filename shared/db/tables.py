"""The tables that every service has in its own schema beside its nouns."""

from dataclasses import dataclass

import sqlalchemy as sa

from shared.auth.ended_table import ended_sessions_table
from shared.db.outbox.tables import outbox_table, processed_events_table, told_table
from shared.events.limits import ToldUntil
from shared.trail.tables import trail_table


@dataclass(frozen=True, slots=True)
class ServiceTables:
    """One service's metadata; all its tables live in the schema named like the service."""

    service: str
    metadata: sa.MetaData
    outbox: sa.Table
    processed_events: sa.Table
    trail: sa.Table
    ended_sessions: sa.Table
    told: sa.Table
    tells: tuple[type[ToldUntil], ...] = ()
    """Of a service that owns limits: the events in which its relay says how far everything was told."""


def service_tables(service: str, *, tells: tuple[type[ToldUntil], ...] = ()) -> ServiceTables:
    metadata = sa.MetaData(
        schema=service,
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        },
    )
    return ServiceTables(
        service,
        metadata,
        outbox_table(metadata),
        processed_events_table(metadata),
        trail_table(metadata),
        ended_sessions_table(metadata),
        told_table(metadata),
        tells,
    )
