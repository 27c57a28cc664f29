"""Dispatch's tables, all in the schema `dispatch`; each slice adds its own (`table.py`)."""

from shared.db.tables import service_tables
from shared.units.table import unit_tables

tables = service_tables("dispatch")
metadata = tables.metadata
units = unit_tables(metadata)
