"""The connection pool of one service: bounded, with time limits on every wait."""

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from shared.db.fair_pool import FairPool

STATEMENT_TIMEOUT_MS = 10_000
"""A statement that takes longer is given up by the server; a hanging lock must not hang a caller."""


def open_engine(url: str, *, service: str, pool: int = 8, pool_wait: float = 3.0) -> AsyncEngine:
    """An engine for `service` on `url` (`postgresql+asyncpg://…`).

    `pool` bounds the connections; who waits longer than `pool_wait` seconds for one gets an error that reads as 503.
    """
    return create_async_engine(
        url,
        poolclass=FairPool,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=pool_wait,
        pool_pre_ping=False,
        pool_recycle=1800,
        # Errors are logged; what residents wrote must not be.
        hide_parameters=True,
        connect_args={
            "timeout": 5,
            "command_timeout": 15,
            "server_settings": {
                "application_name": f"gridgov-{service}",
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "lock_timeout": "5000",
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
                # Scopes look dear to the planner and are not: compiling them takes longer than they run.
                "jit": "off",
            },
        },
    )


def open_patient_engine(url: str | URL, *, service: str) -> AsyncEngine:
    """An engine for work that may take as long as it takes (migrations, verification): no limits, no pool, so that
    neither a lock nor a setting outlives the connection that had it."""
    limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    settings = {"application_name": f"gridgov-{service}", "timezone": "UTC", **dict.fromkeys(limits, "0")}
    return create_async_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": 5, "server_settings": settings}
    )
