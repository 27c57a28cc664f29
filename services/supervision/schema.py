"""What supervision's tables are declared on: the schema `supervision`. Each slice has its own in its table.py."""

from shared.db.tables import service_tables
from shared.units.table import unit_tables

tables = service_tables("supervision")
metadata = tables.metadata
units = unit_tables(metadata)
