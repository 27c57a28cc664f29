"""The address of a database as people write it, and as SQLAlchemy and asyncpg want it."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gridgov.local.errors import StartError


class DatabaseUrlRefused(StartError):
    """It is no address of a PostgreSQL."""


def sqlalchemy_url(url: str) -> str:
    """The url for SQLAlchemy, from any usual spelling. Raises DatabaseUrlRefused for another kind of database."""
    try:
        parsed = make_url(url)
        if parsed.drivername not in ("postgresql", "postgres", "postgresql+asyncpg"):
            raise ArgumentError(parsed.drivername)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUrlRefused(
            "DATABASE_URL 不是 PostgreSQL 地址；请写成 postgresql://用户:密码@主机:5432/库名，或去掉它以使用自带的数据库",
            "DATABASE_URL is no PostgreSQL address: write postgresql://user:password@host:5432/name, or leave it out "
            "to use a database of our own",
        ) from error
    parsed = parsed.set(drivername="postgresql+asyncpg")
    if "sslmode" in parsed.query:
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": parsed.query["sslmode"]})
    return parsed.render_as_string(hide_password=False)


def asyncpg_dsn(url: str) -> str:
    """The url for asyncpg itself, which spells one parameter otherwise."""
    parsed = make_url(url).set(drivername="postgresql")
    if "ssl" in parsed.query:
        parsed = parsed.difference_update_query(["ssl"]).update_query_dict({"sslmode": parsed.query["ssl"]})
    return parsed.render_as_string(hide_password=False)
