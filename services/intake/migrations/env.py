"""Alembic's entry: run by `shared.db.migrate` with the connection it opened."""

import services.intake.app  # noqa: F401 - its slices' tables
from services.intake.schema import tables
from shared.db.migrate import run_environment

run_environment(tables)
