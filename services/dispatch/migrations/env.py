"""Alembic's entry: run by `shared.db.migrate` with the connection it opened."""

from services.dispatch.schema import tables
from shared.db.migrate import run_environment

run_environment(tables)
