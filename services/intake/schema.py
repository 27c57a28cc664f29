"""Intake's tables, all in the schema `intake`; each slice adds its own (`table.py`)."""

from shared.db.tables import service_tables
from shared.files.table import files_table
from shared.units.table import unit_tables

tables = service_tables("intake")
metadata = tables.metadata
units = unit_tables(metadata, boundaries=True)
files = files_table(metadata)
